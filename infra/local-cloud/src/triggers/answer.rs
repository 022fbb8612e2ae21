//! What a function's answer says of its batch, if the trigger asks for partial batch responses.

use serde_json::Value;

use super::source::Record;

/// How far the function came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// Through the whole batch.
    Done,
    /// Up to the record with this index, which failed: it and those behind it are tried again.
    FailedFrom(usize),
    /// Nowhere that it can tell.
    Failed,
}

impl Answer {
    /// Reads the answer. Whatever names no failure is a success; whatever names one badly, or that of a record which is
    /// none of the batch's, fails the whole batch, as on AWS.
    pub(super) fn read(answer: &[u8], records: &[Record]) -> Self {
        if answer.is_empty() {
            return Self::Done;
        }
        let Ok(answer) = serde_json::from_slice::<Value>(answer) else { return Self::Failed };
        let failures = match &answer["batchItemFailures"] {
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

    fn read(answer: &str) -> Answer {
        let record =
            |number: &str| Record { json: json!({}), sequence_number: number.to_owned(), created: 0.0 };
        Answer::read(answer.as_bytes(), &["1", "2", "3"].map(record))
    }

    #[test]
    fn an_answer_that_names_no_failure_is_a_success() {
        for answer in
            ["", "null", "{}", r#"{"batchItemFailures": null}"#, r#"{"batchItemFailures": []}"#, "\"ok\""]
        {
            assert_eq!(read(answer), Answer::Done, "{answer}");
        }
    }

    #[test]
    fn the_first_record_that_failed_is_where_the_retry_begins() {
        assert_eq!(
            read(r#"{"batchItemFailures": [{"itemIdentifier": "3"}, {"itemIdentifier": "2"}]}"#),
            Answer::FailedFrom(1)
        );
    }

    #[test]
    fn an_answer_that_names_failures_badly_fails_the_batch() {
        for answer in [
            r#"{"batchItemFailures": [{"itemIdentifier": ""}]}"#,
            r#"{"batchItemFailures": [{"itemIdentifier": null}]}"#,
            r#"{"batchItemFailures": [{"itemIdentifer": "2"}]}"#,
            r#"{"batchItemFailures": [{"itemIdentifier": "4"}]}"#,
            r#"{"batchItemFailures": "2"}"#,
            "not json",
        ] {
            assert_eq!(read(answer), Answer::Failed, "{answer}");
        }
    }
}
