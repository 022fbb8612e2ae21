//! What single operations of Notes use, for a bill that nobody has to run up first. A test runs each of them, and holds
//! the table to what was counted.

use local_service::Usage;

use super::prices;

/// An operation, as often as one would speak of it.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) what: &'static str,
    pub(super) times: u32,
    /// What one of them uses.
    pub(super) each: Usage,
}

impl Operation {
    /// What all of them cost.
    pub(super) fn cost(&self) -> f64 {
        f64::from(self.times) * prices::total(&self.each)
    }
}

/// All of it is counted but the time of functions, which a laptop under development says nothing of: taken for 10 ms for
/// an answer and 100 ms for a push to 100 readers, at 256 MB.
pub(super) const OPERATIONS: &[Operation] = &[
    Operation {
        what: "1,000 edits seen by 100 readers",
        times: 1_000,
        each: Usage {
            front_door_requests: 1,
            bytes_out: 15_766,
            http_requests: 1,
            messages: 100,
            connection_seconds: 0.0,
            invocations: 2,
            gb_seconds: 0.0275,
            read_units: 5.0,
            write_units: 4.0,
            log_bytes: 1_870,
        },
    },
    Operation {
        what: "1,000 notes read",
        times: 1_000,
        each: Usage {
            front_door_requests: 1,
            bytes_out: 166,
            http_requests: 1,
            messages: 0,
            connection_seconds: 0.0,
            invocations: 1,
            gb_seconds: 0.0025,
            read_units: 2.0,
            write_units: 0.0,
            log_bytes: 570,
        },
    },
];
