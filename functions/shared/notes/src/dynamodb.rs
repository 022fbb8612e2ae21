//! The client with which the stores speak to DynamoDB.
//!
//! A comment is written in a transaction with a look at its note. While that lasts (a few milliseconds), DynamoDB turns
//! away whoever writes the note, and whoever else comments on it. The SDK does not count that among what it tries again:
//! this adds it. How often and how long is up to the client's configuration.
//!
//! A write that ends with an error may have been done all the same: each of them has a condition or a token, so that it is
//! not done again unawares.

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::Builder;
use aws_sdk_dynamodb::config::interceptors::InterceptorContext;
use aws_sdk_dynamodb::config::retry::{ClassifyRetry, RetryAction};
use aws_sdk_dynamodb::operation::delete_item::DeleteItemError;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;

/// A client of the SDK's configuration, which makes requests again that met a transaction, as often as others that
/// failed.
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
        let is_conflict = match error.downcast_ref() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                let mut reasons = cancelled.cancellation_reasons().iter();
                reasons.any(|reason| reason.code() == Some("TransactionConflict"))
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
