//! The counters that order what is pushed to a namespace, or to a room.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use serde::{Deserialize, Serialize};

use crate::connections::{Connections, key};
use crate::room::Room;
use crate::{ConnectionId, Error, clock};

/// The sort key of a room's counter.
const REVISION: &str = "revision";

/// The most changes that a counter's row names. Above that it is emptied: a row of up to 1 KB is the cheapest to write.
const MOST_DELIVERED: usize = 24;

/// The number of a push to a namespace, or to a room. Data with a higher revision was read later.
///
/// ```no_run
/// use socketio::{Error, SocketIo};
///
/// async fn push_titles(io: &SocketIo) -> Result<(), Error> {
///     let home = io.of("/home");
///     // First the revision, then the data.
///     let revision = home.next_revision().await?;
///     let titles = ["Shopping"];
///     home.emit("titles", &(revision.number(), titles)).await.map(drop)
/// }
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub(crate) u64);

impl Revision {
    /// Returns the number, to be sent with the data that was read after it.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

/// The next revision of a room that is pushed at most once in a while.
///
/// ```no_run
/// use std::time::Duration;
///
/// use socketio::{Error, Paced, SocketIo};
///
/// async fn push(io: &SocketIo, titles: &[String]) -> Result<(), Error> {
///     let room = io.of("/home").to("everybody");
///     match room.next_revision_every(Duration::from_secs(1)).await? {
///         Paced::Now(revision) => room.emit("titles", &(revision.number(), titles)).await.map(drop),
///         Paced::Wait(time) => Ok(println!("Try again in {} ms.", time.as_millis())),
///     }
/// }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paced {
    /// The push is due, and has this revision.
    Now(Revision),
    /// The last push is too recent. This is how long to wait before asking again.
    Wait(Duration),
}

/// A counter's row.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Counter {
    value: Revision,
    /// When the last push of a paced room began, in Unix milliseconds.
    pushed: u64,
    /// The changes that were delivered before the stream reported them.
    delivered: BTreeSet<String>,
}

impl Connections {
    /// Increments the revision of a room, and returns it.
    pub(crate) async fn next_revision(&self, room: &Room) -> Result<Revision, Error> {
        let count = self
            .update_counter(room)
            .update_expression("ADD #value :one")
            .expression_attribute_names("#value", "value") // a reserved word
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::UpdatedNew);
        let counted = count.send().await.map_err(Error::store)?;
        Ok(counter(counted.attributes)?.value)
    }

    /// Increments the revision of a room, and takes the marks of these changes in the same request. Returns the revision, and the
    /// changes that were marked.
    pub(crate) async fn next_revision_and_delivered(
        &self,
        room: &Room,
        changes: &BTreeSet<String>,
    ) -> Result<(Revision, BTreeSet<String>), Error> {
        if changes.is_empty() {
            return Ok((self.next_revision(room).await?, BTreeSet::new()));
        }
        let taken = self
            .update_counter(room)
            .update_expression("ADD #value :one DELETE delivered :changes")
            .expression_attribute_names("#value", "value") // a reserved word
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .expression_attribute_values(":changes", AttributeValue::Ss(changes.iter().cloned().collect()))
            .return_values(ReturnValue::AllOld);
        let Counter { value: Revision(last), delivered, .. } =
            counter(taken.send().await.map_err(Error::store)?.attributes)?;
        let (taken, others): (BTreeSet<_>, BTreeSet<_>) =
            delivered.into_iter().partition(|change| changes.contains(change));
        // Marks that came after their record stay. A change without its mark is only pushed again.
        if others.len() > MOST_DELIVERED {
            self.update_counter(room)
                .update_expression("REMOVE delivered")
                .send()
                .await
                .map_err(Error::store)?;
        }
        Ok((Revision(last + 1), taken))
    }

    /// Increments the revision of a room, unless that was done within `interval` by this method.
    pub(crate) async fn next_revision_every(&self, room: &Room, interval: Duration) -> Result<Paced, Error> {
        let now = clock::milliseconds();
        let interval = u64::try_from(interval.as_millis()).unwrap_or(u64::MAX);
        let count = self
            .update_counter(room)
            .update_expression("ADD #value :one SET pushed = :now")
            .condition_expression("attribute_not_exists(pushed) OR pushed <= :due")
            .expression_attribute_names("#value", "value") // a reserved word
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .expression_attribute_values(":now", AttributeValue::N(now.to_string()))
            .expression_attribute_values(":due", AttributeValue::N(now.saturating_sub(interval).to_string()))
            .return_values(ReturnValue::UpdatedNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        match count.send().await.map_err(SdkError::into_service_error) {
            Ok(counted) => Ok(Paced::Now(counter(counted.attributes)?.value)),
            Err(UpdateItemError::ConditionalCheckFailedException(failed)) => {
                // A clock that is ahead makes nobody wait longer than the interval.
                let due = counter(failed.item)?.pushed.saturating_add(interval).saturating_sub(now);
                Ok(Paced::Wait(Duration::from_millis(due.clamp(1, interval))))
            }
            Err(error) => Err(Error::store(error)),
        }
    }

    /// Marks a change as delivered to a room.
    pub(crate) async fn mark_delivered(&self, room: &Room, change: &str) -> Result<(), Error> {
        let mark = self
            .update_counter(room)
            .update_expression("ADD delivered :change")
            .expression_attribute_values(":change", AttributeValue::Ss(vec![change.to_owned()]));
        mark.send().await.map_err(Error::store)?;
        Ok(())
    }

    fn update_counter(&self, room: &Room) -> UpdateItemFluentBuilder {
        self.client.update_item().table_name(&self.table).set_key(Some(counter_key(room)))
    }

    /// Reads the current revision of a room, strongly consistent.
    pub(crate) async fn revision(&self, room: &Room) -> Result<Revision, Error> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(counter_key(room)));
        let read = get.consistent_read(true).send().await.map_err(Error::store)?;
        Ok(counter(read.item)?.value)
    }
}

fn counter_key(room: &Room) -> HashMap<String, AttributeValue> {
    key(&room.counter(), &ConnectionId::new(REVISION))
}

/// Reads a counter's row. A room without pushes has none.
fn counter(row: Option<HashMap<String, AttributeValue>>) -> Result<Counter, Error> {
    Ok(row.map(serde_dynamo::from_item).transpose()?.unwrap_or_default())
}
