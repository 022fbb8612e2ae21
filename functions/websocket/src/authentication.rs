//! Who connects: the session in the cookie that HTTP set.

use std::sync::Arc;

use notes::{SessionId, SessionToken, StoreError};
use socketio::{ConnectError, Error, Handshake, Refused, Session, Socket};

use crate::app::App;

/// The session behind a handshake, if its cookie names one that lives.
pub(crate) async fn authenticate(app: Arc<App>, handshake: Handshake) -> Result<Option<Session>, Error> {
    let Some(token) = SessionToken::from_cookies(handshake.cookies(), &app.cookie) else { return Ok(None) };
    let found = known(app.sessions.find(&token, None).await)?;
    Ok(found.map(|session| Session {
        id: session.id.to_string(),
        // A session that is found has its end ahead.
        expires: session.expires.as_second().unsigned_abs(),
    }))
}

/// Who is behind a socket that wants in: else it is refused.
pub(crate) async fn require_session(app: &App, socket: &Socket) -> Result<notes::Session, Refused> {
    // Nor would any other namespace have it.
    let refused = || ConnectError::new("Sign in first.", "unauthenticated").closing();
    Ok(session(app, socket).await?.ok_or_else(refused)?)
}

/// The session behind a socket. It lived when the connection was opened, and may have ended since.
pub(crate) async fn session(app: &App, socket: &Socket) -> Result<Option<notes::Session>, Error> {
    let Some(id) = socket.session().and_then(|id| SessionId::parse(id).ok()) else { return Ok(None) };
    known(app.sessions.find_by_id(&id).await)
}

/// A session that was looked up, whose user the log names from here on.
fn known(found: Result<Option<notes::Session>, StoreError>) -> Result<Option<notes::Session>, Error> {
    let session = found.map_err(Error::application)?;
    if let Some(session) = &session {
        telemetry::log::user(session.username());
    }
    Ok(session)
}
