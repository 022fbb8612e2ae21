//! The quota of writes per person and minute, over all sessions and functions.
//!
//! Each environment of a function counts in memory. After each tenth of a quota, it adds its count to the person's row of
//! this minute in the table of accounts (`usage#ada#29402891`), and so learns what others have added. A person who writes
//! as people do never gets there, so the quota costs that person's requests nothing.
//!
//! The count is not exact: each environment may let a person write a tenth more than the quota before it learns of the
//! others. An environment handles one request at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::ReturnValue;
use serde::Deserialize;
use serde_dynamo::aws_sdk_dynamodb_1::from_item;

use crate::tables::{USERS, number};
use crate::{StoreError, Timestamp, Username};

/// An environment shares its count after each of these parts of a quota.
const PARTS: u64 = 10;

/// A number of writes and their bytes: those of a person in a minute, or the quota.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct Writes {
    /// The number of writes.
    pub count: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl Writes {
    /// One write of this many bytes.
    #[must_use]
    pub fn one(bytes: u64) -> Self {
        Self { count: 1, bytes }
    }

    /// A quota of this many writes, and megabytes (1,000,000 bytes).
    #[must_use]
    pub fn quota(count: u64, megabytes: u64) -> Self {
        Self { count, bytes: megabytes.saturating_mul(1_000_000) }
    }

    fn plus(self, other: Self) -> Self {
        Self { count: self.count.saturating_add(other.count), bytes: self.bytes.saturating_add(other.bytes) }
    }

    /// Returns whether a part of a quota is exceeded. A quota of 0 has no limit.
    fn exceed(self, quota: Self) -> bool {
        let over = |writes: u64, most: u64| most > 0 && writes > most;
        over(self.count, quota.count) || over(self.bytes, quota.bytes)
    }

    /// Returns whether these are a tenth of a quota, or more.
    fn are_a_part(self, quota: Self) -> bool {
        let is_part = |writes: u64, most: u64| most > 0 && writes.saturating_mul(PARTS) >= most;
        is_part(self.count, quota.count) || is_part(self.bytes, quota.bytes)
    }
}

/// The quota of each person, and what this environment knows about the current minute.
#[derive(Debug, Clone)]
pub struct Quota {
    client: Client,
    table: String,
    most: Writes,
    known: Arc<Mutex<Known>>,
}

/// The counts of a minute, as far as this environment knows them.
#[derive(Debug, Default)]
struct Known {
    /// The number of the minute since 1970.
    minute: i64,
    people: HashMap<Username, Counts>,
}

/// The writes of a person in a minute.
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    /// The person's row, when this environment added to it last.
    shared: Writes,
    /// The writes that this environment has counted since.
    own: Writes,
}

impl Quota {
    /// Creates a quota that is shared in the table of accounts.
    pub fn new(client: Client, table: impl Into<String>, most: Writes) -> Self {
        Self { client, table: table.into(), most, known: Arc::default() }
    }

    /// Counts writes of a person before they are made. If they exceed the quota, returns the wait until the next minute,
    /// and counts nothing. No request, and one after each tenth of the quota.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn charge(
        &self,
        username: &Username,
        writes: Writes,
    ) -> Result<Result<(), Duration>, StoreError> {
        let now = Timestamp::now();
        let minute = now.as_second().div_euclid(60);
        let end = Timestamp::from_second((minute + 1) * 60).unwrap_or(now);
        let to_share = match self.count(minute, username, writes) {
            Err(()) => return Ok(Err(now.until(end))),
            Ok(to_share) => to_share,
        };
        if let Some(own) = to_share {
            let shared = self.share(minute, username, own).await?;
            self.with(minute, username, |counts| counts.shared = shared);
            // Other environments have counted the rest.
            if shared.exceed(self.most) {
                return Ok(Err(now.until(end)));
            }
        }
        Ok(Ok(()))
    }

    /// Counts writes, unless they exceed the quota. Returns what must be shared now.
    fn count(&self, minute: i64, username: &Username, writes: Writes) -> Result<Option<Writes>, ()> {
        self.with(minute, username, |counts| {
            if counts.shared.plus(counts.own).plus(writes).exceed(self.most) {
                return Err(());
            }
            counts.own = counts.own.plus(writes);
            Ok(counts.own.are_a_part(self.most).then(|| std::mem::take(&mut counts.own)))
        })
    }

    /// Changes the counts of a person in a minute, and forgets those of another minute.
    fn with<T>(&self, minute: i64, username: &Username, change: impl FnOnce(&mut Counts) -> T) -> T {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.minute != minute {
            *known = Known { minute, people: HashMap::new() };
        }
        change(known.people.entry(username.clone()).or_default())
    }

    /// Adds to the row of a person, and returns all that the person has written in the minute.
    async fn share(&self, minute: i64, username: &Username, own: Writes) -> Result<Writes, StoreError> {
        let update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(USERS.key(&[&format!("usage#{username}#{minute}")])))
            .update_expression("SET expires = :expires ADD #count :count, #bytes :bytes")
            .expression_attribute_names("#count", "count")
            .expression_attribute_names("#bytes", "bytes")
            .expression_attribute_values(":expires", number(&((minute + 2) * 60)))
            .expression_attribute_values(":count", number(&own.count))
            .expression_attribute_values(":bytes", number(&own.bytes))
            .return_values(ReturnValue::UpdatedNew);
        let updated = update.send().await?.attributes.unwrap_or_default();
        Ok(from_item(updated)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTA: Writes = Writes { count: 100, bytes: 1_000 };

    #[test]
    fn a_quota_is_exceeded_by_one_more_than_it_allows() {
        assert!(!Writes { count: 100, bytes: 1_000 }.exceed(QUOTA));
        assert!(Writes { count: 101, bytes: 0 }.exceed(QUOTA));
        assert!(Writes { count: 0, bytes: 1_001 }.exceed(QUOTA));
        assert!(!Writes { count: u64::MAX, bytes: u64::MAX }.exceed(Writes::default()), "0 means no limit");
    }

    #[test]
    fn every_minute_has_its_own_quota() {
        let config = aws_sdk_dynamodb::Config::builder().behavior_version_latest().build();
        let quota = Quota::new(Client::from_conf(config), "Users", QUOTA);
        let ada = Username::parse("ada").unwrap();
        let most = Writes { count: 100, bytes: 0 };
        assert_eq!(quota.count(7, &ada, most), Ok(Some(most)));
        quota.with(7, &ada, |counts| counts.shared = most);
        assert_eq!(quota.count(7, &ada, Writes::one(0)), Err(()));
        assert_eq!(quota.count(8, &ada, Writes::one(0)), Ok(None));
        assert_eq!(quota.known.lock().unwrap().people.len(), 1, "the former minute is forgotten");
    }

    #[test]
    fn a_tenth_of_a_quota_is_shared() {
        assert!(!Writes { count: 9, bytes: 99 }.are_a_part(QUOTA));
        assert!(Writes { count: 10, bytes: 0 }.are_a_part(QUOTA));
        assert!(Writes { count: 0, bytes: 100 }.are_a_part(QUOTA));
        assert!(Writes { count: 1, bytes: 0 }.are_a_part(Writes { count: 5, bytes: 0 }));
        assert!(!Writes { count: 1_000, bytes: 1_000 }.are_a_part(Writes::default()), "there is no limit");
    }
}
