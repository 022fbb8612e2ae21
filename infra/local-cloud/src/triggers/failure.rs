//! The message to the `OnFailure` queue. It holds the positions of the dropped records but not their data, as on AWS.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::source::Record;
use sam_template::{ACCOUNT, REGION};

/// The reason why records were dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    /// The records used up the retries of the trigger.
    RetryAttemptsExhausted,
    /// The records exceeded the maximum age of the trigger.
    RecordAgeExceeded,
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Returns the message for records that were dropped after this many invocations.
pub(super) fn message(
    function: &str,
    stream_arn: &str,
    records: &[Record],
    condition: Condition,
    invocations: u32,
) -> Value {
    let (first, last) = (records.first(), records.last());
    json!({
        "requestContext": {
            "requestId": uuid::Uuid::new_v4().to_string(),
            "functionArn": format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"),
            "condition": condition.to_string(),
            "approximateInvokeCount": invocations,
        },
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": Timestamp::now().to_string(),
        "DDBStreamBatchInfo": {
            "shardId": "shardId-00000001",
            "startSequenceNumber": first.map(|record| &record.sequence_number),
            "endSequenceNumber": last.map(|record| &record.sequence_number),
            "approximateArrivalOfFirstRecord": first.and_then(arrival),
            "approximateArrivalOfLastRecord": last.and_then(arrival),
            "batchSize": records.len(),
            "streamArn": stream_arn,
        },
    })
}

#[expect(clippy::cast_possible_truncation, reason = "Unix seconds fit into an i64")]
fn arrival(record: &Record) -> Option<String> {
    Timestamp::from_second(record.created as i64).ok().map(|arrival| arrival.to_string())
}
