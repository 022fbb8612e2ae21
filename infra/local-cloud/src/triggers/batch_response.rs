//! The function's response to a batch, for triggers with partial batch responses.

use serde_json::Value;

use super::source::Record;

/// The progress that a function reports for a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BatchResponse {
    /// The function has processed the whole batch.
    Done,
    /// The record with this index failed. It and all later records are retried.
    FailedFrom(usize),
    /// The whole batch failed.
    Failed,
}

impl BatchResponse {
    /// Reads a response. Without failures it is a success. A malformed failure, or one of a record that is not in the
    /// batch, fails the whole batch, as on AWS.
    pub(super) fn read(response: &[u8], records: &[Record]) -> Self {
        if response.is_empty() {
            return Self::Done;
        }
        let Ok(response) = serde_json::from_slice::<Value>(response) else { return Self::Failed };
        let failures = match &response["batchItemFailures"] {
            Value::Null => return Self::Done,
            Value::Array(failures) => failures,
            _ => return Self::Failed,
        };
        let index = |failure: &Value| {
            let identifier = failure["itemIdentifier"].as_str()?;
            records.iter().position(|record| record.sequence_number == identifier)
        };
        match failures.iter().map(index).collect::<Option<Vec<usize>>>() {
            None => Self::Failed,
            Some(indexes) => indexes.into_iter().min().map_or(Self::Done, Self::FailedFrom),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(response: &str) -> BatchResponse {
        let record =
            |number: &str| Record { json: json!({}), sequence_number: number.to_owned(), created: 0.0 };
        BatchResponse::read(response.as_bytes(), &["1", "2", "3"].map(record))
    }

    #[test]
    fn a_response_without_failures_is_a_success() {
        for response in
            ["", "null", "{}", r#"{"batchItemFailures": null}"#, r#"{"batchItemFailures": []}"#, "\"ok\""]
        {
            assert_eq!(read(response), BatchResponse::Done, "{response}");
        }
    }

    #[test]
    fn the_retry_begins_at_the_first_failed_record() {
        assert_eq!(
            read(r#"{"batchItemFailures": [{"itemIdentifier": "3"}, {"itemIdentifier": "2"}]}"#),
            BatchResponse::FailedFrom(1)
        );
    }

    #[test]
    fn a_response_with_malformed_failures_fails_the_batch() {
        for response in [
            r#"{"batchItemFailures": [{"itemIdentifier": ""}]}"#,
            r#"{"batchItemFailures": [{"itemIdentifier": null}]}"#,
            r#"{"batchItemFailures": [{"itemIdentifer": "2"}]}"#,
            r#"{"batchItemFailures": [{"itemIdentifier": "4"}]}"#,
            r#"{"batchItemFailures": "2"}"#,
            "not json",
        ] {
            assert_eq!(read(response), BatchResponse::Failed, "{response}");
        }
    }
}
