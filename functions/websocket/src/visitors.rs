//! Who connects: the session in the cookie that HTTP set.

use notes::{SessionToken, Sessions};
use socketio::{Authenticate, Error, Handshake, Session};

/// Knows visitors by the session cookie.
pub(crate) struct Visitors {
    sessions: Sessions,
    cookie: String,
}

impl Visitors {
    pub(crate) fn new(sessions: Sessions, cookie: String) -> Self {
        Self { sessions, cookie }
    }

    async fn session(&self, handshake: &Handshake) -> Result<Option<Session>, Error> {
        let Some(token) = SessionToken::from_cookies(handshake.cookies(), &self.cookie) else {
            return Ok(None);
        };
        let found = self.sessions.find(&token).await.map_err(Error::application)?;
        Ok(found.map(|session| Session {
            id: session.id.to_string(),
            // A session that is found has its end ahead.
            expires: session.expires.as_second().unsigned_abs(),
        }))
    }
}

impl Authenticate for Visitors {
    fn authenticate<'a>(
        &'a self,
        handshake: &'a Handshake,
    ) -> socketio::BoxFuture<'a, Result<Option<Session>, Error>> {
        Box::pin(self.session(handshake))
    }
}
