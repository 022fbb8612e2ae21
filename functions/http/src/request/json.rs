//! Extracts a value from a JSON body.

use axum::extract::{FromRequest, Request};
use notes::Body;
use serde_json::Value;

use super::members::{FromMembers, Members};
use super::{body, surrogates, utf8};
use crate::media_type;
use crate::problem::Problem;

/// The maximum length of a request in bytes. JSON may escape each byte of a body as six (`\u0000`), and the rest of the
/// object needs some room too.
const MAX_REQUEST_LENGTH: usize = 6 * Body::LONGEST + 64 * 1024;

/// The value of a request's JSON object.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: FromMembers, S: Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let bytes = body::read(request, media_type::JSON, MAX_REQUEST_LENGTH, Problem::too_large).await?;
        let text = utf8::strip_byte_order_mark(&bytes).map_err(Problem::not_json)?;
        match serde_json::from_slice(text) {
            Ok(Value::Object(object)) => Members::parse(object).map(Self),
            Ok(_) => Err(Problem::not_an_object()),
            Err(error) => Err(surrogates::explain(&error, text)
                .map_or_else(|| Problem::not_json(error), Problem::malformed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::StatusCode;
    use axum::http::header::CONTENT_TYPE;
    use axum::response::IntoResponse as _;
    use notes::Draft;

    use super::*;

    async fn read(content_type: &str, body: impl Into<axum::body::Body>) -> Result<Draft, StatusCode> {
        let request = Request::builder().header(CONTENT_TYPE, content_type).body(body.into()).unwrap();
        let draft = JsonBody::<Draft>::from_request(request, &()).await;
        draft.map(|draft| draft.0).map_err(|problem| problem.into_response().status())
    }

    #[tokio::test]
    async fn an_invalid_request_is_refused_with_the_status_of_its_first_error() {
        let note = r#"{"title": "A", "body": ""}"#;
        assert!(read("application/json", note).await.is_ok());
        assert!(read("application/json", format!("\u{feff}{note}")).await.is_ok());
        let in_utf16: Vec<u8> = note.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read("application/json", in_utf16).await, Err(StatusCode::BAD_REQUEST));
        assert_eq!(read("text/plain", note).await, Err(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        assert_eq!(read("application/json", "{").await, Err(StatusCode::BAD_REQUEST));
        assert_eq!(read("application/json", "").await, Err(StatusCode::BAD_REQUEST));
        assert_eq!(
            read("application/json", b"{\"title\":\"\xff\"}".as_slice()).await,
            Err(StatusCode::BAD_REQUEST)
        );
        assert_eq!(read("application/json", "[]").await, Err(StatusCode::UNPROCESSABLE_ENTITY));
        assert_eq!(
            read("application/json", r#"{"title": "A"}"#).await,
            Err(StatusCode::UNPROCESSABLE_ENTITY)
        );
    }

    #[tokio::test]
    async fn a_request_fits_the_largest_body_even_if_every_byte_is_escaped() {
        let escaped = |length| format!(r#"{{"title": "A", "body": "{}"}}"#, r"\u0001".repeat(length));
        assert!(read("application/json", escaped(Body::LONGEST)).await.is_ok());
        assert_eq!(
            read("application/json", escaped(Body::LONGEST + 1)).await,
            Err(StatusCode::PAYLOAD_TOO_LARGE)
        );
        let huge = " ".repeat(MAX_REQUEST_LENGTH + 1);
        assert_eq!(read("application/json", huge).await, Err(StatusCode::PAYLOAD_TOO_LARGE));
    }
}
