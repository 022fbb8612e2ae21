//! Errors of starting DynamoDB.

use std::io;
use std::path::PathBuf;

use dynoxide::DynoxideError;

/// Starting DynamoDB failed. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum DynamoDbError {
    /// The data directory cannot be created.
    #[error("cannot use {} for data: {source}; choose another directory with --data, or use --memory", path.display())]
    Directory {
        /// The data directory.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file of the tables cannot be opened.
    #[error(
        "cannot open the tables in {file}: {reason}; move the file away to start with empty tables, or choose another directory with --data"
    )]
    Open {
        /// The file.
        file: String,
        /// The cause.
        reason: String,
    },
    /// The engine refuses the definition of a table.
    #[error("table {table}: {source}; correct it in the template")]
    Table {
        /// The name of the table.
        table: String,
        /// The cause.
        source: DynoxideError,
    },
    /// A table in the file differs from the template.
    #[error(
        "table {table}: its {what} in the data directory differ from the template's, and cannot be changed in place; \
         give the table another name, or start with an empty data directory (--data)"
    )]
    Differs {
        /// The name of the table.
        table: String,
        /// The part that differs, such as the keys.
        what: String,
    },
    /// The port cannot be listened on.
    #[error("cannot listen on port {port}: {source}; choose another port with --dynamodb")]
    Port {
        /// The port.
        port: u16,
        /// The cause.
        source: io::Error,
    },
    /// No thread or port is available.
    #[error(
        "cannot serve DynamoDB on a loopback port: {0}; stop programs that use many ports or threads, and try again"
    )]
    Serve(#[from] io::Error),
}
