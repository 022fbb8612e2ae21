//! The counters that order what is pushed to a namespace, or to a room.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use serde::{Deserialize, Serialize};

use crate::connections::{Connections, key};
use crate::room::Room;
use crate::{ConnectionId, Error};

/// The sort key of a room's counter.
const REVISION: &str = "revision";

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub(crate) u64);

impl Revision {
    /// Returns the number, to be sent with the data that was read after it.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

impl Connections {
    /// Increments the revision of a room, and returns it.
    pub(crate) async fn next_revision(&self, room: &Room) -> Result<Revision, Error> {
        let count = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(counter_key(room)))
            .update_expression("ADD #value :one")
            .expression_attribute_names("#value", "value") // a reserved word
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::UpdatedNew);
        let counted = count.send().await.map_err(Error::store)?;
        revision(counted.attributes)
    }

    /// Reads the current revision of a room, strongly consistent.
    pub(crate) async fn revision(&self, room: &Room) -> Result<Revision, Error> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(counter_key(room)));
        let counter = get.consistent_read(true).send().await.map_err(Error::store)?;
        revision(counter.item)
    }
}

fn counter_key(room: &Room) -> HashMap<String, AttributeValue> {
    key(&room.counter(), &ConnectionId::new(REVISION))
}

/// Reads a counter's row. A room without pushes has none.
fn revision(row: Option<HashMap<String, AttributeValue>>) -> Result<Revision, Error> {
    #[derive(Deserialize)]
    struct Counter {
        value: Revision,
    }
    match row {
        None => Ok(Revision(0)),
        Some(row) => Ok(serde_dynamo::from_item::<_, Counter>(row)?.value),
    }
}
