//! The options of a cloud.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;

use local_dynamodb::Data;

use crate::console::Console;
use local_service::loopback::Listeners;

/// The options of a cloud. The defaults suit tests: the template in the working directory, free ports, data in memory,
/// no output. The environment variable `LOCAL_CLOUD_USAGE` sets the default of `usage`.
#[derive(Debug, Clone)]
pub struct Options {
    /// The template to run.
    pub template: PathBuf,
    /// Values of the template's parameters. The other parameters keep their defaults.
    pub parameters: BTreeMap<String, String>,
    /// The public port. 0 takes a free port.
    pub port: u16,
    /// Open listeners for the public port, instead of `port`.
    pub listeners: Option<Listeners>,
    /// The loopback port of DynamoDB. 0 takes a free port.
    pub dynamodb: u16,
    /// The loopback port of `@connections`. 0 takes a free port.
    pub connections: u16,
    /// Another address of this machine that also serves DynamoDB and `@connections`, since containers cannot reach the
    /// loopback address. `None` for no other address.
    pub containers: Option<IpAddr>,
    /// Storage of tables, queues and checkpoints.
    pub data: Data,
    /// The program that runs the functions, as `PROGRAM function BINARY`. `None` for the current executable.
    pub program: Option<PathBuf>,
    /// Separate programs of functions, by the binary that the template names. They run without arguments.
    pub programs: BTreeMap<String, PathBuf>,
    /// Destination of the output.
    pub console: Console,
    /// Divides the long times of AWS, so that tests take less than minutes. Default 1. It applies to:
    ///
    /// - the idle timeout (10 min) and the maximum duration (2 h) of a connection
    /// - the idle timeout of a function (5 min)
    /// - the intervals of schedules
    /// - the integration timeouts of WebSocket APIs (29 s) and HTTP APIs (30 s), which stay at least 5 s, because functions
    ///   compute at their usual speed
    pub time_scale: u32,
    /// How often triggers poll.
    pub poll: Poll,
    /// The loopback port of the endpoint that sets faults. 0 takes a free port. `None` for no endpoint.
    pub faults: Option<u16>,
    /// The directory that records which permissions functions use, for `local-cloud permissions`.
    pub usage: Option<PathBuf>,
}

/// The environment variable that names the directory of `usage` for clouds that tests start.
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

/// How often triggers poll.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Poll {
    /// After every write.
    #[default]
    Fast,
    /// Four times a second, as on AWS.
    Aws,
}
