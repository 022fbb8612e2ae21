//! The stream of Notes -> pushes of lists to the rooms of boards, and of notes and comments to the rooms of notes. The comments
//! of notes that are moved or gone for good are moved or deleted, earlier texts are kept, and links between notes are noted.

use std::collections::BTreeMap;

use aws_lambda_events::dynamodb::EventRecord;
use futures_util::future::join;
use futures_util::{StreamExt as _, stream};
use notes::live::{HOME, NOTETITLES, NoteTitles};
use notes::{BoardId, CommentEvent, LeftNote, NoteEvent, NotesStore, Thread, Timestamp, Trash};
use serde_dynamo::{AttributeValue, Item};
use socketio::{DeliveryReport, SocketIo, max_payload_bytes};
use tracing::{info, warn};

use crate::note_rooms::NoteRooms;
use crate::stores::Stores;
use crate::{FailedRecord, activity, push_metrics};

/// The number of boards that are pushed at the same time. The library's settings limit the sockets of each.
const CONCURRENCY: usize = 8;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Makes one push of the list of each board, and one for each note and comment that changed.
///
/// If it fails half-way, the batch is repeated, and so are the pushes. An unreadable record fails alone, after a push
/// that includes its change: the list is read from the table, not from the records.
pub(crate) async fn push<'a>(
    io: &SocketIo,
    stores: &Stores,
    records: &'a [EventRecord],
) -> Vec<FailedRecord<'a>> {
    let (mut rooms, mut written) = (NoteRooms::default(), Vec::new());
    let mut failed: Vec<_> = records
        .iter()
        .filter_map(|record| {
            Some(FailedRecord { record, reason: read(record, stores, &mut rooms, &mut written).err()? })
        })
        .collect();
    // The first record of a board stands for all: a trigger retries from the first that failed.
    let mut boards = BTreeMap::new();
    for record in records.iter().filter(|record| changes_list(record)) {
        // A record without one could not be read.
        if let Some(board) = board(record) {
            boards.entry(board).or_insert(record);
        }
    }
    let pushes = boards.into_iter().map(|(board, record)| async move {
        let reason = push_board(io, stores, &board).await.err()?.to_string();
        Some(FailedRecord { record, reason })
    });
    let pushes = stream::iter(pushes).buffer_unordered(CONCURRENCY);
    let titles = pushes.filter_map(std::future::ready).collect::<Vec<_>>();
    let (titles, rooms) = join(titles, rooms.push(io, stores)).await;
    failed.extend(titles);
    failed.extend(rooms);
    // Failed pushes are repeated, and end later.
    if failed.is_empty() {
        written.into_iter().for_each(push_metrics::record_delay);
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

/// Pushes the list of a board to its room, and notifies its other members that it has changed.
async fn push_board(io: &SocketIo, stores: &Stores, board: &BoardId) -> Result<(), Error> {
    let report = push_titles(io, &stores.notes.on(board)).await?;
    // It is only a hint, and the next change gives it again.
    if let Err(error) = activity::notify(io, &stores.boards, board).await {
        warn!(%board, error, "the members of a board were not notified of a change: {error}");
    }
    match report.missed {
        0 => Ok(()),
        missed => Err(format!("{missed} sockets were neither reached nor closed").into()),
    }
}

/// Takes the revision of the room, then reads the titles, then the room, because pages ignore a lower revision.
async fn push_titles(io: &SocketIo, notes: &NotesStore) -> Result<DeliveryReport, Error> {
    let room = io.of(HOME).to(notes.board().as_str());
    let revision = room.next_revision().await?.number();
    let titles = NoteTitles::read(notes, revision, max_payload_bytes(HOME, NOTETITLES)).await?;
    let report = room.emit(NOTETITLES, &titles).await?;
    push_metrics::count_push(report);
    info!(
        board = %notes.board(),
        revision,
        titles = titles.rows(),
        reached = report.reached,
        gone = report.gone,
        closed = report.closed,
        "notetitles"
    );
    Ok(report)
}

/// Reads and logs the change of a record. Adds it to the pushes, and the time of the write to `written`.
fn read<'a>(
    record: &'a EventRecord,
    stores: &Stores,
    rooms: &mut NoteRooms<'a>,
    written: &mut Vec<Timestamp>,
) -> Result<(), String> {
    let image = |image: &Item| (!image.is_empty()).then(|| image.clone());
    let (old, new) = (image(&record.change.old_image), image(&record.change.new_image));
    let keys = &record.change.keys;
    if Trash::holds(keys) {
        let left = Trash::left(old, new).map_err(|error| format!("not a note in the trash: {error}"))?;
        if let Some(note) = left {
            info!(board = %note.thread.board, key = %note.thread.key, "a note has left the trash");
            rooms.left_trash(record, note);
        }
    } else if Thread::holds(keys) {
        let event = CommentEvent::from_images(old, new).map_err(|error| format!("not a comment: {error}"))?;
        let Some(event) = event else { return Ok(()) };
        match &event {
            CommentEvent::Created(_, comment) => {
                written.push(comment.created);
                info!(key = %comment.key, id = %comment.id, "comment created");
            }
            CommentEvent::Destroyed(thread, id) => info!(key = %thread.key, %id, "comment destroyed"),
        }
        rooms.comment(record, event);
    } else {
        if board(record).is_none() {
            return Err("a note without a board".into());
        }
        let event = NoteEvent::from_images(old, new).map_err(|error| format!("not a note: {error}"))?;
        let Some(event) = event else { return Ok(()) };
        if let NoteEvent::Created(_, note) | NoteEvent::Updated { new: note, .. } = &event {
            written.push(note.updated);
        }
        match &event {
            NoteEvent::Created(board, note) => {
                info!(%board, key = %note.key, version = %note.version, "created");
            }
            NoteEvent::Updated { board, old, new } => {
                info!(%board, key = %new.key, version = %new.version, "updated");
                rooms.replaced(record, old.document.clone(), stores.history.replaced(old, new));
            }
            NoteEvent::Destroyed(LeftNote { thread: Thread { board, key, .. }, .. }, _) => {
                info!(%board, %key, "destroyed");
            }
        }
        rooms.note(record, event);
    }
    Ok(())
}
