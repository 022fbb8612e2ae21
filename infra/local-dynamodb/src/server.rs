//! The server: opens the data, creates the tables, and serves them on separate threads.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use dynoxide::Database;
use local_service::{CallContext, loopback, private_files};
use sam_template::Table;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{oneshot, watch};

use crate::data::Data;
use crate::endpoint::Endpoint;
use crate::error::DynamoDbError;
use crate::streams::Streams;
use crate::{tables, ttl};

/// A running DynamoDB. It stops when dropped.
#[derive(Debug)]
pub struct DynamoDb {
    address: SocketAddr,
    streams: Streams,
    /// Dropping it ends the thread that serves.
    serving: Option<oneshot::Sender<()>>,
    /// Dropping it ends the thread that expires items.
    expiring: Option<mpsc::Sender<()>>,
    threads: Vec<JoinHandle<()>>,
}

/// The options of DynamoDB.
#[derive(Debug, Clone)]
pub struct Options<'a> {
    /// The tables to create.
    pub tables: &'a [Table],
    /// The storage of the tables.
    pub data: &'a Data,
    /// The loopback port; 0 takes a free one.
    pub port: u16,
    /// The context of every call.
    pub context: CallContext,
}

impl<'a> Options<'a> {
    /// Creates options for a free port and the default context.
    #[must_use]
    pub fn new(tables: &'a [Table], data: &'a Data) -> Self {
        Self { tables, data, port: 0, context: CallContext::default() }
    }

    /// Sets the context of every call.
    #[must_use]
    pub fn context(self, context: impl Into<CallContext>) -> Self {
        Self { context: context.into(), ..self }
    }
}

impl DynamoDb {
    /// Opens the data, creates or updates the tables, and serves them.
    ///
    /// # Errors
    /// If the data cannot be opened, a table cannot be created or changed in place, or the port is taken.
    pub fn start(options: Options<'_>) -> Result<Self, DynamoDbError> {
        let Options { tables, data, port, context } = options;
        let file = file(data)?;
        let open_error = |reason: String| DynamoDbError::Open { file: file.clone(), reason };
        let database = Database::new(&file).map_err(|error| open_error(error.to_string()))?;
        let records = ttl::Records::open(&file).map_err(|error| open_error(error.to_string()))?;
        for table in tables {
            tables::create_or_update(&database, &records, table)?;
        }

        let (written, writes) = watch::channel(0);
        let streams = Streams::new(database.clone(), tables, writes);
        let (runtime, Listeners { engine, front }) = listen(port)?;
        let address = front.local_addr()?;
        let by_name: BTreeMap<String, Table> =
            tables.iter().map(|table| (table.name.clone(), table.clone())).collect();
        let (faults, warnings) = (context.faults.clone(), context.warnings.clone());
        let endpoint = Endpoint::new(engine.local_addr()?, by_name, context, written.clone());

        let (serving, stopped) = oneshot::channel();
        let served = database.clone();
        let serve = move || {
            runtime.block_on(async {
                tokio::select! {
                    () = dynoxide::server::serve_on(engine, served) => {}
                    () = endpoint.serve(front) => {}
                    // The sender was dropped.
                    _ = stopped => {}
                }
            });
        };
        let (expiring, until) = mpsc::channel();
        let expire = move || ttl::run(&database, &records, &written, &faults, &warnings, &until);
        let threads = vec![
            thread::Builder::new().name("dynamodb".to_owned()).spawn(serve)?,
            thread::Builder::new().name("dynamodb-ttl".to_owned()).spawn(expire)?,
        ];
        Ok(Self { address, streams, serving: Some(serving), expiring: Some(expiring), threads })
    }

    /// Returns the endpoint URL for an SDK.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the loopback port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns the streams of the tables.
    #[must_use]
    pub fn streams(&self) -> Streams {
        self.streams.clone()
    }
}

impl Drop for DynamoDb {
    fn drop(&mut self) {
        self.serving.take();
        self.expiring.take();
        for thread in self.threads.drain(..) {
            // A panicked thread has printed its message.
            let _ = thread.join();
        }
    }
}

/// The engine responds to every caller, so it listens on an address that nobody can guess. The endpoint checks callers.
struct Listeners {
    engine: TcpListener,
    front: TcpListener,
}

/// Creates the runtime of the serving thread, and its listeners. The engine blocks in its handlers, so it needs a separate
/// runtime.
fn listen(port: u16) -> Result<(Runtime, Listeners), DynamoDbError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let listeners = {
        let _entered = runtime.enter();
        let front = loopback::on(port).map_err(|source| DynamoDbError::Port { port, source });
        front.and_then(|front| Ok(Listeners { engine: loopback::hidden()?, front }))
    };
    match listeners {
        Ok(listeners) => Ok((runtime, listeners)),
        Err(error) => {
            // An async caller must not wait for the end of another runtime.
            runtime.shutdown_background();
            Err(error)
        }
    }
}

/// Returns the name under which SQLite opens the data.
fn file(data: &Data) -> Result<String, DynamoDbError> {
    /// Distinguishes the databases of one process.
    static NEXT: AtomicU64 = AtomicU64::new(0);
    match data {
        // SQLite's in-memory file system: unlike with `:memory:`, a second connection can open the same file.
        Data::Memory => Ok(format!("file:/{}?vfs=memdb", NEXT.fetch_add(1, Ordering::Relaxed))),
        Data::Directory(path) => {
            let file = path.join("dynamodb.sqlite");
            // SQLite gives its other files the mode of this one.
            private_files::create_directory(path)
                .and_then(|()| private_files::protect_file(&file))
                .map_err(|source| DynamoDbError::Directory { path: path.clone(), source })?;
            Ok(file.to_string_lossy().into_owned())
        }
    }
}
