//! Errors of starting a cloud.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use local_dynamodb::DynamoDbError;
use sam_template::TemplateError;

use crate::data_directory::DirectoryError;
use crate::queues::QueueError;
use crate::triggers::TriggerError;

/// Why a cloud didn't start, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The template is missing or broken, or declares what can't be run.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// Somebody else listens on the port.
    #[error("port {0} is taken: stop what uses it, or choose another with --port")]
    PortTaken(u16),
    /// The port can't be listened on for another reason.
    #[error("can't listen on port {port}: {source}; choose another with --port")]
    Port {
        /// The port.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// The port of fault injection can't be listened on.
    #[error("can't listen on port {port}: {source}; choose another with --faults")]
    FaultsPort {
        /// The port.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// `@connections` can't be served on this port.
    #[error("can't listen on port {port}: {source}; choose another with --connections")]
    ConnectionsPort {
        /// The port.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// Containers can't be served at this address.
    #[error(
        "can't listen on {address}: {source}; --containers names the address of a Docker bridge on this machine"
    )]
    Containers {
        /// The address, and the port of DynamoDB or of `@connections`.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The data directory can't be used.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The tables can't be brought up.
    #[error(transparent)]
    DynamoDb(#[from] DynamoDbError),
    /// A queue can't be opened.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// A trigger can't be started.
    #[error(transparent)]
    Trigger(#[from] TriggerError),
    /// What functions use of their permissions can't be written down.
    #[error("cannot write into {}, which LOCAL_CLOUD_USAGE names: {source}", path.display())]
    Usage {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The running program, which plays the functions, isn't known.
    #[error("can't tell which program is running: {0}; start it by its path")]
    Program(io::Error),
}

impl StartError {
    /// Why a port of the front door can't be listened on.
    #[must_use]
    pub fn of_port(port: u16, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::AddrInUse => Self::PortTaken(port),
            _ => Self::Port { port, source },
        }
    }
}
