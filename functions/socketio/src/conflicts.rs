//! Requests of DynamoDB that meet a transaction on the same row: another frame of the same connection.

use std::time::Duration;

use aws_sdk_dynamodb::Error as DynamoDbError;
use aws_sdk_dynamodb::config::http::HttpResponse;
use aws_sdk_dynamodb::error::SdkError;

use crate::Error;

/// How often such a request is made, and the longest pause before the second time. A transaction takes milliseconds.
const TRIES: u32 = 8;
const PAUSE: Duration = Duration::from_millis(20);

/// Makes a request again that met a transaction, which the SDK does not do by itself.
pub(crate) async fn patiently<T, E, F>(request: impl Fn() -> F) -> Result<T, DynamoDbError>
where
    F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    DynamoDbError: From<SdkError<E, HttpResponse>>,
{
    let mut tries = 0;
    loop {
        tries += 1;
        match request().await.map_err(DynamoDbError::from) {
            Err(error) if is_conflict(&error) && tries < TRIES => {
                tokio::time::sleep(PAUSE.mul_f64(f64::from(tries) * fastrand::f64())).await;
            }
            answer => return answer,
        }
    }
}

/// Whether a request failed because what it was to change is not there any more.
pub(crate) fn is_condition(error: &DynamoDbError) -> bool {
    matches!(error, DynamoDbError::ConditionalCheckFailedException(_))
        || is_cancelled(error, "ConditionalCheckFailed")
}

/// What is not there any more need not be taken away.
pub(crate) fn ignoring_conditions(error: DynamoDbError) -> Result<(), Error> {
    if is_condition(&error) { Ok(()) } else { Err(Error::store(error)) }
}

fn is_conflict(error: &DynamoDbError) -> bool {
    matches!(error, DynamoDbError::TransactionConflictException(_))
        || is_cancelled(error, "TransactionConflict")
}

fn is_cancelled(error: &DynamoDbError, reason: &str) -> bool {
    matches!(error, DynamoDbError::TransactionCanceledException(cancelled)
        if cancelled.cancellation_reasons().iter().any(|why| why.code() == Some(reason)))
}
