//! Authentication: the session in the cookie that the HTTP API set, and its access to boards.

use std::sync::Arc;

use notes::{Access, BoardId, Found, Note, NoteKey, SessionId, SessionToken, StoreError};
use socketio::{ConnectError, Error, Handshake, Refused, Session, Socket};

use crate::app::App;

/// Finds the session of a handshake's cookie.
pub(crate) async fn authenticate(app: Arc<App>, handshake: Handshake) -> Result<Option<Session>, Error> {
    let Some(token) = SessionToken::from_cookies(handshake.cookies(), &app.cookie) else { return Ok(None) };
    let found = known(app.sessions.find(&token, None).await)?;
    Ok(found.map(|session| Session {
        id: session.id.to_string(),
        // A session that is found has not ended.
        expires: session.expires.as_second().unsigned_abs(),
    }))
}

/// Returns the session of a socket that wants to join, or refuses it.
pub(crate) async fn require_session(app: &App, socket: &Socket) -> Result<notes::Session, Refused> {
    let Some(id) = session_id(socket) else { return Err(unauthenticated()) };
    known(app.sessions.find_by_id(&id).await)?.ok_or_else(unauthenticated)
}

/// Returns the session of a socket that wants to join, its access to a board, and a note of the board, or refuses it.
pub(crate) async fn require_access(
    app: &App,
    socket: &Socket,
    board: &BoardId,
    key: Option<&NoteKey>,
) -> Result<(notes::Session, Access, Option<Note>), Refused> {
    let Found { session, access, note } = find(app, socket, board, key).await?;
    Ok((session.ok_or_else(unauthenticated)?, access.ok_or_else(no_such_board)?, note))
}

/// Finds the session of a socket, its access to a board, and a note. The session may have ended since the connection was
/// opened.
pub(crate) async fn find(
    app: &App,
    socket: &Socket,
    board: &BoardId,
    key: Option<&NoteKey>,
) -> Result<Found, Error> {
    let Some(id) = session_id(socket) else { return Ok(Found { session: None, access: None, note: None }) };
    let mut found = app.lookup.find(&id, board, key).await.map_err(Error::application)?;
    found.session = known(Ok(found.session))?;
    Ok(found)
}

/// Refuses a board that does not exist for the user.
pub(crate) fn no_such_board() -> Refused {
    Refused::new("There is no such board, or you are not a member of it.", "no-such-board")
}

/// Refuses a socket without a session. No other namespace would accept it either.
fn unauthenticated() -> Refused {
    ConnectError::new("Sign in first.", "unauthenticated").closing().into()
}

fn session_id(socket: &Socket) -> Option<SessionId> {
    socket.session().and_then(|id| SessionId::parse(id).ok())
}

/// Adds the user of a session that was found to the log.
fn known(found: Result<Option<notes::Session>, StoreError>) -> Result<Option<notes::Session>, Error> {
    let session = found.map_err(Error::application)?;
    if let Some(session) = &session {
        telemetry::log::user(session.username());
    }
    Ok(session)
}
