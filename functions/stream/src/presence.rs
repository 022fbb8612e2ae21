//! Connections.stream -> `presence`: everyone who reads a note is told who does, when somebody comes or goes.
//!
//! It is driven by the rows of a note's room and not by who writes them. However a socket comes or goes (it joins, leaves,
//! is closed, is found gone by a push, expires) its row does, and the row's record comes here, again and again until it
//! was acted on.
//!
//! Why everyone ends on the true list: a push takes a revision, *then* reads the room, then posts to those whom it read.
//! After the last change of the room, its record's push takes a revision; a list with a higher one was read later still.
//! So the highest revision that a page is sent holds the last change. Who was not in the room yet when it was read has a
//! row, and a record, that came after.

use std::collections::BTreeMap;

use aws_lambda_events::dynamodb::EventRecord;
use futures_util::StreamExt as _;
use futures_util::stream;
use notes::live::{NOTES, PRESENCE, Presence};
use notes::{NoteKey, User};
use socketio::{RemoteSocket, Revision, RoomChange, SocketIo};
use tracing::info;

use crate::{FailedRecord, push_metrics};

/// How many notes are pushed at the same time, each to as many sockets as the library's settings say.
const CONCURRENCY: usize = 8;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// Makes one push for each note whose room changed, however many came and went. Beside each stands the first record
/// that says so, to be tried again if it cannot be made.
pub(crate) async fn push<'a>(io: &SocketIo, records: &'a [EventRecord]) -> Vec<FailedRecord<'a>> {
    let mut notes = BTreeMap::new();
    for record in records {
        if let Some(key) = note(record) {
            notes.entry(key).or_insert(record);
        }
    }
    if notes.is_empty() {
        return Vec::new();
    }
    // One for all of them: it is the order of pushes that counts, and each room is read after it.
    let revision = match io.of(NOTES).next_revision().await {
        Ok(revision) => revision,
        Err(error) => {
            let reason = |record| FailedRecord { record, reason: error.to_string() };
            return notes.into_values().map(reason).collect();
        }
    };
    let pushes = notes.into_iter().map(|(key, record)| async move {
        let reason = publish_presence(io, key, revision).await.err()?.to_string();
        Some(FailedRecord { record, reason })
    });
    stream::iter(pushes).buffer_unordered(CONCURRENCY).filter_map(std::future::ready).collect().await
}

/// The note whose room a record is of.
fn note(record: &EventRecord) -> Option<NoteKey> {
    let change = RoomChange::from_record(record).filter(|change| change.namespace == NOTES)?;
    NoteKey::parse(&change.room).ok()
}

async fn publish_presence(io: &SocketIo, key: NoteKey, revision: Revision) -> Result<(), Error> {
    let mut readers = 0;
    let presence = |sockets: &[RemoteSocket]| {
        let people = sockets.iter().filter_map(RemoteSocket::data::<User>);
        let presence = Presence::of(key.clone(), revision.number(), people);
        readers = presence.readers();
        presence
    };
    let report = io.of(NOTES).to(key.as_str()).emit_with(PRESENCE, presence).await?;
    push_metrics::count_push(report);
    info!(
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
