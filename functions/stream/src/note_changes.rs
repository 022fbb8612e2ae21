//! The stream of Notes -> pushes of lists to the rooms of boards, and of notes and comments to the rooms of notes. The comments
//! of notes that are moved or gone for good are moved or deleted, earlier texts are kept, and links between notes are noted.

use std::collections::{BTreeMap, BTreeSet};

use aws_lambda_events::dynamodb::EventRecord;
use futures_util::future::join;
use futures_util::{StreamExt as _, stream};
use notes::{BoardId, CommentEvent, LeftNote, NoteEvent, Thread, Trash};
use pushes::{Delivery, Error, change, metrics};
use serde_dynamo::{AttributeValue, Item};
use socketio::{DeliveryReport, Revision};
use tracing::{info, warn};

use crate::early_marks::Change;
use crate::room_pushes::RoomPushes;
use crate::stores::Stores;
use crate::targets::Targets;
use crate::{FailedRecord, activity};

/// The number of boards that are pushed at the same time. The library's settings limit the sockets of each.
const CONCURRENCY: usize = 8;

/// The changes of a board in a batch.
struct BoardChanges<'a> {
    /// The first record stands for all: a trigger retries from the first that failed.
    first: &'a EventRecord,
    /// The changes that an early push may have delivered.
    changes: Vec<Change>,
    /// The names of those that change the list. A record that cannot be read has none, but is part of the list.
    of_list: Vec<Option<String>>,
}

/// Makes one push of the list of each board, and one for each note and comment that changed. It leaves out what an early push
/// has delivered.
///
/// If it fails half-way, the batch is repeated, and so are the pushes. An unreadable record fails alone, after a push
/// that includes its change: the list is read from the table, not from the records.
pub(crate) async fn push<'a>(
    targets: &Targets,
    stores: &Stores,
    records: &'a [EventRecord],
) -> Vec<FailedRecord<'a>> {
    let (mut rooms, mut changes) = (RoomPushes::default(), Vec::new());
    let mut boards: BTreeMap<_, BoardChanges<'_>> = BTreeMap::new();
    let mut failed = Vec::new();
    for record in records {
        let read = read(record, stores, &mut rooms);
        let change = read.unwrap_or_else(|reason| {
            failed.push(FailedRecord { record, reason });
            None
        });
        let (changes_list, is_comment) = (changes_list(record), Thread::holds(&record.change.keys));
        let board = if is_comment { thread(record).map(|thread| thread.board) } else { board(record) };
        // Early pushes leave out notes that change no list.
        if let Some(board) = board.filter(|_| changes_list || is_comment) {
            let new = || BoardChanges { first: record, changes: Vec::new(), of_list: Vec::new() };
            let board = boards.entry(board).or_insert_with(new);
            board.changes.extend(change.clone());
            if changes_list {
                board.of_list.push(change.as_ref().map(|change| change.name.clone()));
            }
        }
        changes.extend(change);
    }
    let taken = boards.into_iter().map(|(board, changes)| async move {
        let taken = targets.marks.take(&board, &changes.changes).await;
        (board, changes, taken)
    });
    let taken: Vec<_> = stream::iter(taken).buffer_unordered(CONCURRENCY).collect().await;
    let mut delivered = BTreeSet::new();
    let mut due = Vec::new();
    for (board, BoardChanges { first, of_list, .. }, taken) in taken {
        match taken {
            Ok((revision, marked)) => {
                if of_list.iter().any(|name| name.as_ref().is_none_or(|name| !marked.contains(name))) {
                    due.push((board, first, Some(revision)));
                } else if !of_list.is_empty() {
                    due.push((board, first, None));
                }
                delivered.extend(marked);
            }
            Err(error) => failed.push(FailedRecord { record: first, reason: error.to_string() }),
        }
    }
    let pushes = due.into_iter().map(|(board, record, revision)| async move {
        let reason = push_board(targets, stores, &board, revision).await.err()?.to_string();
        Some(FailedRecord { record, reason })
    });
    let pushes = stream::iter(pushes).buffer_unordered(CONCURRENCY);
    let titles = pushes.filter_map(std::future::ready).collect::<Vec<_>>();
    let (titles, rooms) = join(titles, rooms.push(&targets.rooms, stores, &delivered)).await;
    failed.extend(titles);
    failed.extend(rooms);
    // Failed pushes are repeated, and end later.
    if failed.is_empty() {
        let late = changes.iter().filter(|change| !delivered.contains(&change.name));
        late.filter_map(|change| change.written).for_each(metrics::record_delay);
    }
    failed
}

/// Returns whether a record changes the list of a board.
fn changes_list(record: &EventRecord) -> bool {
    let [old, new] = [&record.change.old_image, &record.change.new_image]
        .map(|image| (!image.is_empty()).then_some(image));
    let keys = &record.change.keys;
    !Thread::holds(keys) && !Trash::holds(keys) && notes::changes_list(old, new)
}

/// Returns the board of a note's record.
fn board(record: &EventRecord) -> Option<BoardId> {
    match record.change.keys.get("board") {
        Some(AttributeValue::S(board)) => BoardId::parse(board).ok(),
        _ => None,
    }
}

/// Returns the thread of a comment's record.
fn thread(record: &EventRecord) -> Option<Thread> {
    match record.change.keys.get("board") {
        Some(AttributeValue::S(thread)) => thread.clone().try_into().ok(),
        _ => None,
    }
}

/// Pushes the list of a board to its room, unless that was done, and notifies its other members that it has changed.
async fn push_board(
    targets: &Targets,
    stores: &Stores,
    board: &BoardId,
    revision: Option<Revision>,
) -> Result<(), Error> {
    let report = match revision {
        Some(revision) => targets.lists.push(board, revision).await?,
        None => DeliveryReport::default(),
    };
    // It is only a hint, and the next change gives it again.
    if let Err(error) = activity::notify(&targets.io, &stores.boards, board).await {
        warn!(%board, error, "the members of a board were not notified of a change: {error}");
    }
    Delivery::Done(report).require_complete()
}

/// Reads and logs the change of a record, and adds it to the pushes. `None` if an early push never delivers it.
fn read<'a>(
    record: &'a EventRecord,
    stores: &Stores,
    rooms: &mut RoomPushes<'a>,
) -> Result<Option<Change>, String> {
    let image = |image: &Item| (!image.is_empty()).then(|| image.clone());
    let (old, new) = (image(&record.change.old_image), image(&record.change.new_image));
    let keys = &record.change.keys;
    if Trash::holds(keys) {
        let left = Trash::left(old, new).map_err(|error| format!("not a note in the trash: {error}"))?;
        if let Some(note) = left {
            info!(board = %note.thread.board, key = %note.thread.key, "a note has left the trash");
            rooms.left_trash(record, note);
        }
        return Ok(None);
    }
    if Thread::holds(keys) {
        let event = CommentEvent::from_images(old, new).map_err(|error| format!("not a comment: {error}"))?;
        let Some(event) = event else { return Ok(None) };
        let written = match &event {
            CommentEvent::Created(_, comment) => {
                info!(key = %comment.key, id = %comment.id, "comment created");
                Some(comment.created)
            }
            CommentEvent::Destroyed(thread, id) => {
                info!(key = %thread.key, %id, "comment destroyed");
                None
            }
        };
        let name = change::of_comment(&event);
        rooms.comment(record, event);
        return Ok(Some(Change { name, written }));
    }
    if board(record).is_none() {
        return Err("a note without a board".into());
    }
    let event = NoteEvent::from_images(old, new).map_err(|error| format!("not a note: {error}"))?;
    let Some(event) = event else { return Ok(None) };
    let written = match &event {
        NoteEvent::Created(board, note) => {
            info!(%board, key = %note.key, version = %note.version, "created");
            Some(note.updated)
        }
        NoteEvent::Updated { board, old, new } => {
            info!(%board, key = %new.key, version = %new.version, "updated");
            rooms.replaced(record, old.document.clone(), stores.history.replaced(old, new));
            Some(new.updated)
        }
        NoteEvent::Destroyed(LeftNote { thread: Thread { board, key, .. }, .. }, _) => {
            info!(%board, %key, "destroyed");
            None
        }
    };
    let name = change::of_note(&event);
    rooms.note(record, event);
    Ok(Some(Change { name, written }))
}
