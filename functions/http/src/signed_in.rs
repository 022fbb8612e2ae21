//! Who is asking.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use notes::Session;

use crate::app::App;
use crate::problem::Problem;
use crate::used_from::UsedFrom;

/// The session of the request. A handler that takes it answers 401 to everybody else.
pub(crate) struct SignedIn(pub(crate) Session);

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let token = app.cookie.token(&parts.headers).ok_or_else(Problem::not_signed_in)?;
        let Ok(UsedFrom(device)) = UsedFrom::from_request_parts(parts, app).await;
        let session = app.sessions.find(&token, Some(&device)).await?;
        let session = session.ok_or_else(Problem::not_signed_in)?;
        telemetry::log::user(session.username());
        Ok(Self(session))
    }
}
