//! Which handler answers which route.

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::{Next, from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, delete, get, post, put};

use crate::app::App;
use crate::controllers::{account, archive, comments, notes, openapi, session, sessions, users};
use crate::problem::{self, Problem};
use crate::{access_log, methods, page, shield, time_budget};

/// The handlers of the API, by path.
pub(crate) fn routes() -> [(&'static str, MethodRouter<Arc<App>>); 14] {
    [
        ("/api/account/deletion", post(account::delete)),
        ("/api/account/password", put(account::change_password)),
        ("/api/export", get(archive::export)),
        ("/api/import", post(archive::import)),
        ("/api/notes", get(notes::list).post(notes::create)),
        ("/api/notes/{key}", get(notes::read).put(notes::write).delete(notes::destroy)),
        ("/api/notes/{key}/comments", get(comments::list)),
        ("/api/openapi.json", get(openapi::show)),
        ("/api/problems/{kind}", get(problem::describe)),
        ("/api/session", get(session::show).post(session::sign_in).delete(session::sign_out)),
        ("/api/sessions", get(sessions::list).delete(sessions::end_others)),
        ("/api/sessions/{id}", delete(sessions::end)),
        ("/api/users", post(users::sign_up)),
        ("/api/users/{username}", get(users::show)),
    ]
}

/// The whole function, as a service of HTTP requests.
pub(crate) fn router(app: Arc<App>) -> Router {
    let routes =
        routes().into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods));
    let routes = routes
        .fallback(page_or_not_found)
        .method_not_allowed_fallback(async |method: Method| methods::answer(&method))
        .layer(from_fn(refuse_percent_signs))
        .layer(from_fn_with_state(app.clone(), shield::refuse_foreign_origins))
        .layer(from_fn_with_state(app.clone(), time_budget::keep))
        .layer(from_fn(problem::write_documents))
        .layer(from_fn(shield::add_security_headers))
        .layer(from_fn(access_log::tell))
        .with_state(app);
    // The router writes `Allow` when its layers have done: what reads it stands around the router.
    Router::new().fallback_service(routes).layer(map_response(methods::allow_options))
}

/// Answers 404 for a path with a percent sign, which no address of ours has. The gateway decoded the path: what is
/// encoded still was encoded twice.
async fn refuse_percent_signs(request: Request, next: Next) -> Response {
    if request.uri().path().contains("%25") {
        return Problem::no_such_route().into_response();
    }
    next.run(request).await
}

async fn page_or_not_found(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    page::respond(&method, uri.path(), &headers).unwrap_or_else(|| Problem::no_such_route().into_response())
}
