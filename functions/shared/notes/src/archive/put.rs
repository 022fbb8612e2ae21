//! Writing imported rows, unless other rows have their keys.

use std::time::Duration;

use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

use super::{Archive, Imported};
use crate::comments::{CommentRow, check_note_exists, put_new_comment};
use crate::tables::{Row, cancellation_reasons, is_condition_failure, text};
use crate::tombstone::{Stored, Tombstone, take_key};
use crate::{Comment, Note, StoreError, Thread, Timestamp, Username, Version, board_size};

/// How far another machine's clock may be ahead.
const AHEAD: Duration = Duration::from_mins(1);

/// Explains why a line was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Another version of a note has the key.
    #[error("a note with this key exists, at version {0}")]
    OtherVersion(Version),
    /// A note with the same key and version differs.
    #[error("a note with this key and version exists, and differs")]
    OtherNote,
    /// The note with that key cannot be read.
    #[error("a note with this key exists, and cannot be read")]
    Unreadable,
    /// Its note does not exist, or another note has the key.
    #[error("its note is not there")]
    NoNote,
    /// Another comment has the id.
    #[error("a comment with this id exists, and differs")]
    OtherComment,
    /// Its times are in the future.
    #[error("its times must not be in the future")]
    Future,
    /// It was changed before it was created.
    #[error("updated must not be before created")]
    Backwards,
    /// Its version is higher than any note can have.
    #[error("version must be at most {0}")]
    TooOften(u64),
    /// Its id does not fit its time of creation.
    #[error("the time in its id must agree with created")]
    OtherTime,
}

impl Archive {
    /// Imports a note, with `importer` as its importer. One request, and one more under the key of a note that was
    /// deleted. If that note had the same or a higher version, this one begins with the next.
    pub(super) async fn put_note(&self, note: &Note, importer: &Username) -> Result<Imported, StoreError> {
        if let Some(refusal) = implausible(note, Timestamp::now()) {
            return Ok(Imported::Refused(refusal));
        }
        let mut note = note.clone();
        let mut former: Option<Tombstone> = None;
        loop {
            let put = self
                .client
                .put_item()
                .table_name(&self.table)
                .set_item(Some(note.row(&self.board)?))
                .item("importer", text(importer));
            let error = match take_key(put, former.as_ref()).send().await {
                Ok(done) => {
                    board_size::record(done.item_collection_metrics());
                    return Ok(Imported::Created);
                }
                Err(error) => error,
            };
            match error.into() {
                aws_sdk_dynamodb::Error::ConditionalCheckFailedException(failed) => {
                    match failed.item.map(Stored::read) {
                        Some(Ok(Stored::Note(there))) => return Ok(compare_existing(&note, &there)),
                        Some(Ok(Stored::Tombstone(tombstone))) => {
                            // No version of a key may name two texts, because entity tags are versions.
                            if note.version <= tombstone.version {
                                note.version = tombstone.version.next();
                            }
                            former = Some(tombstone);
                        }
                        Some(Err(_)) | None => return Ok(Imported::Refused(Refusal::Unreadable)),
                    }
                }
                error => return Err(error.into()),
            }
        }
    }

    /// Imports comments of a thread, with distinct ids. One transaction if none or all of them exist, two if some do.
    pub(super) async fn put_comments(
        &self,
        thread: &Thread,
        comments: Vec<Comment>,
        importer: &Username,
    ) -> Result<Vec<Imported>, StoreError> {
        let now = Timestamp::now();
        let mut outcomes: Vec<Option<Imported>> =
            comments.iter().map(|comment| out_of_time(comment, now).map(Imported::Refused)).collect();
        loop {
            let open: Vec<usize> = (0..comments.len()).filter(|&index| outcomes[index].is_none()).collect();
            if open.is_empty() {
                return Ok(outcomes.into_iter().flatten().collect());
            }
            let mut write =
                self.client.transact_write_items().transact_items(check_note_exists(&self.table, thread)?);
            for &index in &open {
                write = write.transact_items(self.comment_put(thread, &comments[index], importer)?);
            }
            let Err(error) = write.send().await else {
                for index in open {
                    outcomes[index] = Some(Imported::Created);
                }
                continue;
            };
            let error = aws_sdk_dynamodb::Error::from(error);
            // One for each part of the transaction, in order: the check of the note, then the comments.
            let [of_note, of_comments @ ..] = cancellation_reasons(&error) else { return Err(error.into()) };
            let is_noteless = is_condition_failure(of_note);
            if !is_noteless && !of_comments.iter().any(is_condition_failure) {
                return Err(error.into());
            }
            for (index, reason) in open.into_iter().zip(of_comments) {
                if is_noteless {
                    outcomes[index] = Some(Imported::Refused(Refusal::NoNote));
                } else if is_condition_failure(reason) {
                    outcomes[index] = Some(compare_existing_comment(&comments[index], reason));
                }
            }
        }
    }

    fn comment_put(
        &self,
        thread: &Thread,
        comment: &Comment,
        importer: &Username,
    ) -> Result<TransactWriteItem, StoreError> {
        let mut row: Row = to_item(CommentRow::new(thread, comment))?;
        row.insert("importer".into(), text(importer));
        put_new_comment(&self.table, row)
    }
}

/// Returns why a note is implausible. A note from the future would stay on top of the list until then.
fn implausible(note: &Note, now: Timestamp) -> Option<Refusal> {
    if note.updated < note.created {
        return Some(Refusal::Backwards);
    }
    if is_future(note.updated, now) {
        return Some(Refusal::Future);
    }
    let most = max_version(now);
    (note.version.get() > most).then_some(Refusal::TooOften(most))
}

/// Returns the highest version that a note can have by now: one for each millisecond since 1970. No note is written as
/// often, so every export can be imported. JavaScript counts 5,000 times as far.
fn max_version(now: Timestamp) -> u64 {
    now.saturating_add(AHEAD).as_millisecond().try_into().unwrap_or_default()
}

/// Returns why a comment's times are implausible. A comment from the future would stay above all others until then.
fn out_of_time(comment: &Comment, now: Timestamp) -> Option<Refusal> {
    if is_future(comment.created, now) {
        return Some(Refusal::Future);
    }
    (!comment.id.agrees_with(comment.created)).then_some(Refusal::OtherTime)
}

fn is_future(moment: Timestamp, now: Timestamp) -> bool {
    moment > now.saturating_add(AHEAD)
}

/// Returns the outcome for a note whose key is taken. The importers may differ, and the existing note may have a
/// higher version after an earlier import.
fn compare_existing(note: &Note, there: &Note) -> Imported {
    let same = Note {
        version: there.version,
        listed: there.listed,
        document: there.document.clone(),
        importer: there.importer.clone(),
        ..note.clone()
    };
    if there.version >= note.version && *there == same {
        Imported::Skipped
    } else if there.version == note.version {
        Imported::Refused(Refusal::OtherNote)
    } else {
        Imported::Refused(Refusal::OtherVersion(there.version))
    }
}

/// Returns the outcome for a comment whose id is taken. The importers may differ.
fn compare_existing_comment(comment: &Comment, reason: &CancellationReason) -> Imported {
    let there = reason.item.clone().and_then(|row| from_item::<CommentRow>(row).ok()).map(Comment::from);
    match there {
        Some(there) if there == (Comment { importer: there.importer.clone(), ..comment.clone() }) => {
            Imported::Skipped
        }
        _ => Imported::Refused(Refusal::OtherComment),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, DocumentId, NoteKey, Title};

    fn note(created: Timestamp, updated: Timestamp) -> Note {
        Note {
            key: NoteKey::parse("a").unwrap(),
            title: Title::parse("A").unwrap(),
            body: Body::parse("").unwrap(),
            author: Username::parse("ada").unwrap(),
            editor: Username::parse("bob").unwrap(),
            version: Version::FIRST,
            created,
            updated,
            listed: updated,
            document: DocumentId::generate(),
            importer: None,
        }
    }

    #[test]
    fn a_clock_may_be_at_most_a_minute_ahead() {
        let now = Timestamp::now();
        let ahead = |seconds| now.saturating_add(Duration::from_secs(seconds));
        assert_eq!(implausible(&note(now, ahead(60)), now), None);
        assert_eq!(implausible(&note(now, ahead(61)), now), Some(Refusal::Future));
        assert_eq!(implausible(&note(ahead(61), ahead(61)), now), Some(Refusal::Future));
    }

    #[test]
    fn a_note_updated_before_its_creation_is_refused() {
        let now = Timestamp::now();
        assert_eq!(implausible(&note(now, now), now), None);
        let later = now.saturating_add(Duration::from_millis(1));
        assert_eq!(implausible(&note(later, now), now), Some(Refusal::Backwards));
    }

    #[test]
    fn the_highest_version_can_still_be_imported_after_a_change() {
        let now = Timestamp::now();
        let most = max_version(now);
        let of_version = |version| Note { version: Version::new(version).unwrap(), ..note(now, now) };
        assert_eq!(implausible(&of_version(most), now), None);
        assert_eq!(implausible(&of_version(most + 1), now), Some(Refusal::TooOften(most)));
        let later = now.saturating_add(Duration::from_millis(1));
        assert_eq!(implausible(&of_version(most + 1), later), None);
        assert!(most < 1 << 53, "and JavaScript reads it exactly");
    }
}
