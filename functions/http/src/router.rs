//! Maps routes to handlers.

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::{from_fn, from_fn_with_state, map_response};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, delete, get, post, put};

use crate::app::App;
use crate::controllers::administration::{audit, invitations, people};
use crate::controllers::{
    account, archive, backlinks, boards, comments, documents, notes, openapi, passkey_sign_in, passkeys,
    password_strength, problems, session, sessions, sign_up, trash, users, versions,
};
use crate::middleware::{
    access_log, body_size, edge_check, origin_check, path_check, problem_documents, security_headers,
    time_budget,
};
use crate::page;
use crate::problem::Problem;
use crate::response::methods;

/// Returns the handlers of the API, by path.
pub(crate) fn routes() -> [(&'static str, MethodRouter<Arc<App>>); 49] {
    [
        ("/api/account", get(account::show)),
        ("/api/account/deletion", post(account::delete)),
        ("/api/account/display-name", put(account::change_display_name)),
        ("/api/account/new-password", post(account::use_password_link)),
        ("/api/account/passkeys", get(passkeys::list).post(passkeys::add)),
        ("/api/account/passkeys/options", post(passkeys::ask)),
        ("/api/account/passkeys/{id}", delete(passkeys::remove)),
        ("/api/account/password", put(account::change_password)),
        ("/api/admin/administrators/{username}", put(people::grant).delete(people::withdraw)),
        ("/api/admin/audit", get(audit::list)),
        ("/api/admin/invitations", get(invitations::list).post(invitations::make)),
        ("/api/admin/invitations/{id}", delete(invitations::revoke)),
        ("/api/admin/users", get(people::list)),
        ("/api/admin/users/{username}", delete(people::remove)),
        ("/api/admin/users/{username}/disable", post(people::disable)),
        ("/api/admin/users/{username}/enable", post(people::enable)),
        ("/api/admin/users/{username}/password-link", post(people::make_password_link)),
        ("/api/boards", get(boards::list).post(boards::create)),
        ("/api/boards/join", post(boards::invitations::join)),
        ("/api/boards/{board}", get(boards::show).put(boards::change).delete(boards::delete)),
        ("/api/boards/{board}/export", get(archive::export)),
        ("/api/boards/{board}/import", post(archive::import)),
        ("/api/boards/{board}/invitations", get(boards::invitations::list).post(boards::invitations::make)),
        ("/api/boards/{board}/invitations/{id}", delete(boards::invitations::revoke)),
        ("/api/boards/{board}/members", get(boards::members::list)),
        (
            "/api/boards/{board}/members/{username}",
            put(boards::members::set_role).delete(boards::members::remove),
        ),
        ("/api/boards/{board}/notes", get(notes::list).post(notes::create)),
        (
            "/api/boards/{board}/notes/{key}",
            get(notes::read).put(notes::write).patch(notes::rename).delete(notes::destroy),
        ),
        ("/api/boards/{board}/notes/{key}/backlinks", get(backlinks::list)),
        ("/api/boards/{board}/notes/{key}/comments", get(comments::list)),
        ("/api/boards/{board}/notes/{key}/document", get(documents::read)),
        ("/api/boards/{board}/notes/{key}/edits", post(documents::edit)),
        ("/api/boards/{board}/notes/{key}/move", post(notes::move_to)),
        ("/api/boards/{board}/notes/{key}/versions", get(versions::list)),
        ("/api/boards/{board}/notes/{key}/versions/{version}", get(versions::read)),
        ("/api/boards/{board}/trash", get(trash::list)),
        ("/api/boards/{board}/trash/{id}", delete(trash::delete)),
        ("/api/boards/{board}/trash/{id}/restore", post(trash::restore)),
        ("/api/openapi.json", get(openapi::show)),
        ("/api/password-strength", post(password_strength::estimate)),
        ("/api/problems/{kind}", get(problems::describe)),
        ("/api/session", get(session::show).post(session::sign_in).delete(session::sign_out)),
        ("/api/session/passkey", post(passkey_sign_in::sign_in)),
        ("/api/session/passkey/options", post(passkey_sign_in::ask)),
        ("/api/sessions", get(sessions::list).delete(sessions::end_others)),
        ("/api/sessions/{id}", delete(sessions::end)),
        ("/api/sign-up", get(sign_up::show)),
        ("/api/users", get(users::list).post(users::sign_up)),
        ("/api/users/{username}", get(users::show)),
    ]
}

/// Creates the service that handles every HTTP request: the API, the page, and their middleware.
pub(crate) fn router(app: Arc<App>) -> Router {
    let routes =
        routes().into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods));
    // The first layer runs first. As one they wrap each route once, which a cold start waits for.
    let layers = (
        from_fn(access_log::record),
        from_fn(security_headers::add),
        from_fn(problem_documents::write),
        from_fn_with_state(app.clone(), edge_check::refuse_direct_requests),
        from_fn_with_state(app.clone(), time_budget::enforce),
        from_fn_with_state(app.clone(), origin_check::refuse_foreign_origins),
        from_fn(path_check::refuse_percent_signs),
        from_fn(body_size::record),
    );
    let routes = routes
        .fallback(page_or_not_found)
        .method_not_allowed_fallback(async |method: Method| methods::unhandled(&method))
        .layer(layers)
        .with_state(app);
    // The router writes `Allow` after its own layers, so a second router changes it.
    Router::new().fallback_service(routes).layer(map_response(methods::allow_options))
}

async fn page_or_not_found(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    page::respond(&method, uri.path(), &headers).unwrap_or_else(|| Problem::no_such_route().into_response())
}
