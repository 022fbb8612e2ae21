//! Notes.stream -> pushes: everyone in the home namespace is sent the list after it changed, and everyone who reads a
//! note is told what became of it and of its comments.

use aws_lambda_events::dynamodb::EventRecord;
use futures_util::future::join;
use notes::live::{HOME, NOTETITLES, NoteTitles};
use notes::{CommentEvent, Comments, NoteEvent, NotesStore, Thread, Timestamp};
use serde_dynamo::Item;
use socketio::{DeliveryReport, SocketIo, max_payload_bytes};
use tracing::info;

use crate::note_rooms::NoteRooms;
use crate::{FailedRecord, push_metrics};

/// Emits what happened, and makes one push of the list, however many records there are, and one for each note and each
/// comment.
///
/// If this dies before the end, the batch comes again and so do the pushes. A record that cannot be read fails alone,
/// after a push that holds its change: the list is read from the table, not from the records.
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
    // The first stands for all: a trigger tries again from the first that failed.
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
    // What failed is pushed again, and is later then.
    if failed.is_empty() {
        written.into_iter().for_each(push_metrics::record_delay);
    }
    failed
}

/// First the revision, then the titles, then the room, as pages that ignore a lower revision need it.
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

/// Reads what happened to a note or a comment, for the rooms, and when it was written, where the row says so; and emits
/// it: as a line of the log, for whoever follows what happens.
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
