//! Sockets in rooms, and the connections of a session.

use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use engineioxide_core::Sid;
use futures_util::future::{try_join, try_join_all};
use serde::Deserialize;
use serde_json::Value;
use tracing::error;

use crate::connections::{CONNECTIONS_TABLE, Connections, DATA};
use crate::json::as_string;
use crate::room::Room;
use crate::{ConnectionId, Error, clock};

/// A socket in a room.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Member {
    /// The partition of its row.
    #[serde(rename = "room")]
    pub(crate) partition: String,
    pub(crate) connection_id: ConnectionId,
    pub(crate) socket: Sid,
    pub(crate) expires: u64,
    /// The application's data of the socket, if it was read.
    #[serde(with = "as_string", default)]
    pub(crate) data: Value,
}

impl Member {
    pub(crate) fn has_expired(&self) -> bool {
        self.expires <= clock::now()
    }
}

impl Connections {
    /// Reads all sockets of a room, strongly consistent. One query per partition.
    pub(crate) async fn members(&self, room: &Room) -> Result<Vec<Member>, Error> {
        self.read(room, |query| query.projection_expression("room, connectionId, socket, expires")).await
    }

    /// Reads all sockets of a room, with their data.
    pub(crate) async fn members_with_data(&self, room: &Room) -> Result<Vec<Member>, Error> {
        self.read(room, |query| {
            query
                .projection_expression("room, connectionId, socket, expires, #data")
                .expression_attribute_names("#data", DATA)
        })
        .await
    }

    async fn read(
        &self,
        room: &Room,
        project: impl Fn(QueryFluentBuilder) -> QueryFluentBuilder,
    ) -> Result<Vec<Member>, Error> {
        let partitions = room.partitions(self.shards).map(|partition| {
            let query = self
                .client
                .query()
                .table_name(&self.table)
                .consistent_read(true)
                .key_condition_expression(format!("{} = :room", CONNECTIONS_TABLE.partition_key))
                .expression_attribute_values(":room", AttributeValue::S(partition));
            self.members_of(project(query))
        });
        Ok(try_join_all(partitions).await?.into_iter().flatten().collect())
    }

    async fn members_of(&self, query: QueryFluentBuilder) -> Result<Vec<Member>, Error> {
        // One unreadable row must not keep the event from all others.
        let readable = |row| match serde_dynamo::from_item(row) {
            Ok(member) => Some(member),
            Err(error) => {
                error!(%error, "a row of a room cannot be read");
                None
            }
        };
        // Reads page by page, because the paginator's `items` costs as much per row as reading it.
        let mut pages = query.into_paginator().send();
        let mut members = Vec::new();
        while let Some(page) = pages.next().await {
            let rows = page.map_err(Error::store)?.items.unwrap_or_default();
            members.extend(rows.into_iter().filter_map(readable));
        }
        Ok(members)
    }

    /// Returns the connections that were opened with a session.
    ///
    /// The index is eventually consistent. It may miss a connection that was opened a moment ago. That connection is
    /// refused when it joins a namespace, because its session is looked up again then.
    pub(crate) async fn of_session(&self, session: &str) -> Result<Vec<ConnectionId>, Error> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Row {
            connection_id: ConnectionId,
        }
        let index = CONNECTIONS_TABLE.session_index;
        let query = self
            .client
            .query()
            .table_name(&self.table)
            .index_name(index.name)
            .key_condition_expression("#session = :session")
            .expression_attribute_names("#session", index.partition_key)
            .expression_attribute_values(":session", AttributeValue::S(session.to_owned()));
        let rows = query.into_paginator().items().send().collect::<Result<Vec<_>, _>>().await;
        let rows: Vec<Row> = serde_dynamo::from_items(rows.map_err(Error::store)?)?;
        Ok(rows.into_iter().map(|row| row.connection_id).collect())
    }

    /// Deletes the rows of a member whose connection is gone, even if its own row was deleted before.
    pub(crate) async fn remove_member(&self, member: &Member) -> Result<(), Error> {
        try_join(self.forget(&member.partition, &member.connection_id), self.remove(&member.connection_id))
            .await?;
        Ok(())
    }
}
