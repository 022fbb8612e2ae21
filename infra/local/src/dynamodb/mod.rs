//! DynamoDB: dynoxide, embedded, with the table definitions of the plan, behind an endpoint that speaks as AWS does.
//!
//! What the engine does differently is put right here, and nowhere else: `arns` (names), `endpoint` (who calls what), `consumption`
//! (for what),
//! `streams` (records), `upkeep` (expiry, and streams that would slow down with their history), `tables` (a file of
//! an earlier run).

mod arns;
mod consumption;
mod elsewhere;
mod endpoint;
mod leading_keys;
mod operation;
mod streams;
mod tables;
mod upkeep;

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread::JoinHandle;

use dynoxide::{Database, DynoxideError};
use tokio::sync::{oneshot, watch};

pub use arns::{stream_arn, table_arn};
pub use elsewhere::{Elsewhere, ElsewhereError};
pub use streams::{Page, Position, StreamError, Streams};

use crate::console::Console;
use crate::data_directory;
use crate::loopback;
use crate::options::Data;
use crate::oversight::Oversight;
use crate::template::Table;

/// A running DynamoDB. Stops when dropped; a file of its own keeps what was written.
#[derive(Debug)]
pub struct DynamoDb {
    address: SocketAddr,
    streams: Streams,
    /// Dropping it ends the thread that serves.
    serving: Option<oneshot::Sender<()>>,
    /// Dropping it ends the thread of the upkeep.
    upkeep: Option<mpsc::Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

/// Why there is no DynamoDB.
#[derive(Debug, thiserror::Error)]
pub enum DynamoDbError {
    /// The data directory cannot be made.
    #[error("cannot use {} for data: {source}; choose another directory with --data, or use --memory", path.display())]
    Directory {
        /// The data directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file of the tables cannot be opened.
    #[error(
        "cannot open the tables in {file}: {reason}; move it away to begin anew, or choose another directory with --data"
    )]
    Open {
        /// The file.
        file: String,
        /// What the engine says.
        reason: String,
    },
    /// The engine refuses a table as the template declares it.
    #[error("table {table}: {source}; correct it in the template")]
    Table {
        /// Its name.
        table: String,
        /// What the engine says.
        source: DynoxideError,
    },
    /// A table stands in the file, but not as the template declares it.
    #[error(
        "table {table}: its {what} in the data directory differ from the template's, and cannot be changed in place; \
         give the table another name, or start with an empty data directory (--data)"
    )]
    Differs {
        /// Its name.
        table: String,
        /// What differs, in DynamoDB's words.
        what: String,
    },
    /// This port cannot be listened on.
    #[error("can't listen on port {port}: {source}; choose another with --dynamodb")]
    Port {
        /// The port.
        port: u16,
        /// What the system says.
        source: io::Error,
    },
    /// No thread or port was to be had.
    #[error(
        "cannot serve DynamoDB on a loopback port: {0}; end programs that hold many ports or threads, and try again"
    )]
    Serve(#[from] io::Error),
}

impl DynamoDb {
    /// Opens the data, brings up `tables`, and serves them on a free loopback port, to whoever comes.
    pub fn start(
        tables: &[Table],
        data: &Data,
        oversight: impl Into<Oversight>,
        console: &Console,
    ) -> Result<Self, DynamoDbError> {
        Self::start_on(0, tables, data, oversight, console)
    }

    /// The same on this port, a free one for 0.
    pub fn start_on(
        port: u16,
        tables: &[Table],
        data: &Data,
        oversight: impl Into<Oversight>,
        console: &Console,
    ) -> Result<Self, DynamoDbError> {
        let oversight = oversight.into();
        let file = file(data)?;
        let open_error = |reason: String| DynamoDbError::Open { file: file.clone(), reason };
        let database = Database::new(&file).map_err(|error| open_error(error.to_string()))?;
        let file = upkeep::Records::open(&file).map_err(|error| open_error(error.to_string()))?;
        for table in tables {
            tables::bring_up(&database, &file, table)?;
        }

        let (written, writes) = watch::channel(0);
        let streams = Streams::new(database.clone(), tables, writes);
        let by_name: BTreeMap<String, Table> =
            tables.iter().map(|table| (table.name.clone(), table.clone())).collect();

        // The engine works synchronously in its handlers: it gets a thread and a runtime of its own.
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let listeners = {
            let _entered = runtime.enter();
            let front = loopback::on(port).map_err(|source| DynamoDbError::Port { port, source });
            // The engine answers whoever asks, pages of every site included.
            front.and_then(|front| Ok((loopback::hidden()?, front)))
        };
        let (engine, front) = match listeners {
            Ok(listeners) => listeners,
            Err(error) => {
                // Whoever starts a cloud may not wait for a runtime's end.
                runtime.shutdown_background();
                return Err(error);
            }
        };
        let address = front.local_addr()?;
        let engine_address = engine.local_addr()?;
        let (serving, stopped) = oneshot::channel();
        let faults = oversight.faults.clone();
        let endpoint = endpoint::Endpoint::new(engine_address, by_name, oversight, written.clone());
        let served = database.clone();
        let serve = move || {
            runtime.block_on(async {
                tokio::select! {
                    () = dynoxide::server::serve_on(engine, served) => {}
                    () = endpoint.serve(front) => {}
                    // An error means that the sender was dropped, which is how this ends.
                    _ = stopped => {}
                }
            });
        };
        let (upkeep, until) = mpsc::channel();
        let console = console.clone();
        let threads = vec![
            std::thread::Builder::new().name("dynamodb".to_owned()).spawn(serve)?,
            std::thread::Builder::new()
                .name("dynamodb-upkeep".to_owned())
                .spawn(move || upkeep::run(&database, &file, &written, &faults, &console, &until))?,
        ];
        Ok(Self { address, streams, serving: Some(serving), upkeep: Some(upkeep), threads })
    }

    /// Where it answers, as an SDK wants it.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The loopback port on which it answers.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// The streams of its tables.
    #[must_use]
    pub fn streams(&self) -> Streams {
        self.streams.clone()
    }
}

impl Drop for DynamoDb {
    fn drop(&mut self) {
        self.serving.take();
        self.upkeep.take();
        for thread in self.threads.drain(..) {
            // A thread that panicked has said so on standard error.
            let _ = thread.join();
        }
    }
}

/// The name under which SQLite opens the data.
fn file(data: &Data) -> Result<String, DynamoDbError> {
    /// Tells apart the databases of one process.
    static NEXT: AtomicU64 = AtomicU64::new(0);
    match data {
        // SQLite's own in-memory files, which, unlike `:memory:`, a second connection can open too.
        Data::Memory => Ok(format!("file:/{}?vfs=memdb", NEXT.fetch_add(1, Ordering::Relaxed))),
        Data::Directory(path) => {
            let file = path.join("dynamodb.sqlite");
            // SQLite gives its other files the mode of this one.
            data_directory::create_private(path)
                .and_then(|()| data_directory::make_private(&file))
                .map_err(|source| DynamoDbError::Directory { path: path.clone(), source })?;
            Ok(file.to_string_lossy().into_owned())
        }
    }
}
