//! What a run of the cloud can be told.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::console::Console;

/// How to start a cloud. The defaults are those of a test: the template in the working directory, a free port, nothing
/// kept, nothing printed.
#[derive(Debug, Clone)]
pub struct Options {
    /// The template to run.
    pub template: PathBuf,
    /// Values for the template's parameters; the others keep their defaults.
    pub parameters: BTreeMap<String, String>,
    /// The port of the front door; 0 takes a free one.
    pub port: u16,
    /// Where tables, queues and checkpoints live.
    pub data: Data,
    /// The program that plays the functions, started as `PROGRAM function BINARY`; the running one if `None`.
    pub program: Option<PathBuf>,
    /// Where it says what happens.
    pub console: Console,
    /// How long WebSocket connections may last.
    pub limits: Limits,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            template: PathBuf::from("template.yaml"),
            parameters: BTreeMap::new(),
            port: 0,
            data: Data::Memory,
            program: None,
            console: Console::quiet(),
            limits: Limits::default(),
        }
    }
}

/// Where tables, queues and checkpoints live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Data {
    /// In a directory, which survives the process, even when that is killed.
    Directory(PathBuf),
    /// In memory, gone with the cloud.
    Memory,
}

/// The limits of a WebSocket connection. The defaults are API Gateway's; tests make them shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long a connection may carry no message, in either direction.
    pub idle: Duration,
    /// How long a connection may last at all.
    pub lifetime: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { idle: Duration::from_mins(10), lifetime: Duration::from_hours(2) }
    }
}
