//! Rate limits: failed attempts at passwords, and sign-ups per network.
//!
//! The counts are in the table of accounts, under names that no account can have. Unknown usernames have counts as well, or
//! an attacker could find out which accounts exist.
//!
//! | name | counts | limit |
//! |---|---|---|
//! | `attempts#ada#device#DIGEST` | failures of a device that has signed in to the account before | waits |
//! | `attempts#ada#network#203.0.113.7` | failures of other clients of this network | waits |
//! | `attempts#ada#hour#2026-11-23T20:00:00.000Z` | failures of all other clients in this hour | [`HOURLY_LIMIT`] |
//! | `attempts#ada#session#DIGEST` | failures at the password prompts of a session | waits |
//! | `sign-ups#203.0.113.7` | sign-ups from this network | a parameter |
//! | `passkey-sign-ins#203.0.113.7` | challenges for sign-ins with a passkey from this network | [`PASSKEY_LIMIT`] |
//!
//! Strangers never write the counts of known devices and sessions, so they cannot make those wait.

use std::time::Duration;

use aws_sdk_dynamodb::types::{Delete, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update};
use aws_sdk_dynamodb::{Client, Error};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

use crate::tables::{USERS, number, text};
use crate::timestamp::seconds;
use crate::{StoreError, Timestamp, Username};

/// The number of failures without a wait, plus one.
const FREE: u32 = 5;
/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_mins(15);
/// How long failures are remembered after the last.
const MEMORY: Duration = Duration::from_hours(24);
/// The most failures at a username per hour, of all clients together that are no known devices.
const HOURLY_LIMIT: u32 = 100;
/// The most challenges per network and hour. Nobody can guess a signature, so this only bounds what strangers write.
const PASSKEY_LIMIT: u32 = 300;
/// The window in which sign-ups and challenges are counted, and failures at a username.
const WINDOW: Duration = Duration::from_hours(1);
/// The most tries to write a count, when others count at the same time.
const MAX_TRIES: usize = 20;

/// The store of the counts.
#[derive(Debug, Clone)]
pub(crate) struct Attempts {
    client: Client,
    table: String,
}

/// The client that tries a password. Each has its own count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// A device that has signed in to the account before, by the digest of its token.
    KnownDevice(String),
    /// Another client, by its network.
    Network(String),
    /// A session of the account, by its digest. Counts are per session, so that nobody with a session of another device can
    /// keep its owner from changing the password.
    Session(String),
}

/// A password attempt that was counted.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    /// The name of the source's count.
    name: String,
    /// The count of all unknown clients, if this attempt is one of theirs.
    hour: Option<Hour>,
}

/// The count of the failures at a username in an hour.
#[derive(Debug, Clone)]
struct Hour {
    name: String,
    end: Timestamp,
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

impl Source {
    /// Returns the name of this source's count for a username.
    fn count_of(&self, username: &Username) -> String {
        match self {
            Self::KnownDevice(digest) => format!("attempts#{username}#device#{digest}"),
            Self::Network(network) => format!("attempts#{username}#network#{network}"),
            Self::Session(digest) => format!("attempts#{username}#session#{digest}"),
        }
    }
}

impl Hour {
    /// Returns the hour of the clock that contains a time. So one write without a read can count.
    fn of(username: &Username, time: Timestamp) -> Self {
        let since = time.as_second().rem_euclid(WINDOW.as_secs().cast_signed()).unsigned_abs();
        let begin = time.whole_second().saturating_sub(Duration::from_secs(since));
        Self { name: format!("attempts#{username}#hour#{begin}"), end: begin.saturating_add(WINDOW) }
    }
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

    /// Counts an attempt at a password, before it is made. So parallel guesses are counted one by one.
    ///
    /// It takes one request for a known device or a session, two for another client, and one more per conflict. An attempt
    /// that is counted but never made counts as a failure. So does one that the hour's limit refuses, for its network.
    pub(crate) async fn password(
        &self,
        username: &Username,
        source: &Source,
    ) -> Result<Result<Attempt, RetryAfter>, StoreError> {
        let name = source.count_of(username);
        let counted = self.count(name.clone(), |former, now| {
            let failures = former.map_or(0, |former| former.count).saturating_add(1);
            (failures, now.saturating_add(wait(failures)), now.saturating_add(MEMORY))
        });
        if let Err(wait) = counted.await? {
            return Ok(Err(wait));
        }
        // A network that must wait does not get here, so one network alone cannot reach the hour's limit.
        let hour = match source {
            Source::Network(_) => match self.count_in_hour(username).await? {
                Ok(hour) => Some(hour),
                Err(wait) => return Ok(Err(wait)),
            },
            Source::KnownDevice(_) | Source::Session(_) => None,
        };
        Ok(Ok(Attempt { name, hour }))
    }

    /// Builds the parts of a transaction that clear the failures of an attempt's source, as its password was right. The
    /// failures of other sources stay.
    pub(crate) fn clear(&self, attempt: &Attempt) -> Result<Vec<TransactWriteItem>, StoreError> {
        let key = USERS.key(&[&attempt.name]);
        let delete = Delete::builder().table_name(&self.table).set_key(Some(key)).build()?;
        let mut parts = vec![TransactWriteItem::builder().delete(delete).build()];
        if let Some(hour) = &attempt.hour {
            let update = Update::builder()
                .table_name(&self.table)
                .set_key(Some(USERS.key(&[&hour.name])))
                // The row may have expired in the meantime. A new one must expire as well.
                .update_expression("SET expires = :expires ADD #count :change")
                .expression_attribute_names("#count", "count")
                .expression_attribute_values(":expires", number(&hour.end.as_second()))
                .expression_attribute_values(":change", number(&-1));
            parts.push(TransactWriteItem::builder().update(update.build()?).build());
        }
        Ok(parts)
    }

    /// Counts a sign-up from a network, before it is made. `limit` are allowed in the hour that begins with the first.
    pub(crate) async fn sign_up(
        &self,
        network: &str,
        limit: u32,
    ) -> Result<Result<(), RetryAfter>, StoreError> {
        self.count_in_window(format!("sign-ups#{network}"), limit).await
    }

    /// Counts a challenge for a sign-in with a passkey from a network, before it is made.
    pub(crate) async fn passkey_sign_in(&self, network: &str) -> Result<Result<(), RetryAfter>, StoreError> {
        self.count_in_window(format!("passkey-sign-ins#{network}"), PASSKEY_LIMIT).await
    }

    /// Counts something of which `limit` are allowed in the window that begins with the first.
    async fn count_in_window(&self, name: String, limit: u32) -> Result<Result<(), RetryAfter>, StoreError> {
        self.count(name, |former, now| {
            let end = former.map_or_else(|| now.saturating_add(WINDOW), |former| former.expires);
            let count = former.map_or(0, |former| former.count) + 1;
            (count, if count < limit { now } else { end }, end)
        })
        .await
    }

    /// Counts an attempt of a client that is no known device, unless there were [`HOURLY_LIMIT`] in this hour. One request.
    ///
    /// It updates one row without a transaction, because many networks may write it at once and transactions would conflict.
    /// A retry after a lost response counts twice: that is stricter, never laxer.
    async fn count_in_hour(&self, username: &Username) -> Result<Result<Hour, RetryAfter>, StoreError> {
        let now = Timestamp::now();
        let hour = Hour::of(username, now);
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(USERS.key(&[&hour.name])))
            .condition_expression("attribute_not_exists(username) OR #count < :limit")
            .update_expression("SET expires = :expires ADD #count :change")
            .expression_attribute_names("#count", "count")
            .expression_attribute_values(":limit", number(&HOURLY_LIMIT))
            .expression_attribute_values(":expires", number(&hour.end.as_second()))
            .expression_attribute_values(":change", number(&1));
        match update.send().await.map_err(Error::from) {
            Ok(_) => Ok(Ok(hour)),
            Err(Error::ConditionalCheckFailedException(_)) => Ok(Err(RetryAfter(now.until(hour.end)))),
            Err(error) => Err(error.into()),
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_start_at_a_second_after_five_failures_and_double_up_to_15_minutes() {
        let seconds: Vec<u64> = (1..=16).map(|failures| wait(failures).as_secs()).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(wait(u32::MAX), LONGEST_WAIT);
    }

    #[test]
    fn an_hour_begins_and_ends_with_the_clock() {
        let ada = Username::parse("ada").unwrap();
        let hour = |text: &str| Hour::of(&ada, Timestamp::parse(text).unwrap());
        let eight = "attempts#ada#hour#2026-11-23T20:00:00.000Z";
        assert_eq!(hour("2026-11-23T20:00:00.000Z").name, eight);
        assert_eq!(hour("2026-11-23T20:59:59.999Z").name, eight);
        assert_eq!(hour("2026-11-23T20:59:59.999Z").end.to_string(), "2026-11-23T21:00:00.000Z");
        assert_ne!(hour("2026-11-23T21:00:00.000Z").name, eight);
    }
}
