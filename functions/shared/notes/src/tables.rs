//! The keys of the tables, and their rows.
//!
//! All keys and queries are made from these constants, and the template's tables are compared with them.

use std::collections::HashMap;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, CancellationReason};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::from_item;

/// The keys of a table, as the code uses them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TableShape {
    /// The attribute that is the partition key.
    pub partition_key: &'static str,
    /// The attribute that is the sort key.
    pub sort_key: Option<&'static str>,
    /// The index that the code queries.
    pub index: Option<IndexShape>,
    /// The attribute with the time at which a row expires, in seconds since 1970.
    pub ttl: Option<&'static str>,
}

/// The name and the keys of an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndexShape {
    /// The index's name.
    pub name: &'static str,
    /// The attribute that is the partition key.
    pub partition_key: &'static str,
    /// The attribute that is the sort key.
    pub sort_key: Option<&'static str>,
    /// The attributes that the index has besides the keys.
    pub projected: &'static [&'static str],
}

/// The attribute with the time by which the list is sorted.
pub(crate) const LISTED: &str = "listed";

/// The index of titles in the order of the list. It is a local one, so that it can be read consistently. It also lists the
/// trash, whose rows alone have the last two attributes.
pub const BY_LISTED: IndexShape = IndexShape {
    name: "by-listed",
    partition_key: "board",
    sort_key: Some(LISTED),
    projected: &["title", "editor", "tags", "snippet", "deletedBy", "expires"],
};

/// The table of notes, their comments and the trash. Only rows of the trash expire.
pub const NOTES: TableShape = TableShape {
    partition_key: "board",
    sort_key: Some("key"),
    index: Some(BY_LISTED),
    ttl: Some("expires"),
};

/// The table of edits of documents, their merged states, and the earlier texts of their notes. Only these texts expire.
pub const EDITS: TableShape =
    TableShape { partition_key: "document", sort_key: Some("id"), index: None, ttl: Some("expires") };

/// The table of boards, their members and invitations. Invitations expire.
pub const BOARDS: TableShape =
    TableShape { partition_key: "board", sort_key: Some("member"), index: None, ttl: Some("expires") };

/// The index of people, invitations and audit records. A row that administrators list has a `kind`.
pub const BY_KIND: IndexShape = IndexShape {
    name: "by-kind",
    partition_key: "kind",
    sort_key: Some("username"),
    projected: &[
        "displayName",
        "administrator",
        "disabled",
        "created",
        "lastSeen",
        "by",
        "expires",
        "uses",
        "at",
        "action",
        "target",
    ],
};

/// The kind of a row of the table of accounts. Only rows that administrators list have one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// An account that is not deleted.
    Person,
    /// An invitation to the team.
    Invitation,
    /// A record of the audit.
    Audit,
}

impl Kind {
    /// Returns the value of the attribute `kind`.
    pub(crate) fn value(self) -> AttributeValue {
        text(match self {
            Self::Person => "person",
            Self::Invitation => "invitation",
            Self::Audit => "audit",
        })
    }
}

/// The table of accounts. It also holds passkeys, invitations, audit records, and challenges and counts, which expire.
pub const USERS: TableShape =
    TableShape { partition_key: "username", sort_key: None, index: Some(BY_KIND), ttl: Some("expires") };

/// The table of sessions.
pub const SESSIONS: TableShape =
    TableShape { partition_key: "username", sort_key: Some("id"), index: None, ttl: Some("expires") };

/// A row or a key, by attribute.
pub(crate) type Row = HashMap<String, AttributeValue>;

impl TableShape {
    /// Returns the key of a row: the partition key's value, then the sort key's, if the table has one.
    pub(crate) fn key(&self, values: &[&dyn ToString]) -> Row {
        let names = [self.partition_key].into_iter().chain(self.sort_key);
        names.zip(values).map(|(name, value)| (name.to_owned(), text(*value))).collect()
    }

    /// Builds a consistent query of a partition.
    pub(crate) fn query(&self, client: &Client, table: &str, partition: &dyn ToString) -> QueryFluentBuilder {
        client
            .query()
            .table_name(table)
            .consistent_read(true)
            .key_condition_expression(format!("{} = :partition", self.partition_key))
            .expression_attribute_values(":partition", text(partition))
    }
}

impl IndexShape {
    /// Builds a query of the rows of a kind.
    pub(crate) fn query(&self, client: &Client, table: &str, kind: Kind) -> QueryFluentBuilder {
        client
            .query()
            .table_name(table)
            .index_name(self.name)
            .key_condition_expression(format!("{} = :kind", self.partition_key))
            .expression_attribute_values(":kind", kind.value())
    }

    /// Returns the position of a row, after which a page begins.
    pub(crate) fn position(&self, kind: Kind, name: &str) -> Row {
        let mut position = USERS.key(&[&name]);
        position.insert(self.partition_key.to_owned(), kind.value());
        position
    }
}

/// Reads a row of a list. Logs one that cannot be read, and leaves it out: one damaged row must not hide the list.
pub(crate) fn read_or_log<T: DeserializeOwned>(row: Row, what: &'static str) -> Option<T> {
    from_item(row).inspect_err(|error| tracing::error!(%error, "{what} cannot be read")).ok()
}

/// Returns a text attribute.
pub(crate) fn text(value: &(impl ToString + ?Sized)) -> AttributeValue {
    AttributeValue::S(value.to_string())
}

/// Returns a number attribute.
pub(crate) fn number(value: &impl ToString) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

/// Returns why each part of a transaction failed, in order. Empty if the error is another one.
pub(crate) fn cancellation_reasons(error: &aws_sdk_dynamodb::Error) -> &[CancellationReason] {
    match error {
        aws_sdk_dynamodb::Error::TransactionCanceledException(cancelled) => cancelled.cancellation_reasons(),
        _ => &[],
    }
}

/// Returns whether a part of a transaction failed because its condition did not hold.
pub(crate) fn is_condition_failure(reason: &CancellationReason) -> bool {
    reason.code() == Some("ConditionalCheckFailed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_the_attributes_of_its_table() {
        let key = NOTES.key(&[&"team", &"shopping"]);
        assert_eq!(key, Row::from([("board".into(), text("team")), ("key".into(), text("shopping"))]));
        assert_eq!(USERS.key(&[&"ada"]), Row::from([("username".into(), text("ada"))]));
    }
}
