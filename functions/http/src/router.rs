//! Which handler answers which route.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};

use crate::app::App;
use crate::controllers::{comments, notes, session, users};
use crate::problem::Problem;
use crate::{page, shield};

/// The whole function, as a service of HTTP requests.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/api/users", post(users::sign_up))
        .route("/api/session", get(session::show).post(session::sign_in).delete(session::sign_out))
        .route("/api/notes", get(notes::list).post(notes::create))
        .route("/api/notes/{key}", get(notes::read).put(notes::write).delete(notes::destroy))
        .route("/api/notes/{key}/comments", get(comments::list))
        .fallback(page_or_not_found)
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(from_fn_with_state(app.clone(), shield::refuse_foreign_origins))
        .layer(from_fn(shield::add_security_headers))
        .with_state(app)
}

async fn page_or_not_found(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    page::respond(&method, uri.path(), &headers).unwrap_or_else(|| Problem::no_such_route().into_response())
}
