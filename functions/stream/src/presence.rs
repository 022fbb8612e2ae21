//! The stream of Connections -> `presence`: readers of a note see its other readers.
//!
//! Every way to come or go (joining, leaving, being closed, being found gone by a push, expiry) writes or deletes a
//! row of the note's room. Each row causes a record, which is retried until it is handled.
//!
//! All readers end with the right list: a push takes a revision, *then* reads the room, then posts to the sockets that
//! it read. The push of the room's last change takes a revision, and a list with a higher revision was read even
//! later. So the highest revision that a page receives includes the last change. A client that joins after the read
//! writes its own row, which triggers another push.

use std::collections::BTreeMap;

use aws_lambda_events::dynamodb::EventRecord;
use futures_util::StreamExt as _;
use futures_util::stream;
use notes::live::{NOTES, room_note};
use notes::{BoardId, NoteKey};
use pushes::{Delivery, NoteRooms, change};
use socketio::RoomChange;

use crate::FailedRecord;

/// The number of boards, and of notes of each, that are pushed at the same time. The library's settings limit the sockets of each.
const CONCURRENCY: usize = 8;

/// The changes of a note's room in a batch.
struct RoomChanges<'a> {
    /// The first record stands for all: a trigger retries from the first that failed.
    first: &'a EventRecord,
    /// The names of the changes.
    names: Vec<String>,
}

/// Makes one push for each note whose room changed, unless early pushes have delivered all its changes. If it fails, the note's first
/// record is retried.
pub(crate) async fn push<'a>(rooms: &NoteRooms, records: &'a [EventRecord]) -> Vec<FailedRecord<'a>> {
    let mut boards: BTreeMap<_, BTreeMap<_, RoomChanges<'_>>> = BTreeMap::new();
    for record in records {
        let Some(change) = RoomChange::from_record(record).filter(|change| change.namespace == NOTES) else {
            continue;
        };
        let Some((board, key)) = room_note(&change.room) else { continue };
        let new = || RoomChanges { first: record, names: Vec::new() };
        let note = boards.entry(board).or_default().entry(key).or_insert_with(new);
        let (joined, left) = (change.joined.as_deref(), change.left.as_deref());
        note.names.extend(joined.map(change::of_joined).into_iter().chain(left.map(change::of_left)));
    }
    let pushes = boards.into_iter().map(|(board, notes)| push_board(rooms, board, notes));
    let failed: Vec<_> = stream::iter(pushes).buffer_unordered(CONCURRENCY).collect().await;
    failed.into_iter().flatten().collect()
}

async fn push_board<'a>(
    rooms: &NoteRooms,
    board: BoardId,
    notes: BTreeMap<NoteKey, RoomChanges<'a>>,
) -> Vec<FailedRecord<'a>> {
    // One revision for all notes of a board: it orders pushes, and each room is read after it.
    let names = notes.values().flat_map(|changes| changes.names.clone()).collect();
    let (revision, delivered) = match rooms.readers(&board).next_revision_and_delivered(&names).await {
        Ok(taken) => taken,
        Err(error) => {
            let reason =
                |changes: RoomChanges<'a>| FailedRecord { record: changes.first, reason: error.to_string() };
            return notes.into_values().map(reason).collect();
        }
    };
    // A change without a name was not marked by anybody.
    let is_due = |changes: &RoomChanges<'_>| {
        changes.names.is_empty() || changes.names.iter().any(|name| !delivered.contains(name))
    };
    let pushes = notes.into_iter().filter(|(_, changes)| is_due(changes)).map(|(key, changes)| {
        let board = board.clone();
        async move {
            let pushed = rooms.present(board, key, revision).await;
            let reason = pushed.and_then(Delivery::require_complete).err()?.to_string();
            Some(FailedRecord { record: changes.first, reason })
        }
    });
    stream::iter(pushes).buffer_unordered(CONCURRENCY).filter_map(std::future::ready).collect().await
}
