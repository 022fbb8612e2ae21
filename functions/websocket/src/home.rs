//! The namespace `/home`: signed-in users see the lists of their boards.
//!
//! A board is a room. A socket may be in the rooms of several boards, and is always in the room of its person, which receives
//! changes of that person's boards.

use std::sync::Arc;

use notes::live::{HOME, NOTETITLES, NoteTitles, person_room};
use notes::{BoardId, Found, Username};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use socketio::{Error, Namespace, Refused, Socket, max_payload_bytes};

use crate::acknowledgement::Acknowledgement;
use crate::app::App;
use crate::authentication::{find, no_such_board, require_access, require_session};

/// Declares the namespace.
pub(crate) fn namespace(app: Arc<App>) -> Namespace<Arc<App>> {
    Namespace::new(HOME, app)
        .authorize(authorize)
        .on_connect(show_first_board)
        .on("open-board", open_board)
        .on("close-board", close_board)
}

/// The data of a socket.
#[derive(Serialize, Deserialize)]
struct Person {
    username: Username,
    /// The board that the socket opens when it joins.
    #[serde(skip_serializing_if = "Option::is_none")]
    board: Option<BoardId>,
}

/// Lets a signed-in user join, and opens the board in `{board?}`.
async fn authorize(app: Arc<App>, socket: Socket, auth: Value) -> Result<Person, Refused> {
    let board = match &auth["board"] {
        Value::Null => None,
        board => Some(parse(board).ok_or_else(no_such_board)?),
    };
    let username = match &board {
        None => require_session(&app, &socket).await?.username().clone(),
        Some(board) => {
            let (session, access, _) = require_access(&app, &socket, board, None).await?;
            let username = session.username();
            let is_allowed = app.lookup.still_has_access(username, &access).map_err(Error::application)?;
            socket.join_if(board.as_str(), is_allowed).await?;
            username.clone()
        }
    };
    socket.join(&person_room(&username)).await?;
    Ok(Person { username, board })
}

async fn show_first_board(app: Arc<App>, socket: Socket) -> Result<(), Error> {
    match socket.data() {
        Some(Person { board: Some(board), .. }) => show_titles(&app, &socket, &board).await,
        _ => Ok(()),
    }
}

/// Handles `open-board {board}`: joins the board's room, then emits its list.
async fn open_board(app: Arc<App>, socket: Socket, event: Value) -> Result<Acknowledgement, Error> {
    let Some(board) = parse(&event["board"]) else { return Ok(Acknowledgement::no_such_board()) };
    let Found { session, access, .. } = find(&app, &socket, &board, None).await?;
    let Some(session) = session else { return Ok(Acknowledgement::unauthenticated()) };
    let Some(access) = access else { return Ok(Acknowledgement::no_such_board()) };
    let is_allowed = app.lookup.still_has_access(session.username(), &access).map_err(Error::application)?;
    match socket.join_if(board.as_str(), is_allowed).await {
        Ok(()) => {}
        Err(Error::Condition) => return Ok(Acknowledgement::no_such_board()),
        Err(Error::TooManyRooms) => {
            return Ok(Acknowledgement::failure(
                "too-many-boards",
                "Too many boards are open. Close one first.",
            ));
        }
        Err(error) => return Err(error),
    }
    show_titles(&app, &socket, &board).await?;
    Ok(Acknowledgement::default())
}

/// Handles `close-board {board}`: leaves the board's room.
async fn close_board(_: Arc<App>, socket: Socket, event: Value) -> Result<Acknowledgement, Error> {
    if let Some(board) = parse(&event["board"]) {
        socket.leave(board.as_str()).await?;
    }
    Ok(Acknowledgement::default())
}

/// Emits the list of a board. It reads the revision before the list, so that a later push has a higher one.
async fn show_titles(app: &App, socket: &Socket, board: &BoardId) -> Result<(), Error> {
    let revision = socket.room_revision(board.as_str()).await?.number();
    let titles = NoteTitles::read(&app.notes.on(board), revision, max_payload_bytes(HOME, NOTETITLES)).await;
    socket.emit(NOTETITLES, &titles.map_err(Error::application)?).await
}

fn parse(board: &Value) -> Option<BoardId> {
    board.as_str().and_then(|board| BoardId::parse(board).ok())
}
