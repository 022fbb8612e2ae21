//! The methods that an address has: told to who asks for them (`OPTIONS`), and to who uses another (405).

use axum::http::header::ALLOW;
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse as _, Response};

use crate::problem::Problem;

/// The answer to a method that no handler takes. `Allow`, with those that one takes, is for the router to add.
pub(crate) fn answer(method: &Method) -> Response {
    if method == Method::OPTIONS {
        return StatusCode::NO_CONTENT.into_response();
    }
    Problem::method_not_allowed().into_response()
}

/// Names in `Allow` the one method that every address has.
pub(crate) async fn allow_options(mut response: Response) -> Response {
    if let Some(allowed) = response.headers().get(ALLOW).and_then(|allowed| allowed.to_str().ok())
        && let Ok(allowed) = HeaderValue::from_str(&format!("{allowed},OPTIONS"))
    {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}
