//! The AWS usage of single operations of Notes, so that a bill needs no traffic first. A test runs each operation and
//! compares the table with the counts.

use local_service::Usage;

use super::prices;

/// An operation and the number of times that a line of the bill shows.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) what: &'static str,
    pub(super) times: u32,
    /// The usage of one operation.
    pub(super) each: Usage,
}

impl Operation {
    /// Returns the cost of all of them in dollars.
    pub(super) fn cost(&self) -> f64 {
        f64::from(self.times) * prices::total(&self.each)
    }
}

/// The operations. All counts are measured except the time of functions, which a development machine cannot measure: 10 ms
/// per response, 100 ms per push to 100 readers, and 20 ms per merge and per push of a note, at 256 MB.
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
            read_units: 10.0,
            write_units: 8.0,
            log_bytes: 1_870,
        },
    },
    Operation {
        what: "1,000 edits of a text by one person",
        times: 1_000,
        each: Usage {
            front_door_requests: 0,
            bytes_out: 245,
            http_requests: 0,
            messages: 3,
            connection_seconds: 0.0,
            invocations: 3,
            gb_seconds: 0.0125,
            read_units: 10.0,
            write_units: 2.0,
            log_bytes: 1_718,
        },
    },
    Operation {
        what: "1,000 notes read",
        times: 1_000,
        each: Usage {
            front_door_requests: 1,
            bytes_out: 188,
            http_requests: 1,
            messages: 0,
            connection_seconds: 0.0,
            invocations: 1,
            gb_seconds: 0.0025,
            read_units: 5.0,
            write_units: 0.0,
            log_bytes: 570,
        },
    },
];
