//! What slows guessers down: counts of sign-ins that failed, by account, and of sign-ups, by address.
//!
//! They stand in the table of accounts, under names that no account can have (`attempts#ada`). There is one for a
//! username that nobody has as well, or a guesser could tell who has an account.

use std::time::Duration;

use aws_sdk_dynamodb::types::{Delete, ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use aws_sdk_dynamodb::{Client, Error};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

use crate::tables::{USERS, number, text};
use crate::timestamp::seconds;
use crate::{StoreError, Timestamp, Username};

/// How many sign-ins may fail before there is a wait.
const FREE: u32 = 5;
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_mins(15);
/// For how long failures are remembered after the last.
const MEMORY: Duration = Duration::from_hours(24);
/// The window in which sign-ups are counted.
const WINDOW: Duration = Duration::from_hours(1);
/// How often a count is tried that others count at the same time. Each of them counted, so one more waits.
const MAX_TRIES: usize = 20;

/// The counts.
#[derive(Debug, Clone)]
pub(crate) struct Attempts {
    client: Client,
    table: String,
}

/// Why an attempt was not allowed: there were too many. The next is after this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RetryAfter(pub(crate) Duration);

/// A row: so many attempts, and no other until then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Counted {
    username: String,
    count: u32,
    until: Timestamp,
    #[serde(with = "seconds")]
    expires: Timestamp,
}

/// How long one waits after so many failures: not at all after the first four, then 1 s, 2 s, 4 s, up to a quarter of
/// an hour.
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

    /// Counts an attempt to sign in, before it is made: guesses that come side by side are counted one after the other,
    /// and wait like any others. One request, and one more for each time that somebody else was counted first.
    ///
    /// If it dies after this, an attempt that was never made is counted as one that failed.
    pub(crate) async fn sign_in(&self, username: &Username) -> Result<Result<(), RetryAfter>, StoreError> {
        self.count(sign_ins(username), |former, now| {
            let failures = former.map_or(0, |former| former.count).saturating_add(1);
            (failures, now.saturating_add(wait(failures)), now.saturating_add(MEMORY))
        })
        .await
    }

    /// The part of a transaction that forgets the failures of an account.
    pub(crate) fn delete_failures(&self, username: &Username) -> Result<TransactWriteItem, StoreError> {
        let key = USERS.key(&[&sign_ins(username)]);
        let delete = Delete::builder().table_name(&self.table).set_key(Some(key)).build()?;
        Ok(TransactWriteItem::builder().delete(delete).build())
    }

    /// Counts a sign-up from an address, before it is made: there may be `limit` in the hour that begins with the first.
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

    /// Counts one more, unless it is too early: `next` says of the former count, if it is still remembered, and of now
    /// what the count is, until when there is no other, and until when it is remembered.
    async fn count(
        &self,
        name: String,
        next: impl Fn(Option<&Counted>, Timestamp) -> (u32, Timestamp, Timestamp),
    ) -> Result<Result<(), RetryAfter>, StoreError> {
        // Most have not failed before: that is found out by counting.
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
    fn waits_begin_at_a_second_after_five_failures_and_double_up_to_a_quarter_of_an_hour() {
        let seconds: Vec<u64> = (1..=16).map(|failures| wait(failures).as_secs()).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(wait(u32::MAX), LONGEST_WAIT);
    }
}
