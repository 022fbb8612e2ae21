//! The stream of Notes -> `noteupdated`, `notedestroyed`, `newmessage`, `destroymessage`: readers of a note see its
//! changes and its comments.

use std::collections::BTreeMap;

use aws_lambda_events::dynamodb::EventRecord;
use futures_util::StreamExt as _;
use futures_util::stream;
use notes::live::{
    DESTROYMESSAGE, DestroyMessage, NEWMESSAGE, NOTEDESTROYED, NOTES, NOTEUPDATED, NewMessage, NoteDestroyed,
    NoteUpdated,
};
use notes::{Comment, CommentEvent, CommentId, Comments, Note, NoteEvent, NoteKey, Thread};
use serde::Serialize;
use socketio::{SocketIo, max_payload_bytes};
use tracing::info;

use crate::{FailedRecord, push_metrics};

/// The number of notes and comments that are pushed at the same time. The library's settings limit the sockets of
/// each.
const CONCURRENCY: usize = 8;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// The pushes of a batch to the rooms of notes: the last state of each note and comment, with the record to retry if
/// the push fails.
#[derive(Default)]
pub(crate) struct NoteRooms<'a> {
    notes: BTreeMap<NoteKey, (&'a EventRecord, NoteChange)>,
    new_comments: BTreeMap<CommentId, (&'a EventRecord, Comment)>,
    destroyed_comments: BTreeMap<Thread, (&'a EventRecord, Vec<CommentId>)>,
}

/// The change of a note. It may have been deleted, and another created under its key.
#[derive(Default)]
struct NoteChange {
    destroyed: Vec<Thread>,
    updated: Option<Note>,
}

/// A push to a room.
enum Push {
    Note(NoteKey, NoteChange),
    NewComment(Comment),
    DestroyedComments(Thread, Vec<CommentId>),
}

impl<'a> NoteRooms<'a> {
    /// Adds the change of a note.
    pub(crate) fn note(&mut self, record: &'a EventRecord, event: NoteEvent) {
        let key = match &event {
            NoteEvent::Created(note) | NoteEvent::Updated(note) => note.key.clone(),
            NoteEvent::Destroyed(thread) => thread.key.clone(),
        };
        let (_, change) = self.notes.entry(key).or_insert((record, NoteChange::default()));
        match event {
            NoteEvent::Created(note) | NoteEvent::Updated(note) => change.updated = Some(note),
            NoteEvent::Destroyed(thread) => {
                change.updated = None;
                change.destroyed.push(thread);
            }
        }
    }

    /// Adds the change of a comment.
    pub(crate) fn comment(&mut self, record: &'a EventRecord, event: CommentEvent) {
        match event {
            CommentEvent::Created(comment) => {
                self.new_comments.insert(comment.id.clone(), (record, comment));
            }
            CommentEvent::Destroyed(thread, id) => {
                self.new_comments.remove(&id);
                self.destroyed_comments.entry(thread).or_insert((record, Vec::new())).1.push(id);
            }
        }
    }

    /// Makes all pushes, and deletes the comments of deleted notes. Calling it again does no harm.
    pub(crate) async fn push(self, io: &SocketIo, comments: &Comments) -> Vec<FailedRecord<'a>> {
        let notes = self.notes.into_iter().map(|(key, (record, change))| (record, Push::Note(key, change)));
        let new =
            self.new_comments.into_values().map(|(record, comment)| (record, Push::NewComment(comment)));
        let destroyed = self
            .destroyed_comments
            .into_iter()
            .map(|(thread, (record, ids))| (record, Push::DestroyedComments(thread, ids)));
        let pushes = notes.chain(new).chain(destroyed).map(|(record, push)| async move {
            let reason = push_one(io, comments, push).await.err()?.to_string();
            Some(FailedRecord { record, reason })
        });
        stream::iter(pushes).buffer_unordered(CONCURRENCY).filter_map(std::future::ready).collect().await
    }
}

async fn push_one(io: &SocketIo, comments: &Comments, push: Push) -> Result<(), Error> {
    match push {
        Push::Note(key, NoteChange { destroyed, updated }) => {
            if !destroyed.is_empty() {
                emit(io, &key, NOTEDESTROYED, &NoteDestroyed { key: key.clone() }).await?;
            }
            if let Some(note) = updated {
                let update = NoteUpdated::fitting(note, max_payload_bytes(NOTES, NOTEUPDATED));
                emit(io, &key, NOTEUPDATED, &update).await?;
            }
            for thread in destroyed {
                let deleted = comments.delete_all(&thread).await?;
                info!(%key, comments = deleted, "a note took its comments along");
            }
        }
        Push::NewComment(message) => {
            let key = message.key.clone();
            emit(io, &key, NEWMESSAGE, &NewMessage { message }).await?;
        }
        // The comments of a deleted note need no push of their own.
        Push::DestroyedComments(thread, _) if !comments.note_exists(&thread).await? => {}
        Push::DestroyedComments(thread, ids) => {
            for id in ids {
                emit(io, &thread.key, DESTROYMESSAGE, &DestroyMessage { id }).await?;
            }
        }
    }
    Ok(())
}

async fn emit(
    io: &SocketIo,
    key: &NoteKey,
    event: &'static str,
    payload: &impl Serialize,
) -> Result<(), Error> {
    let report = io.of(NOTES).to(key.as_str()).emit(event, payload).await?;
    push_metrics::count_push(report);
    info!(
        %key,
        reached = report.reached,
        gone = report.gone,
        closed = report.closed,
        "{event}"
    );
    match report.missed {
        0 => Ok(()),
        missed => Err(format!("{missed} sockets were neither reached nor closed").into()),
    }
}
