//! Authentication: the session in the cookie that the HTTP API set.

use std::sync::Arc;

use notes::{SessionId, SessionToken, StoreError};
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
    // No other namespace would accept it either.
    let refused = || ConnectError::new("Sign in first.", "unauthenticated").closing();
    Ok(session(app, socket).await?.ok_or_else(refused)?)
}

/// Finds the session of a socket. It may have ended since the connection was opened.
pub(crate) async fn session(app: &App, socket: &Socket) -> Result<Option<notes::Session>, Error> {
    let Some(id) = socket.session().and_then(|id| SessionId::parse(id).ok()) else { return Ok(None) };
    known(app.sessions.find_by_id(&id).await)
}

/// Adds the user of a session that was found to the log.
fn known(found: Result<Option<notes::Session>, StoreError>) -> Result<Option<notes::Session>, Error> {
    let session = found.map_err(Error::application)?;
    if let Some(session) = &session {
        telemetry::log::user(session.username());
    }
    Ok(session)
}
