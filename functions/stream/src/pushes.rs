//! Notes.stream -> `notetitles`: everyone in the home namespace is sent the list after it changed.

use aws_lambda_events::dynamodb::EventRecord;
use notes::{HOME, NOTETITLES, NoteEvent, NoteTitles, NotesStore};
use socketio::{Reached, SocketIo, room_for_payload};
use tracing::info;

use crate::Failed;

/// Emits what happened, and makes one push, however many records there are.
///
/// If this dies before the end, the batch comes again and so does the push. A record that cannot be read fails alone,
/// after a push that holds its change: the list is read from the table, not from the records.
pub(crate) async fn push<'a>(
    io: &SocketIo,
    notes: &NotesStore,
    records: &'a [EventRecord],
) -> Vec<Failed<'a>> {
    let unreadable =
        records.iter().filter_map(|record| Some(Failed { record, why: emit(record).err()? })).collect();
    match push_titles(io, notes).await {
        Ok(reached) if reached.missed == 0 => unreadable,
        Ok(reached) => all(records, &format!("{} sockets were neither reached nor closed", reached.missed)),
        Err(error) => all(records, &error.to_string()),
    }
}

/// First the revision, then the titles, then the room, as pages that ignore a lower revision need it.
async fn push_titles(
    io: &SocketIo,
    notes: &NotesStore,
) -> Result<Reached, Box<dyn std::error::Error + Send + Sync>> {
    let revision = io.of(HOME).next_revision().await?.number();
    let titles = NoteTitles::read(notes, revision, room_for_payload(HOME, NOTETITLES)).await?;
    let reached = io.of(HOME).emit(NOTETITLES, &titles).await?;
    info!(
        revision,
        titles = titles.rows(),
        reached = reached.reached,
        gone = reached.gone,
        closed = reached.closed,
        "notetitles"
    );
    Ok(reached)
}

/// Emits created, updated or destroyed: as a line of the log, for whoever follows what happens to notes.
fn emit(record: &EventRecord) -> Result<(), String> {
    let image = |image: &serde_dynamo::Item| (!image.is_empty()).then(|| image.clone());
    let (old, new) = (image(&record.change.old_image), image(&record.change.new_image));
    match NoteEvent::from_images(old, new).map_err(|error| format!("no note: {error}"))? {
        Some(NoteEvent::Created(note)) => info!(key = %note.key, version = %note.version, "created"),
        Some(NoteEvent::Updated(note)) => info!(key = %note.key, version = %note.version, "updated"),
        Some(NoteEvent::Destroyed(key)) => info!(%key, "destroyed"),
        None => {}
    }
    Ok(())
}

/// The first record stands for all: a trigger tries again from the first that failed.
fn all<'a>(records: &'a [EventRecord], why: &str) -> Vec<Failed<'a>> {
    records.first().map(|record| Failed { record, why: why.to_owned() }).into_iter().collect()
}
