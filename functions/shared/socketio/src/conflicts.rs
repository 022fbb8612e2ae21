//! Requests of DynamoDB that meet a transaction on the same row: another frame of the same connection.

use aws_sdk_dynamodb::config::interceptors::InterceptorContext;
use aws_sdk_dynamodb::config::retry::{ClassifyRetry, RetryAction};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::CancellationReason;
use aws_sdk_dynamodb::{Client, Error as DynamoDbError};

use crate::Error;

/// The same client, which also makes requests again that met a transaction. A transaction takes milliseconds. The SDK does
/// not count it among what it tries again, but it is the client's configuration that says how often and how long it does.
pub(crate) fn retrying(client: &Client) -> Client {
    Client::from_conf(client.config().to_builder().retry_classifier(Conflicts).build())
}

#[derive(Debug)]
struct Conflicts;

impl ClassifyRetry for Conflicts {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let failed = context.output_or_error().and_then(Result::err);
        let Some(error) = failed.and_then(|error| error.as_operation_error()) else {
            return RetryAction::NoActionIndicated;
        };
        let is_conflict = match error.downcast_ref() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                is_because(cancelled.cancellation_reasons(), "TransactionConflict")
            }
            _ => {
                error.downcast_ref().is_some_and(PutItemError::is_transaction_conflict_exception)
                    || error.downcast_ref().is_some_and(UpdateItemError::is_transaction_conflict_exception)
                    || error.downcast_ref().is_some_and(DeleteItemError::is_transaction_conflict_exception)
            }
        };
        if is_conflict { RetryAction::transient_error() } else { RetryAction::NoActionIndicated }
    }

    fn name(&self) -> &'static str {
        "transactions in the way"
    }
}

/// Whether a request failed because what it was to change is not there any more.
pub(crate) fn is_condition(error: &DynamoDbError) -> bool {
    match error {
        DynamoDbError::ConditionalCheckFailedException(_) => true,
        DynamoDbError::TransactionCanceledException(cancelled) => {
            is_because(cancelled.cancellation_reasons(), "ConditionalCheckFailed")
        }
        _ => false,
    }
}

/// What is not there any more need not be taken away.
pub(crate) fn ignoring_conditions(error: impl Into<DynamoDbError>) -> Result<(), Error> {
    let error = error.into();
    if is_condition(&error) { Ok(()) } else { Err(Error::store(error)) }
}

fn is_because(reasons: &[CancellationReason], reason: &str) -> bool {
    reasons.iter().any(|why| why.code() == Some(reason))
}
