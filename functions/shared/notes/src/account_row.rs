//! The row of an account, as far as several modules write it.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::StoreError;

/// The most attempts of a write that conflicts with others on the account's row. Each conflict means that another
/// write succeeded.
pub(crate) const MAX_TRIES: usize = 20;

/// The most sessions that end in the transaction that changes their account. That is more than an account has. A
/// transaction holds 100 items, and the rest is for the account itself and its passkeys.
pub(crate) const SESSIONS_PER_TRANSACTION: usize = 80;

/// The update that deletes an account. Its row stays, so that nobody else gets the username and the notes.
pub(crate) const DELETED: &str = "REMOVE kind, displayName, passwordHash, sessions, devices, passkeys, lastSeen, administrator, disabled, linkDigest, linkExpires";

/// Returns the attribute with the digests of the newest sessions or devices.
pub(crate) fn digests(newest: Vec<String>) -> AttributeValue {
    AttributeValue::L(newest.into_iter().map(AttributeValue::S).collect())
}

/// Returns the error of a write that conflicted [`MAX_TRIES`] times.
pub(crate) fn too_many_conflicts() -> StoreError {
    StoreError::Throttled("the account was changed again and again".into())
}
