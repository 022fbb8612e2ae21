//! Reads the body of a request after checking its media type, encoding and length.

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};

use super::fields::{MAX_NAME_LENGTH, truncate};
use super::headers;
use crate::problem::Problem;

/// Reads a body of at most `max_length` bytes.
///
/// # Errors
///
/// Returns 415 for another media type or any content encoding, and `too_large` for a longer body.
pub(super) async fn read(
    request: Request,
    media_type: &'static str,
    max_length: usize,
    too_large: impl FnOnce() -> Problem,
) -> Result<Bytes, Problem> {
    if !has_media_type(request.headers(), media_type) {
        return Err(Problem::unsupported_media_type(media_type));
    }
    if let Some(encoding) = content_encoding(request.headers()) {
        return Err(Problem::unsupported_encoding(&truncate(encoding, MAX_NAME_LENGTH), media_type));
    }
    to_bytes(request.into_body(), max_length).await.map_err(|_| too_large())
}

/// Returns whether the content type is this media type. Ignores parameters and case.
fn has_media_type(headers: &HeaderMap, media_type: &str) -> bool {
    let content_type = headers::values(headers, CONTENT_TYPE).next().unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(media_type)
}

/// Returns the first content encoding other than `identity`.
fn content_encoding(headers: &HeaderMap) -> Option<String> {
    let values = headers::values(headers, CONTENT_ENCODING);
    let mut encodings = values
        .flat_map(|value| value.split(',').map(|encoding| encoding.trim().to_owned()).collect::<Vec<_>>());
    encodings.find(|encoding| !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity"))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(name: &HeaderName, values: &[&[u8]]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), HeaderValue::from_bytes(value).unwrap())).collect()
    }

    #[test]
    fn a_media_type_is_compared_without_parameters_and_case() {
        for (content_type, json) in [
            ("application/json", true),
            ("Application/JSON ; charset=utf-8", true),
            ("application/json; note=ü", true),
            ("application/jsonx", false),
            ("application/problem+json", false),
            ("text/plain", false),
            ("", false),
        ] {
            let headers = headers(&CONTENT_TYPE, &[content_type.as_bytes()]);
            assert_eq!(has_media_type(&headers, "application/json"), json, "{content_type}");
        }
        assert!(has_media_type(&headers(&CONTENT_TYPE, &[b"application/json; \xff"]), "application/json"));
        assert!(!has_media_type(&HeaderMap::new(), "application/json"));
    }

    #[test]
    fn every_encoding_but_identity_counts() {
        for (values, expected) in [
            (&[][..], None),
            (&["", " , "], None),
            (&["identity"], None),
            (&["Identity, identity"], None),
            (&["gzip"], Some("gzip")),
            (&["identity", "identity , br"], Some("br")),
            (&["x-ü"], Some("x-ü")),
        ] {
            let values: Vec<&[u8]> = values.iter().map(|value| value.as_bytes()).collect();
            assert_eq!(
                content_encoding(&headers(&CONTENT_ENCODING, &values)).as_deref(),
                expected,
                "{values:?}"
            );
        }
    }
}
