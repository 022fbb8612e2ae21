//! The history of a note: texts that it had before, fewer with age.
//!
//! The stream of the table of notes reports each change with the text that it replaced, whoever made it: a merge of edits, a
//! request or a new title. So nothing that changes a note has to know of its history, and none of its changes can be
//! forgotten. [`History::replaced`] decides whether and how long a text is kept, and TTL deletes it.
//!
//! The rows are in the table of edits, in a partition beside that of the document. They stay with it when the note is moved, in
//! the trash or restored, and are deleted with it.

mod thinning;

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

use crate::tables::{EDITS, Row, read_or_log};
use crate::timestamp::seconds;
use crate::{Body, DocumentId, Note, StoreError, Timestamp, Title, Username, Version};

/// An earlier version of a note, as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PastVersion {
    /// The version.
    pub version: Version,
    /// The title that the note had.
    pub title: Title,
    /// The user who had made the last change.
    pub editor: Username,
    /// When that was.
    pub updated: Timestamp,
    #[serde(deserialize_with = "seconds::deserialize")]
    expires: Timestamp,
}

/// An earlier version of a note, with its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastNote {
    /// The version.
    pub version: Version,
    /// The title that the note had.
    pub title: Title,
    /// The text.
    pub body: Body,
    /// The user who had made the last change.
    pub editor: Username,
    /// When that was.
    pub updated: Timestamp,
    /// When it is deleted.
    #[serde(with = "seconds")]
    pub expires: Timestamp,
}

/// A page of a history, newest version first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryPage {
    /// The versions.
    pub versions: Vec<PastVersion>,
    /// The version after which the next page begins, if there is one.
    pub next: Option<Version>,
}

/// The histories of notes, in the table of edits.
#[derive(Debug, Clone)]
pub struct History {
    client: Client,
    table: String,
    longest: Duration,
}

/// Returns the partition of the history of a document. No document's id begins as it does.
pub(crate) fn partition(document: &DocumentId) -> String {
    format!("{}{document}", History::PARTITION_PREFIX)
}

/// The sort key of a version. Later ones sort last.
fn id(version: Version) -> String {
    format!("v#{:020}", version.get())
}

impl History {
    /// The prefix of the partitions that hold a history.
    pub const PARTITION_PREFIX: &str = "history#";

    /// How long a text is kept, if nothing else is said.
    const LONGEST: Duration = Duration::from_hours(90 * 24);

    /// Creates the store of the histories in the table `edits`.
    pub fn new(client: Client, edits: impl Into<String>) -> Self {
        Self { client, table: edits.into(), longest: Self::LONGEST }
    }

    /// Returns a store that keeps texts for at most this number of days. With 0, it keeps none.
    #[must_use]
    pub fn keeping(self, days: u32) -> Self {
        Self { longest: Duration::from_hours(24) * days, ..self }
    }

    /// Returns the earlier text that a change of a note leaves, if it is kept:
    ///
    /// - for 90 days, or what [`keeping`](Self::keeping) says, if it is the last of its day, or if the change removes more than
    ///   half of the text, as somebody does who deletes everything and waits a moment;
    /// - for a week if it is the last of its hour;
    /// - for a day if it is the last of its five minutes. Days, hours and minutes are those of the clock, in UTC.
    ///
    /// The time begins with the change: before it, the note itself has the text.
    #[must_use]
    pub fn replaced(&self, old: &Note, new: &Note) -> Option<PastNote> {
        let lifetime = thinning::lifetime(old, new, self.longest)?;
        let Note { version, title, body, editor, updated, .. } = old.clone();
        let expires = new.updated.saturating_add(lifetime).next_second();
        Some(PastNote { version, title, body, editor, updated, expires })
    }

    /// Stores an earlier text of a document. Calling it again does no harm. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn store(&self, document: &DocumentId, past: &PastNote) -> Result<(), StoreError> {
        let mut row: Row = to_item(past)?;
        row.extend(EDITS.key(&[&partition(document), &id(past.version)]));
        self.client.put_item().table_name(&self.table).set_item(Some(row)).send().await?;
        Ok(())
    }

    /// Returns at most `limit` versions, newest first, from the newest or before `before`. One query per 1 MB of texts.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn page(
        &self,
        document: &DocumentId,
        limit: usize,
        before: Option<Version>,
    ) -> Result<HistoryPage, StoreError> {
        let partition = partition(document);
        // One more row shows whether there are more.
        let wanted = limit.saturating_add(1);
        let mut pages = EDITS
            .query(&self.client, &self.table, &partition)
            .consistent_read(false)
            .scan_index_forward(false)
            .projection_expression("version, title, editor, updated, expires")
            .limit(i32::try_from(wanted).unwrap_or(i32::MAX))
            .set_exclusive_start_key(before.map(|before| EDITS.key(&[&partition, &id(before)])))
            .into_paginator()
            .send();
        let (mut versions, now): (Vec<PastVersion>, _) = (Vec::new(), Timestamp::now());
        while versions.len() < wanted
            && let Some(page) = pages.try_next().await?
        {
            let rows = page.items.unwrap_or_default().into_iter();
            let read = rows.filter_map(|row| read_or_log::<PastVersion>(row, "a row of a history"));
            // TTL deletes expired rows late.
            versions.extend(read.filter(|version| now < version.expires));
        }
        let more = versions.len() > limit;
        versions.truncate(limit);
        let next = versions.last().filter(|_| more).map(|last| last.version);
        Ok(HistoryPage { versions, next })
    }

    /// Returns an earlier version with its text. `None` if there is none, or none any more. One request.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn find(
        &self,
        document: &DocumentId,
        version: Version,
    ) -> Result<Option<PastNote>, StoreError> {
        let key = EDITS.key(&[&partition(document), &id(version)]);
        let row = self.client.get_item().table_name(&self.table).set_key(Some(key)).send().await?.item;
        let past: Option<PastNote> = row.map(from_item).transpose()?;
        Ok(past.filter(|past| Timestamp::now() < past.expires))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_sort_by_number() {
        let ids = [1, 9, 10, 99, 1_000_000, u64::MAX].map(|number| id(Version::new(number).unwrap()));
        assert!(ids.is_sorted());
    }
}
