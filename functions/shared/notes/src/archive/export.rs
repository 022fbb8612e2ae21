//! Exporting the archive, page by page.

use aws_sdk_dynamodb::operation::query::QueryOutput;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde::Deserialize;
use serde_dynamo::aws_sdk_dynamodb_1::from_item;

use super::{Archive, ArchiveCursor, ArchivedComment, Line};
use crate::comments::CommentRow;
use crate::tables::{NOTES, Row};
use crate::tombstone::Stored;
use crate::{Comment, CommentId, Note, NoteKey, StoreError, Thread};

/// The most notes of a page, and the most rows of the board that are read for it. Each note takes a query for its
/// comments, which takes a second or two for all.
const MAX_NOTES: usize = 500;

/// The number of notes whose comments are read at the same time.
const CONCURRENCY: usize = 16;

/// The number of comments that are read with their note. The rest is read in pages of 1 MB.
const FIRST_COMMENTS: i32 = 100;

/// A page of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchivePage {
    /// The lines, each with a line feed.
    pub lines: String,
    /// The cursor of the next page, if there is one. That page may be empty.
    pub next: Option<ArchiveCursor>,
}

impl ArchivePage {
    /// The most bytes of a page. A response of Lambda may have 6,291,556 bytes. A page takes a third more in base64,
    /// and leaves half a megabyte for headers. Two of the longest lines fit.
    pub const LARGEST: usize = 4 * 1024 * 1024;
}

/// A page that is being built.
#[derive(Default)]
struct PageBuilder {
    lines: String,
    /// The cursor after the last line.
    place: Option<ArchiveCursor>,
}

impl PageBuilder {
    /// Adds a line and the cursor after it. Returns `false` if the page is full.
    fn add(&mut self, line: &Line, place: ArchiveCursor) -> bool {
        let line = serde_json::to_string(line).expect("strings and numbers are valid in JSON");
        let fits = self.lines.len() + line.len() < ArchivePage::LARGEST;
        if fits {
            self.lines.push_str(&line);
            self.lines.push('\n');
            self.place = Some(place);
        }
        fits
    }

    /// Finishes a page that has a successor.
    fn with_more(self) -> ArchivePage {
        ArchivePage { lines: self.lines, next: self.place }
    }

    /// Finishes the last page.
    fn complete(self) -> ArchivePage {
        ArchivePage { lines: self.lines, next: None }
    }
}

impl Archive {
    /// Reads a page, from the beginning or from a cursor.
    ///
    /// Notes are sorted by key and read consistently. The pages contain each note once, except notes that are created
    /// or deleted in the meantime.
    ///
    /// # Errors
    /// If the table fails.
    pub async fn page(&self, from: Option<&ArchiveCursor>) -> Result<ArchivePage, StoreError> {
        let mut page = PageBuilder::default();
        let thread = match from {
            Some(ArchiveCursor::AfterComment(key, created, id)) => Some((key, created, Some(id))),
            Some(ArchiveCursor::BeforeComments(key, created)) => Some((key, created, None)),
            Some(ArchiveCursor::AfterNote(_)) | None => None,
        };
        if let Some((key, created, after)) = thread {
            let thread = Thread { board: self.board.clone(), key: key.clone(), created: *created };
            let first = self.comments(&thread, after, None).await?;
            if !self.add_comments(&mut page, &thread, first).await? {
                return Ok(page.with_more());
            }
        }
        let mut after = from.map(|place| NOTES.key(&[&self.board, place.key()]));
        let mut remaining = MAX_NOTES;
        loop {
            let (notes, read, last) = self.notes(after, remaining).await?;
            remaining = remaining.saturating_sub(read);
            let mut notes =
                stream::iter(notes).map(|note| self.with_first_comments(note)).buffered(CONCURRENCY);
            while let Some((note, comments)) = notes.try_next().await? {
                let thread = Thread::of(&self.board, &note);
                if !page
                    .add(&Line::Note(note), ArchiveCursor::BeforeComments(thread.key.clone(), thread.created))
                    || !self.add_comments(&mut page, &thread, comments).await?
                {
                    return Ok(page.with_more());
                }
            }
            let Some(last) = last else { return Ok(page.complete()) };
            // The row may be a tombstone, and the page empty.
            page.place = Some(ArchiveCursor::AfterNote(last_key(&last)?));
            if remaining == 0 {
                return Ok(page.with_more());
            }
            after = Some(last);
        }
    }

    /// Adds a thread's comments, or returns `false` if the page is full.
    async fn add_comments(
        &self,
        page: &mut PageBuilder,
        thread: &Thread,
        mut comments: Comments,
    ) -> Result<bool, StoreError> {
        loop {
            for comment in comments.read {
                let Thread { key, created, .. } = thread.clone();
                let place = ArchiveCursor::AfterComment(key, created, comment.id.clone());
                let line = Line::Comment(ArchivedComment { comment, note_created: thread.created });
                if !page.add(&line, place) {
                    return Ok(false);
                }
            }
            let Some(last) = comments.last else { break };
            comments = self.comments_after(thread, Some(last), None).await?;
        }
        page.place = Some(ArchiveCursor::AfterNote(thread.key.clone()));
        Ok(true)
    }

    async fn with_first_comments(&self, note: Note) -> Result<(Note, Comments), StoreError> {
        let comments = self.comments(&Thread::of(&self.board, &note), None, Some(FIRST_COMMENTS)).await?;
        Ok((note, comments))
    }

    /// Reads notes by key, after a row: at most `limit` rows and 1 MB. Returns the notes, the number of rows, and the
    /// last row if there are more.
    async fn notes(
        &self,
        after: Option<Row>,
        limit: usize,
    ) -> Result<(Vec<Note>, usize, Option<Row>), StoreError> {
        let query = NOTES
            .query(&self.client, &self.table, &self.board)
            .limit(i32::try_from(limit).unwrap_or(i32::MAX))
            .set_exclusive_start_key(after);
        let QueryOutput { items, last_evaluated_key, .. } = query.send().await?;
        let rows = items.unwrap_or_default();
        let read = rows.len();
        let stored = rows.into_iter().filter_map(|row| ok_or_log(Stored::read(row)));
        Ok((stored.filter_map(Stored::into_note).collect(), read, last_evaluated_key))
    }

    async fn comments(
        &self,
        thread: &Thread,
        after: Option<&CommentId>,
        limit: Option<i32>,
    ) -> Result<Comments, StoreError> {
        let after = after.map(|id| NOTES.key(&[thread, id]));
        self.comments_after(thread, after, limit).await
    }

    async fn comments_after(
        &self,
        thread: &Thread,
        after: Option<Row>,
        limit: Option<i32>,
    ) -> Result<Comments, StoreError> {
        let query =
            NOTES.query(&self.client, &self.table, thread).set_limit(limit).set_exclusive_start_key(after);
        let QueryOutput { items, last_evaluated_key, .. } = query.send().await?;
        let rows =
            items.unwrap_or_default().into_iter().filter_map(|row| ok_or_log(from_item::<CommentRow>(row)));
        Ok(Comments { read: rows.map(Comment::from).collect(), last: last_evaluated_key })
    }
}

/// Comments of a thread, oldest first, and the last row if there are more.
struct Comments {
    read: Vec<Comment>,
    last: Option<Row>,
}

/// Returns the key of a row of the board.
fn last_key(row: &Row) -> Result<NoteKey, StoreError> {
    #[derive(Deserialize)]
    struct Keyed {
        key: NoteKey,
    }
    Ok(from_item::<Keyed>(row.clone())?.key)
}

/// Logs an unreadable row and leaves it out, as in the list of titles.
fn ok_or_log<T>(read: Result<T, serde_dynamo::Error>) -> Option<T> {
    read.inspect_err(|error| tracing::error!(%error, "a row cannot be read")).ok()
}
