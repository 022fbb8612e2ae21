//! Retries of DynamoDB requests that conflict with a transaction on the same row.
//!
//! Several frames of one connection may be handled at the same time, so such conflicts are common and short. The crate
//! `notes` has a classifier like this one. This crate does not share it, because it depends on no other crate of the
//! workspace.

use aws_sdk_dynamodb::config::interceptors::InterceptorContext;
use aws_sdk_dynamodb::config::retry::{ClassifyRetry, RetryAction};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::CancellationReason;
use aws_sdk_dynamodb::{Client, Error as DynamoDbError};

use crate::Error;

/// Returns the same client, which also retries requests that conflict with a transaction. The SDK does not retry these
/// by itself. The client's configuration says how often and how long it retries.
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

/// Returns whether a request failed because its condition did not hold.
pub(crate) fn is_condition(error: &DynamoDbError) -> bool {
    match error {
        DynamoDbError::ConditionalCheckFailedException(_) => true,
        DynamoDbError::TransactionCanceledException(cancelled) => {
            is_because(cancelled.cancellation_reasons(), "ConditionalCheckFailed")
        }
        _ => false,
    }
}

/// Returns the index of the first item of a transaction whose condition did not hold, if there is one.
pub(crate) fn failed_condition(error: &DynamoDbError) -> Option<usize> {
    let DynamoDbError::TransactionCanceledException(cancelled) = error else { return None };
    cancelled.cancellation_reasons().iter().position(|cause| cause.code() == Some("ConditionalCheckFailed"))
}

/// Ignores failed conditions: a row that is gone need not be deleted.
pub(crate) fn ignoring_conditions(error: impl Into<DynamoDbError>) -> Result<(), Error> {
    let error = error.into();
    if is_condition(&error) { Ok(()) } else { Err(Error::store(error)) }
}

fn is_because(reasons: &[CancellationReason], reason: &str) -> bool {
    reasons.iter().any(|cause| cause.code() == Some(reason))
}
