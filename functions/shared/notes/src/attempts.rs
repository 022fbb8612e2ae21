//! Rate limits: failed sign-ins per account, and sign-ups per IP address.
//!
//! The counts are in the table of accounts, under names that no account can have (`attempts#ada`). Unknown usernames
//! have counts as well, or an attacker could find out which accounts exist.

use std::time::Duration;

use aws_sdk_dynamodb::types::{Delete, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use aws_sdk_dynamodb::{Client, Error};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

use crate::tables::{USERS, number, text};
use crate::timestamp::seconds;
use crate::{StoreError, Timestamp, Username};

/// The number of failed sign-ins without a wait.
const FREE: u32 = 5;
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_mins(15);
/// How long failures are remembered after the last.
const MEMORY: Duration = Duration::from_hours(24);
/// The window in which sign-ups are counted.
const WINDOW: Duration = Duration::from_hours(1);
/// The most attempts to count, when others count at the same time.
const MAX_TRIES: usize = 20;

/// The store of the counts.
#[derive(Debug, Clone)]
pub(crate) struct Attempts {
    client: Client,
    table: String,
}

/// The time to wait until the next attempt is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RetryAfter(pub(crate) Duration);

/// A row: the number of attempts, and the time until which no other is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Counted {
    username: String,
    count: u32,
    until: Timestamp,
    #[serde(with = "seconds")]
    expires: Timestamp,
}

/// Returns the wait after this many failures: none after the first four, then 1 s, 2 s, 4 s, up to 15 minutes.
fn wait(failures: u32) -> Duration {
    match failures.checked_sub(FREE) {
        None => Duration::ZERO,
        Some(over) => Duration::from_secs(1 << over.min(20)).min(LONGEST_WAIT),
    }
}

impl Attempts {
    pub(crate) fn new(client: Client, table: String) -> Self {
        Self { client, table }
    }

    /// Counts an attempt to sign in, before it is made. So parallel guesses are counted one by one.
    ///
    /// It takes one request, and one more per conflict. An attempt that is counted but never made counts as a failure.
    pub(crate) async fn sign_in(&self, username: &Username) -> Result<Result<(), RetryAfter>, StoreError> {
        self.count(sign_ins(username), |former, now| {
            let failures = former.map_or(0, |former| former.count).saturating_add(1);
            (failures, now.saturating_add(wait(failures)), now.saturating_add(MEMORY))
        })
        .await
    }

    /// Builds the part of a transaction that deletes the failures of an account.
    pub(crate) fn delete_failures(&self, username: &Username) -> Result<TransactWriteItem, StoreError> {
        let key = USERS.key(&[&sign_ins(username)]);
        let delete = Delete::builder().table_name(&self.table).set_key(Some(key)).build()?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }

    /// Counts a sign-up from an IP address, before it is made. `limit` are allowed in the hour that begins with the
    /// first.
    pub(crate) async fn sign_up(
        &self,
        address: &str,
        limit: u32,
    ) -> Result<Result<(), RetryAfter>, StoreError> {
        self.count(format!("sign-ups#{address}"), |former, now| {
            let end = former.map_or_else(|| now.saturating_add(WINDOW), |former| former.expires);
            let count = former.map_or(0, |former| former.count) + 1;
            (count, if count < limit { now } else { end }, end)
        })
        .await
    }

    /// Increments a count, unless it is too early.
    ///
    /// `next` gets the former count, if it is still remembered, and the current time. It returns the new count, the
    /// time until which no other attempt is allowed, and the time until which the count is remembered.
    async fn count(
        &self,
        name: String,
        next: impl Fn(Option<&Counted>, Timestamp) -> (u32, Timestamp, Timestamp),
    ) -> Result<Result<(), RetryAfter>, StoreError> {
        // Most have no count. The write tells if one exists.
        let mut former: Option<Counted> = None;
        for _ in 0..MAX_TRIES {
            let now = Timestamp::now();
            if let Some(Counted { until, .. }) = former.as_ref().filter(|former| former.until > now) {
                return Ok(Err(RetryAfter(now.until(*until))));
            }
            let remembered = former.as_ref().filter(|former| former.expires > now);
            let (count, until, expires) = next(remembered, now);
            let row = Counted { username: name.clone(), count, until, expires: expires.next_second() };
            let put = self.client.put_item().table_name(&self.table).set_item(Some(to_item(&row)?));
            let put = match &former {
                None => put.condition_expression("attribute_not_exists(username)"),
                Some(former) => put
                    .condition_expression("#count = :count AND #until = :until")
                    .expression_attribute_names("#count", "count")
                    .expression_attribute_names("#until", "until")
                    .expression_attribute_values(":count", number(&former.count))
                    .expression_attribute_values(":until", text(&former.until)),
            };
            let put =
                put.return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
            match put.send().await.map_err(Error::from) {
                Ok(_) => return Ok(Ok(())),
                Err(Error::ConditionalCheckFailedException(failed)) => {
                    former = failed.item.map(from_item).transpose()?;
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Err(RetryAfter(Duration::from_secs(1))))
    }
}

fn sign_ins(username: &Username) -> String {
    format!("attempts#{username}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_start_at_a_second_after_five_failures_and_double_up_to_15_minutes() {
        let seconds: Vec<u64> = (1..=16).map(|failures| wait(failures).as_secs()).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(wait(u32::MAX), LONGEST_WAIT);
    }
}
