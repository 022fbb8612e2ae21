//! The session of a request.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use notes::Session;

use super::Client;
use super::quota::charge_change;
use crate::app::App;
use crate::problem::Problem;

/// The session of a request. A handler with this parameter responds with 401 to a request without a session.
pub(crate) struct SignedIn(pub(crate) Session);

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let token = app.cookie.token(&parts.headers).ok_or_else(Problem::not_signed_in)?;
        let Ok(Client(device)) = Client::from_request_parts(parts, app).await;
        let session = app.sessions.find(&token, Some(&device)).await?;
        let session = session.ok_or_else(Problem::not_signed_in)?;
        telemetry::log::user(session.username());
        // A session can be ended at any time.
        if parts.method != Method::DELETE {
            charge_change(app, parts, &session).await?;
        }
        Ok(Self(session))
    }
}
