//! Which handler answers which route.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::{from_fn, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{delete, get, post, put};

use crate::app::App;
use crate::controllers::{account, archive, comments, notes, session, sessions, users};
use crate::problem::{self, Problem};
use crate::{page, shield};

/// The whole function, as a service of HTTP requests.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/api/users", post(users::sign_up))
        .route("/api/session", get(session::show).post(session::sign_in).delete(session::sign_out))
        .route("/api/users/{username}", get(users::show))
        .route("/api/sessions", get(sessions::list).delete(sessions::end_others))
        .route("/api/sessions/{id}", delete(sessions::end))
        .route("/api/account/password", put(account::change_password))
        .route("/api/account/deletion", post(account::delete))
        .route("/api/problems/{kind}", get(problem::describe))
        .route("/api/notes", get(notes::list).post(notes::create))
        .route("/api/notes/{key}", get(notes::read).put(notes::write).delete(notes::destroy))
        .route("/api/notes/{key}/comments", get(comments::list))
        .route("/api/export", get(archive::export))
        .route("/api/import", post(archive::import))
        .fallback(page_or_not_found)
        .method_not_allowed_fallback(async || Problem::method_not_allowed())
        .layer(from_fn_with_state(app.clone(), shield::refuse_foreign_origins))
        .layer(from_fn(problem::write_documents))
        .layer(from_fn(shield::add_security_headers))
        .with_state(app)
}

async fn page_or_not_found(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    page::respond(&method, uri.path(), &headers).unwrap_or_else(|| Problem::no_such_route().into_response())
}
