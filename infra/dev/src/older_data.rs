//! Advice for a data directory of an older version, whose tables differ.

use std::error::Error;

use local_cloud::StartError;
use local_dynamodb::DynamoDbError;

/// Returns the advice that an error needs in addition. It is empty for most errors.
pub(crate) fn advice(error: &(dyn Error + 'static)) -> &'static str {
    match error.downcast_ref() {
        Some(StartError::DynamoDb(DynamoDbError::Differs { .. })) => {
            ". To keep the notes of an older version: start that version, run `cargo run -- export FILE`, then start this \
             one with an empty directory and run `cargo run -- import FILE`"
        }
        _ => "",
    }
}
