//! The stream of Notes -> `noteupdated`, `notedestroyed`, `newmessage`, `destroymessage`: readers of a note see its
//! changes and its comments. The contents of a note that leaves a board or its trash are settled, earlier texts are kept, and links
//! to other notes are noted there.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use aws_lambda_events::dynamodb::EventRecord;
use futures_util::StreamExt as _;
use futures_util::stream;
use notes::{
    BoardId, Comment, CommentEvent, CommentId, DocumentId, LeftNote, LinkChanges, Note, NoteEvent, NoteKey,
    PastNote, Thread,
};
use pushes::{Error, NoteRooms, change};
use tracing::{debug, info};

use crate::FailedRecord;
use crate::stores::Stores;

/// The number of notes and comments that are pushed at the same time. The library's settings limit the sockets of
/// each.
const CONCURRENCY: usize = 8;

/// The pushes of a batch to the rooms of notes: the last state of each note and comment, with the record to retry if
/// the push fails.
#[derive(Default)]
pub(crate) struct RoomPushes<'a> {
    notes: BTreeMap<(BoardId, NoteKey), (&'a EventRecord, NoteChange)>,
    new_comments: BTreeMap<(Thread, CommentId), (&'a EventRecord, Comment)>,
    destroyed_comments: BTreeMap<Thread, (&'a EventRecord, Vec<CommentId>)>,
    links: BTreeMap<(BoardId, NoteKey), (&'a EventRecord, LinkChanges)>,
    left_trash: Vec<(&'a EventRecord, LeftNote)>,
    replaced: Vec<(&'a EventRecord, DocumentId, PastNote)>,
}

/// The change of a note. It may have been deleted, and another created under its key.
#[derive(Default)]
struct NoteChange {
    /// The names of the changes. If an early push has delivered all of them, the room has the last state.
    names: Vec<String>,
    /// The notes that had this key before.
    destroyed: Vec<LeftNote>,
    updated: Option<Note>,
}

/// A push to a room.
enum Push {
    Note((BoardId, NoteKey), NoteChange),
    NewComment(Thread, Comment),
    DestroyedComments(Thread, Vec<CommentId>),
    /// No push: the links from a note may have changed.
    Links((BoardId, NoteKey), LinkChanges),
    /// No push: a note has left the trash.
    LeftTrash(LeftNote),
    /// No push: a text was replaced that is kept.
    Replaced(DocumentId, PastNote),
}

impl<'a> RoomPushes<'a> {
    /// Adds the change of a note.
    pub(crate) fn note(&mut self, record: &'a EventRecord, event: NoteEvent) {
        let key = match &event {
            NoteEvent::Created(board, note) | NoteEvent::Updated { board, new: note, .. } => {
                (board.clone(), note.key.clone())
            }
            NoteEvent::Destroyed(LeftNote { thread, .. }, _) => (thread.board.clone(), thread.key.clone()),
        };
        self.links(record, key.clone(), &event);
        let (_, change) = self.notes.entry(key).or_insert((record, NoteChange::default()));
        change.names.push(change::of_note(&event));
        match event {
            NoteEvent::Created(_, note) | NoteEvent::Updated { new: note, .. } => change.updated = Some(note),
            NoteEvent::Destroyed(note, _) => {
                change.updated = None;
                change.destroyed.push(note);
            }
        }
    }

    /// Adds what the change of a note changes in the links from it.
    fn links(&mut self, record: &'a EventRecord, key: (BoardId, NoteKey), event: &NoteEvent) {
        let changes = match event {
            NoteEvent::Created(_, new) => LinkChanges::of(None, Some(new)),
            NoteEvent::Updated { old, new, .. } => LinkChanges::of(Some(old), Some(new)),
            NoteEvent::Destroyed(_, old) => LinkChanges::of(Some(old), None),
        };
        match self.links.entry(key) {
            Entry::Vacant(entry) => drop(entry.insert((record, changes))),
            Entry::Occupied(mut entry) => entry.get_mut().1.followed_by(changes),
        }
    }

    /// Adds the change of a comment.
    pub(crate) fn comment(&mut self, record: &'a EventRecord, event: CommentEvent) {
        match event {
            CommentEvent::Created(thread, comment) => {
                self.new_comments.insert((thread, comment.id.clone()), (record, comment));
            }
            CommentEvent::Destroyed(thread, id) => {
                self.new_comments.remove(&(thread.clone(), id.clone()));
                self.destroyed_comments.entry(thread).or_insert((record, Vec::new())).1.push(id);
            }
        }
    }

    /// Adds a note that has left the trash: it was restored, or is gone for good.
    pub(crate) fn left_trash(&mut self, record: &'a EventRecord, note: LeftNote) {
        self.left_trash.push((record, note));
    }

    /// Adds the text that a change has replaced, if it is kept.
    pub(crate) fn replaced(&mut self, record: &'a EventRecord, document: DocumentId, past: Option<PastNote>) {
        self.replaced.extend(past.map(|past| (record, document, past)));
    }

    /// Makes all pushes except those of changes that were delivered, settles the contents of notes that have left, and stores
    /// earlier texts and links. Calling it again does no harm.
    pub(crate) async fn push(
        self,
        rooms: &NoteRooms,
        stores: &Stores,
        delivered: &BTreeSet<String>,
    ) -> Vec<FailedRecord<'a>> {
        let notes = self.notes.into_iter().map(|(key, (record, change))| (record, Push::Note(key, change)));
        let new = self
            .new_comments
            .into_iter()
            .map(|((thread, _), (record, comment))| (record, Push::NewComment(thread, comment)));
        let destroyed = self
            .destroyed_comments
            .into_iter()
            .map(|(thread, (record, ids))| (record, Push::DestroyedComments(thread, ids)));
        let links =
            self.links.into_iter().map(|(key, (record, changes))| (record, Push::Links(key, changes)));
        let left = self.left_trash.into_iter().map(|(record, note)| (record, Push::LeftTrash(note)));
        let replaced = self
            .replaced
            .into_iter()
            .map(|(record, document, past)| (record, Push::Replaced(document, past)));
        let all = notes.chain(new).chain(destroyed).chain(links).chain(left).chain(replaced);
        let pushes = all.map(|(record, push)| async move {
            let reason = push_one(rooms, stores, delivered, push).await.err()?.to_string();
            Some(FailedRecord { record, reason })
        });
        stream::iter(pushes).buffer_unordered(CONCURRENCY).filter_map(std::future::ready).collect().await
    }
}

async fn push_one(
    rooms: &NoteRooms,
    stores: &Stores,
    delivered: &BTreeSet<String>,
    push: Push,
) -> Result<(), Error> {
    match push {
        Push::Note((board, key), NoteChange { names, destroyed, updated }) => {
            let is_due = names.iter().any(|name| !delivered.contains(name));
            if is_due && !destroyed.is_empty() {
                rooms.destroyed(&board, &key).await?.require_complete()?;
            }
            if let Some(note) = updated.filter(|_| is_due) {
                rooms.updated(&board, note).await?.require_complete()?;
            }
            for note in &destroyed {
                settle(stores, note).await?;
            }
        }
        Push::NewComment(thread, comment) => {
            let event = CommentEvent::Created(thread.clone(), comment.clone());
            if !delivered.contains(&change::of_comment(&event)) {
                rooms.commented(&thread, comment).await?.require_complete()?;
            }
        }
        Push::DestroyedComments(thread, mut ids) => {
            let name =
                |id: &CommentId| change::of_comment(&CommentEvent::Destroyed(thread.clone(), id.clone()));
            ids.retain(|id| !delivered.contains(&name(id)));
            // The comments of a deleted note need no push of their own.
            if ids.is_empty() || !stores.comments.note_exists(&thread).await? {
                return Ok(());
            }
            for id in ids {
                rooms.comment_destroyed(&thread, id).await?.require_complete()?;
            }
        }
        Push::Links((board, key), changes) => stores.links.store(&board, &key, &changes).await?,
        Push::LeftTrash(note) => settle(stores, &note).await?,
        Push::Replaced(document, past) => {
            stores.history.store(&document, &past).await?;
            debug!(%document, version = %past.version, expires = %past.expires, "an earlier text was kept");
        }
    }
    Ok(())
}

/// Moves the contents of a note after it, or deletes them if it is gone for good.
async fn settle(stores: &Stores, note: &LeftNote) -> Result<(), Error> {
    let comments = stores.contents.settle(note).await?;
    info!(board = %note.thread.board, key = %note.thread.key, comments, "the contents of a note were settled");
    Ok(())
}
