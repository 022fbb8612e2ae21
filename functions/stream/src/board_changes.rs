//! The stream of Boards -> `boards`: notifies people that their boards have changed, and removes them from the rooms of
//! boards that no longer exist for them.
//!
//! A socket joins a room in one transaction with a check of the membership. So a person who loses access after that check is
//! found in the room, and a person who lost it before does not join.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use aws_lambda_events::dynamodb::EventRecord;
use notes::live::{BOARDS, HOME, NOTES, person_room};
use notes::{BoardChange, BoardId, Boards, Username};
use pushes::metrics;
use serde::{Deserialize, Serialize};
use serde_dynamo::Item;
use socketio::{Emitter, RemoteSocket, SocketIo};
use tracing::info;

use crate::FailedRecord;
use crate::stores::Stores;

/// How long one record deletes notes of a deleted board. The function has 20 s, and a batch several records.
const PURGE_TIME: Duration = Duration::from_secs(5);

type Error = Box<dyn std::error::Error + Send + Sync>;

/// The part of a socket's data that names its user.
#[derive(Deserialize)]
struct Person {
    username: Username,
}

/// The payload of `boards`, which is an empty object.
#[derive(Serialize)]
struct Changed {}

/// Handles a batch, record by record. Calling it again does no harm.
pub(crate) async fn push<'a>(
    io: &SocketIo,
    stores: &Stores,
    records: &'a [EventRecord],
) -> Vec<FailedRecord<'a>> {
    let mut failed = Vec::new();
    for record in records {
        if let Err(error) = handle(io, stores, record).await {
            failed.push(FailedRecord { record, reason: error.to_string() });
        }
    }
    failed
}

async fn handle(io: &SocketIo, stores: &Stores, record: &EventRecord) -> Result<(), Error> {
    let image = |image: &Item| (!image.is_empty()).then(|| image.clone());
    let (old, new) = (image(&record.change.old_image), image(&record.change.new_image));
    match BoardChange::from_images(old, new).map_err(|error| format!("not a board: {error}"))? {
        None => Ok(()),
        Some(BoardChange::Board { id, old, new }) => {
            let was_team = old.as_ref().is_some_and(notes::Board::is_team);
            let is_team = new.as_ref().is_some_and(notes::Board::is_team);
            info!(board = %id, created = old.is_none(), deleted = new.is_none(), "a board has changed");
            // The first account has created the first board. It had no members before.
            if id.is_permanent() && old.is_none() {
                return Ok(());
            }
            if was_team && !is_team {
                remove_strangers(io, &stores.boards, &id).await?;
            }
            if was_team || is_team {
                notify(&io.of(HOME)).await
            } else {
                notify_members(io, &stores.boards, &id).await
            }
        }
        Some(BoardChange::Member { id, username, role }) => {
            info!(board = %id, member = %username, role = role.map(notes::Role::as_str), "a member has changed");
            if stores.boards.access(&username, &id).await?.is_none() {
                remove(io, &id, &BTreeSet::from([username.clone()])).await?;
            }
            notify(&io.of(HOME).to(person_room(&username))).await
        }
        Some(BoardChange::Purge { id }) => purge(io, stores, &id).await,
        Some(BoardChange::Departure { username }) => {
            // Each membership that ends is reported.
            stores.boards.leave_all(&username).await?;
            info!(%username, "somebody whose account was deleted has left all boards");
            Ok(())
        }
    }
}

/// Deletes what remains of a deleted board, for a while.
async fn purge(io: &SocketIo, stores: &Stores, id: &BoardId) -> Result<(), Error> {
    // Each deleted membership has a record, which notifies its person.
    stores.boards.purge(id).await?;
    remove_strangers(io, &stores.boards, id).await?;
    let done = stores.notes.on(id).purge(Instant::now() + PURGE_TIME).await?;
    info!(board = %id, done, "a deleted board was purged");
    Ok(stores.boards.end_purge(id, !done).await?)
}

/// Removes the sockets of people for whom a board does not exist from its rooms.
async fn remove_strangers(io: &SocketIo, boards: &Boards, id: &BoardId) -> Result<(), Error> {
    let mut people = BTreeSet::new();
    for namespace in [HOME, NOTES] {
        let sockets = io.of(namespace).to(id.as_str()).fetch_sockets().await?;
        people.extend(sockets.iter().filter_map(username));
    }
    let mut strangers = BTreeSet::new();
    for username in people {
        if boards.access(&username, id).await?.is_none() {
            strangers.insert(username);
        }
    }
    remove(io, id, &strangers).await
}

/// Removes people's sockets from the rooms of a board, and from its notes.
async fn remove(io: &SocketIo, id: &BoardId, people: &BTreeSet<Username>) -> Result<(), Error> {
    if people.is_empty() {
        return Ok(());
    }
    let of = |namespace| {
        let people = people.clone();
        let is_removed =
            move |socket: &RemoteSocket| username(socket).is_some_and(|one| people.contains(&one));
        io.of(namespace).to(id.as_str()).filter(is_removed)
    };
    let lists = of(HOME).sockets_leave(id.as_str()).await?;
    let notes = of(NOTES).disconnect_sockets(false).await?;
    info!(board = %id, lists, notes, "people lost access to a board");
    Ok(())
}

fn username(socket: &RemoteSocket) -> Option<Username> {
    socket.data().map(|Person { username }| username)
}

async fn notify_members(io: &SocketIo, boards: &Boards, id: &BoardId) -> Result<(), Error> {
    let members = boards.members(id).await?;
    if members.is_empty() {
        return Ok(());
    }
    notify(&members.iter().fold(io.of(HOME), |to, member| to.to(person_room(&member.username)))).await
}

/// Notifies people that their boards have changed. They read them again.
async fn notify(people: &Emitter) -> Result<(), Error> {
    let report = people.emit(BOARDS, &Changed {}).await?;
    metrics::count(report);
    match report.missed {
        0 => Ok(()),
        missed => Err(format!("{missed} sockets were neither reached nor closed").into()),
    }
}
