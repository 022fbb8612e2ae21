//! The stream of Notes -> pushes of the list to the home namespace, and of notes and comments to the rooms of notes.

use aws_lambda_events::dynamodb::EventRecord;
use futures_util::future::join;
use notes::live::{HOME, NOTETITLES, NoteTitles};
use notes::{CommentEvent, Comments, NoteEvent, NotesStore, Thread, Timestamp};
use serde_dynamo::Item;
use socketio::{DeliveryReport, SocketIo, max_payload_bytes};
use tracing::info;

use crate::note_rooms::NoteRooms;
use crate::{FailedRecord, push_metrics};

/// Makes one push of the list for the whole batch, and one for each note and comment that changed.
///
/// If it fails half-way, the batch is repeated, and so are the pushes. An unreadable record fails alone, after a push
/// that includes its change: the list is read from the table, not from the records.
pub(crate) async fn push<'a>(
    io: &SocketIo,
    notes: &NotesStore,
    comments: &Comments,
    records: &'a [EventRecord],
) -> Vec<FailedRecord<'a>> {
    let (mut rooms, mut written) = (NoteRooms::default(), Vec::new());
    let mut failed: Vec<_> = records
        .iter()
        .filter_map(|record| {
            Some(FailedRecord { record, reason: read(record, &mut rooms, &mut written).err()? })
        })
        .collect();
    // The first record stands for all: a trigger retries from the first that failed.
    let of_notes = records.iter().find(|record| !Thread::holds(&record.change.keys));
    let titles = async {
        let record = of_notes?;
        let reason = match push_titles(io, notes).await {
            Ok(report) if report.missed == 0 => return None,
            Ok(report) => format!("{} sockets were neither reached nor closed", report.missed),
            Err(error) => error.to_string(),
        };
        Some(FailedRecord { record, reason })
    };
    let (titles, rooms) = join(titles, rooms.push(io, comments)).await;
    failed.extend(titles);
    failed.extend(rooms);
    // Failed pushes are repeated, and end later.
    if failed.is_empty() {
        written.into_iter().for_each(push_metrics::record_delay);
    }
    failed
}

/// Takes the revision, then reads the titles, then the room, because pages ignore a lower revision.
async fn push_titles(
    io: &SocketIo,
    notes: &NotesStore,
) -> Result<DeliveryReport, Box<dyn std::error::Error + Send + Sync>> {
    let revision = io.of(HOME).next_revision().await?.number();
    let titles = NoteTitles::read(notes, revision, max_payload_bytes(HOME, NOTETITLES)).await?;
    let report = io.of(HOME).emit(NOTETITLES, &titles).await?;
    push_metrics::count_push(report);
    info!(
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
    rooms: &mut NoteRooms<'a>,
    written: &mut Vec<Timestamp>,
) -> Result<(), String> {
    let image = |image: &Item| (!image.is_empty()).then(|| image.clone());
    let (old, new) = (image(&record.change.old_image), image(&record.change.new_image));
    if Thread::holds(&record.change.keys) {
        let event = CommentEvent::from_images(old, new).map_err(|error| format!("no comment: {error}"))?;
        let Some(event) = event else { return Ok(()) };
        match &event {
            CommentEvent::Created(comment) => {
                written.push(comment.created);
                info!(key = %comment.key, id = %comment.id, "comment created");
            }
            CommentEvent::Destroyed(thread, id) => info!(key = %thread.key, %id, "comment destroyed"),
        }
        rooms.comment(record, event);
    } else {
        let event = NoteEvent::from_images(old, new).map_err(|error| format!("no note: {error}"))?;
        let Some(event) = event else { return Ok(()) };
        if let NoteEvent::Created(note) | NoteEvent::Updated(note) = &event {
            written.push(note.updated);
        }
        match &event {
            NoteEvent::Created(note) => info!(key = %note.key, version = %note.version, "created"),
            NoteEvent::Updated(note) => info!(key = %note.key, version = %note.version, "updated"),
            NoteEvent::Destroyed(thread) => info!(key = %thread.key, "destroyed"),
        }
        rooms.note(record, event);
    }
    Ok(())
}
