//! The administrator who sends a request.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use notes::{Session, Username};

use super::SignedIn;
use crate::app::App;
use crate::problem::{Kind, Problem};

/// The session of an administrator. A handler with this parameter responds with 403 to anybody else. It takes one request
/// more than [`SignedIn`], so that a role that was withdrawn ends at once.
pub(crate) struct Administrator(Session);

impl Administrator {
    /// Returns the administrator's username.
    pub(crate) fn username(&self) -> &Username {
        self.0.username()
    }
}

impl FromRequestParts<Arc<App>> for Administrator {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let SignedIn(session) = SignedIn::from_request_parts(parts, app).await?;
        if app.people.is_administrator(session.username()).await? {
            Ok(Self(session))
        } else {
            Err(Problem::new(Kind::NotAdministrator))
        }
    }
}
