//! The `DynamoDB` client of the stores.
//!
//! A comment is written in a transaction with a check of its note. During these milliseconds, DynamoDB refuses other
//! writes of the note, and other comments on it. The SDK does not retry these conflicts, so this client adds them. Its
//! configuration says how often and how long it retries. The crate `socketio` has a classifier like this one, because
//! it depends on no other crate of the workspace.
//!
//! A write that fails may still have happened. Each write has a condition or a token, so that a retry does not repeat
//! it.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::config::interceptors::InterceptorContext;
use aws_sdk_dynamodb::config::retry::{ClassifyRetry, RetryAction};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_get_items::TransactGetItemsError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::error::TransactionCanceledException;

/// Creates a client that also retries requests that conflict with a transaction.
pub fn dynamodb(config: impl Into<Builder>) -> Client {
    Client::from_conf(config.into().retry_classifier(Conflicts).build())
}

#[derive(Debug)]
struct Conflicts;

impl ClassifyRetry for Conflicts {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let failed = context.output_or_error().and_then(Result::err);
        let Some(error) = failed.and_then(|error| error.as_operation_error()) else {
            return RetryAction::NoActionIndicated;
        };
        let cancelled = match (error.downcast_ref(), error.downcast_ref()) {
            (Some(TransactWriteItemsError::TransactionCanceledException(cancelled)), _)
            | (_, Some(TransactGetItemsError::TransactionCanceledException(cancelled))) => Some(cancelled),
            _ => None,
        };
        let mut reasons = cancelled.into_iter().flat_map(TransactionCanceledException::cancellation_reasons);
        let is_conflict = reasons.any(|reason| reason.code() == Some("TransactionConflict"))
            || error.downcast_ref().is_some_and(PutItemError::is_transaction_conflict_exception)
            || error.downcast_ref().is_some_and(UpdateItemError::is_transaction_conflict_exception)
            || error.downcast_ref().is_some_and(DeleteItemError::is_transaction_conflict_exception);
        if is_conflict { RetryAction::transient_error() } else { RetryAction::NoActionIndicated }
    }

    fn name(&self) -> &'static str {
        "transactions in the way"
    }
}
