//! The row that remains of a deleted note.

use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{
    ReturnItemCollectionMetrics, ReturnValuesOnConditionCheckFailure as OnConditionCheckFailure,
};
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::from_item;

use crate::tables::{Row, number, text};
use crate::{BoardId, Note, NoteKey, StoreError, Timestamp, Version};

/// The attribute that only tombstones have.
pub(crate) const DELETED: &str = "deleted";

/// The row that remains of a deleted note: its key and its last version.
///
/// The next note with that key begins with the next version. So no version, and no entity tag, names two texts. The
/// row has no attribute `listed`, so it is not in the index of titles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tombstone {
    pub(crate) key: NoteKey,
    pub(crate) version: Version,
    pub(crate) deleted: Timestamp,
    /// The board to which the note was moved. `None` if it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) moved_to: Option<BoardId>,
}

/// A row of the board.
pub(crate) enum Stored {
    Note(Note),
    Tombstone(Tombstone),
}

impl Stored {
    /// Reads a row.
    pub(crate) fn read(row: Row) -> Result<Self, serde_dynamo::Error> {
        if row.contains_key(DELETED) {
            from_item(row).map(Self::Tombstone)
        } else {
            from_item(row).map(Self::Note)
        }
    }

    /// Returns the row on which a write's condition failed, or `None` if there was no row. Other errors stay errors.
    pub(crate) fn from_failed_condition<E>(error: SdkError<E>) -> Result<Option<Self>, StoreError>
    where
        aws_sdk_dynamodb::Error: From<SdkError<E>>,
    {
        match error.into() {
            aws_sdk_dynamodb::Error::ConditionalCheckFailedException(failed) => {
                Ok(failed.item.map(Self::read).transpose()?)
            }
            error => Err(error.into()),
        }
    }

    /// Returns the note, if the row is one.
    pub(crate) fn into_note(self) -> Option<Note> {
        match self {
            Self::Note(note) => Some(note),
            Self::Tombstone(_) => None,
        }
    }
}

/// Adds the condition that the key is free, or held by this tombstone only, and asks for the size of the board.
pub(crate) fn take_key(put: PutItemFluentBuilder, former: Option<&Tombstone>) -> PutItemFluentBuilder {
    let put = put
        .return_item_collection_metrics(ReturnItemCollectionMetrics::Size)
        .return_values_on_condition_check_failure(OnConditionCheckFailure::AllOld);
    match former {
        None => put.condition_expression(FREE).expression_attribute_names("#key", "key"),
        Some(Tombstone { version, deleted, .. }) => put
            .condition_expression(FORMER)
            .expression_attribute_values(":deleted", text(deleted))
            .expression_attribute_values(":version", number(version)),
    }
}

/// Adds the same condition to a part of a transaction.
pub(crate) fn former_or_free(put: PutBuilder, former: Option<&Tombstone>) -> PutBuilder {
    match former {
        None => put.condition_expression(FREE).expression_attribute_names("#key", "key"),
        Some(Tombstone { version, deleted, .. }) => put
            .condition_expression(FORMER)
            .expression_attribute_values(":deleted", text(deleted))
            .expression_attribute_values(":version", number(version)),
    }
}

const FREE: &str = "attribute_not_exists(#key)";

const FORMER: &str = "deleted = :deleted AND version = :version";
