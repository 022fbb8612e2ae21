//! What a run of the cloud can be told.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;

use local_dynamodb::Data;

use crate::console::Console;
use local_service::loopback::Listeners;

/// How to start a cloud. The defaults are those of a test: the template in the working directory, a free port, nothing
/// kept, nothing printed. What the environment's `LOCAL_CLOUD_USAGE` names is where permissions' use is written down.
#[derive(Debug, Clone)]
pub struct Options {
    /// The template to run.
    pub template: PathBuf,
    /// Values for the template's parameters; the others keep their defaults.
    pub parameters: BTreeMap<String, String>,
    /// The port of the front door; 0 takes a free one.
    pub port: u16,
    /// What the front door listens on, if that is there already: then the port is of no account.
    pub listeners: Option<Listeners>,
    /// The loopback port of DynamoDB; 0 takes a free one.
    pub dynamodb: u16,
    /// The loopback port of `@connections`; 0 takes a free one.
    pub connections: u16,
    /// Another address of this machine at which the ports of DynamoDB and `@connections` answer: containers cannot reach
    /// the loopback address. `None` for none.
    pub containers: Option<IpAddr>,
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
    pub time_scale: u32,
    /// How often triggers look for records.
    pub poll: Poll,
    /// The loopback port of the endpoint that sets faults (0 takes a free one); `None` for no such endpoint.
    pub faults: Option<u16>,
    /// The directory where what functions used of their permissions is written down, for `local-cloud permissions`.
    pub usage: Option<PathBuf>,
}

/// What names that directory to clouds that tests start.
const USAGE: &str = "LOCAL_CLOUD_USAGE";

impl Default for Options {
    fn default() -> Self {
        Self {
            template: PathBuf::from("template.yaml"),
            parameters: BTreeMap::new(),
            port: 0,
            listeners: None,
            dynamodb: 0,
            connections: 0,
            containers: None,
            data: Data::Memory,
            program: None,
            programs: BTreeMap::new(),
            console: Console::quiet(),
            time_scale: 1,
            poll: Poll::Fast,
            faults: None,
            usage: std::env::var_os(USAGE).filter(|directory| !directory.is_empty()).map(PathBuf::from),
        }
    }
}

/// How often triggers look for records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Poll {
    /// As soon as something was written.
    #[default]
    Fast,
    /// Four times a second, as on AWS.
    Aws,
}
