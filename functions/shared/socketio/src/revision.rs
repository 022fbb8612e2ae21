//! The counter that orders what is pushed to a namespace.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use serde::{Deserialize, Serialize};

use crate::connections::{Connections, key};
use crate::room::Room;
use crate::{ConnectionId, Error};

/// The sort key of a room's counter.
const REVISION: &str = "revision";

/// Where the numbered lists of a namespace stand. Who has seen a higher one has seen a later truth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub(crate) u64);

impl Revision {
    /// The number, to be sent along with what was read after it.
    #[must_use]
    pub fn number(self) -> u64 {
        self.0
    }
}

impl Connections {
    /// Takes the next revision of a room: for a list that is read after this, and pushed to all.
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

    /// The current revision of a room, strongly consistent: for a list that is read after this, for one socket.
    pub(crate) async fn revision(&self, room: &Room) -> Result<Revision, Error> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(counter_key(room)));
        let counter = get.consistent_read(true).send().await.map_err(Error::store)?;
        revision(counter.item)
    }
}

fn counter_key(room: &Room) -> HashMap<String, AttributeValue> {
    key(&room.counter(), &ConnectionId::new(REVISION))
}

/// Reads a counter's row. A room in which nothing was pushed yet has none.
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
