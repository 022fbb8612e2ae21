//! The errors of starting a cloud.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use local_dynamodb::DynamoDbError;
use sam_template::TemplateError;

use crate::data_directory::DirectoryError;
use crate::queues::QueueError;
use crate::triggers::TriggerError;

/// The error of a cloud that did not start. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The template is missing or invalid, or declares something that the local cloud cannot run.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// Another program listens on the port.
    #[error("port {0} is taken: stop the program that uses it, or choose another with --port")]
    PortTaken(u16),
    /// The port cannot be opened for another reason.
    #[error("cannot listen on port {port}: {source}; choose another with --port")]
    Port {
        /// The port.
        port: u16,
        /// The error of the system.
        source: io::Error,
    },
    /// The port of the faults endpoint cannot be opened.
    #[error("cannot listen on port {port}: {source}; choose another with --faults")]
    FaultsPort {
        /// The port.
        port: u16,
        /// The error of the system.
        source: io::Error,
    },
    /// The port of `@connections` cannot be opened.
    #[error("cannot listen on port {port}: {source}; choose another with --connections")]
    ConnectionsPort {
        /// The port.
        port: u16,
        /// The error of the system.
        source: io::Error,
    },
    /// The address for containers cannot be opened.
    #[error(
        "cannot listen on {address}: {source}; set --containers to the address of a Docker bridge on this machine"
    )]
    Containers {
        /// The address, and the port of DynamoDB or of `@connections`.
        address: SocketAddr,
        /// The error of the system.
        source: io::Error,
    },
    /// The data directory cannot be used.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// DynamoDB cannot be started.
    #[error(transparent)]
    DynamoDb(#[from] DynamoDbError),
    /// A queue cannot be opened.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// A trigger cannot be started.
    #[error(transparent)]
    Trigger(#[from] TriggerError),
    /// The use of permissions cannot be recorded.
    #[error("cannot write to {}: {source}; set LOCAL_CLOUD_USAGE to another directory, or unset it", path.display())]
    Usage {
        /// The directory.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
    /// The path of the current executable, which runs the functions, is unknown.
    #[error("cannot find the path of the running program: {0}; start it by its full path")]
    Program(io::Error),
}

impl StartError {
    /// Creates the error of a public port that cannot be opened.
    #[must_use]
    pub fn of_port(port: u16, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::AddrInUse => Self::PortTaken(port),
            _ => Self::Port { port, source },
        }
    }
}
