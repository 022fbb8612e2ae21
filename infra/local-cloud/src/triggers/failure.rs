//! What a queue is told of records that were given up on: where they are, not what is in them, as on AWS.

use std::fmt;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::source::Record;
use sam_template::{ACCOUNT, REGION};

/// Why they were given up on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Condition {
    /// They were tried as often as the trigger allows.
    RetryAttemptsExhausted,
    /// They are older than the trigger allows.
    RecordAgeExceeded,
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// The message, of `records` that were tried `invocations` times.
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

#[expect(clippy::cast_possible_truncation, reason = "seconds since 1970 fit for longer than records last")]
fn arrival(record: &Record) -> Option<String> {
    Timestamp::from_second(record.created as i64).ok().map(|arrival| arrival.to_string())
}
