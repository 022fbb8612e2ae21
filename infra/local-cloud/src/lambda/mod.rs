//! Lambda: functions as processes that speak the real Runtime API, one process for each concurrent execution.
//!
//! - `service`: invokes functions
//! - `pool`: a function and its idle instances
//! - `job`: an invocation, for the instance and for the caller
//! - `instance`: one process from its cold start to its end
//! - `session`: the invocations of one process
//! - `api`: the HTTP interface of the process: `runtime_api` and `extensions_api`, with their `responses`
//! - `call`: what the process asks over it
//! - `extensions`: the extensions in the process
//! - [`process`]: starts a process, reads its log, kills it
//! - `environment`: the environment variables of a process
//! - `memory`: the memory limit of a process
//! - `planned_kill`: kills a process by a fault
//! - `report`: Lambda's `REPORT` line, and the meter
//! - `error`: failed invocations

mod api;
mod call;
mod environment;
mod error;
mod extensions;
mod extensions_api;
mod instance;
mod job;
mod memory;
mod planned_kill;
mod pool;
pub mod process;
mod report;
mod responses;
mod runtime_api;
mod service;
mod session;

pub use environment::Environment;
pub use error::InvokeError;
pub use job::Invocation;
pub use pool::Watchers;
pub use process::Programs;
pub use service::Lambda;
