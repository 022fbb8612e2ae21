//! What a run of the cloud can be told.

use std::collections::BTreeMap;
use std::path::PathBuf;

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
    /// Programs of functions that it doesn't play, by the binary that the template names; started as they are.
    pub programs: BTreeMap<String, PathBuf>,
    /// Where it says what happens.
    pub console: Console,
    /// How many times faster than on AWS long waiting goes: for the end of an idle connection (10 min) or of any (2 h),
    /// of a function's process without work (5 min), and for schedules. Tests don't wait for minutes.
    pub hurry: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            template: PathBuf::from("template.yaml"),
            parameters: BTreeMap::new(),
            port: 0,
            data: Data::Memory,
            program: None,
            programs: BTreeMap::new(),
            console: Console::quiet(),
            hurry: 1,
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
