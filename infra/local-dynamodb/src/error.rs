//! Errors of starting DynamoDB.

use std::io;
use std::path::PathBuf;

use dynoxide::DynoxideError;

/// Starting DynamoDB failed. Each message says what to do.
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
