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
use notes::live::{NOTES, PRESENCE, Presence, note_room, room_note};
use notes::{BoardId, NoteKey, User};
use socketio::{RemoteSocket, Revision, RoomChange, SocketIo};
use tracing::info;

use crate::{FailedRecord, push_metrics};

/// The number of notes that are pushed at the same time. The library's settings limit the sockets of each.
const CONCURRENCY: usize = 8;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Makes one push for each note whose room changed. If it fails, the note's first record is retried.
pub(crate) async fn push<'a>(io: &SocketIo, records: &'a [EventRecord]) -> Vec<FailedRecord<'a>> {
    let mut notes = BTreeMap::new();
    for record in records {
        if let Some(note) = note(record) {
            notes.entry(note).or_insert(record);
        }
    }
    if notes.is_empty() {
        return Vec::new();
    }
    // One revision for all: it orders pushes, and each room is read after it.
    let revision = match io.of(NOTES).next_revision().await {
        Ok(revision) => revision,
        Err(error) => {
            let reason = |record| FailedRecord { record, reason: error.to_string() };
            return notes.into_values().map(reason).collect();
        }
    };
    let pushes = notes.into_iter().map(|((board, key), record)| async move {
        let reason = publish_presence(io, board, key, revision).await.err()?.to_string();
        Some(FailedRecord { record, reason })
    });
    stream::iter(pushes).buffer_unordered(CONCURRENCY).filter_map(std::future::ready).collect().await
}

/// Returns the note whose room changed.
fn note(record: &EventRecord) -> Option<(BoardId, NoteKey)> {
    let change = RoomChange::from_record(record).filter(|change| change.namespace == NOTES)?;
    room_note(&change.room)
}

async fn publish_presence(
    io: &SocketIo,
    board: BoardId,
    key: NoteKey,
    revision: Revision,
) -> Result<(), Error> {
    let mut readers = 0;
    let presence = |sockets: &[RemoteSocket]| {
        let people = sockets.iter().filter_map(RemoteSocket::data::<User>);
        let presence = Presence::of(board.clone(), key.clone(), revision.number(), people);
        readers = presence.readers();
        presence
    };
    let report = io.of(NOTES).to(note_room(&board, &key)).emit_with(PRESENCE, presence).await?;
    push_metrics::count_push(report);
    info!(
        %board,
        %key,
        revision = revision.number(),
        readers,
        reached = report.reached,
        gone = report.gone,
        closed = report.closed,
        "{PRESENCE}"
    );
    match report.missed {
        0 => Ok(()),
        missed => Err(format!("{missed} sockets were neither reached nor closed").into()),
    }
}
