//! The body of a request: of which type it is, how it is encoded, and how long it may be.

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};

use crate::header_text;
use crate::problem::Problem;

/// Reads the body of a request, which must be of this type and not encoded.
pub(crate) async fn read(
    request: Request,
    media_type: &'static str,
    longest: usize,
    too_large: impl FnOnce() -> Problem,
) -> Result<Bytes, Problem> {
    if !is_of_type(request.headers(), media_type) {
        return Err(Problem::wrong_type(media_type));
    }
    if let Some(encoding) = encoding(request.headers()) {
        return Err(Problem::encoded(&encoding, media_type));
    }
    to_bytes(request.into_body(), longest).await.map_err(|_| too_large())
}

/// Whether the content type is this, whatever its parameters.
fn is_of_type(headers: &HeaderMap, media_type: &str) -> bool {
    let content_type = header_text::lines(headers, CONTENT_TYPE).next().unwrap_or_default();
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case(media_type)
}

/// The first content encoding that is one.
fn encoding(headers: &HeaderMap) -> Option<String> {
    let lines = header_text::lines(headers, CONTENT_ENCODING);
    let mut encodings =
        lines.flat_map(|line| line.split(',').map(|encoding| encoding.trim().to_owned()).collect::<Vec<_>>());
    encodings.find(|encoding| !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity"))
}

#[cfg(test)]
mod tests {
    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(name: &HeaderName, lines: &[&[u8]]) -> HeaderMap {
        lines.iter().map(|line| (name.clone(), HeaderValue::from_bytes(line).unwrap())).collect()
    }

    #[test]
    fn a_type_is_told_by_its_essence() {
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
            assert_eq!(is_of_type(&headers, "application/json"), json, "{content_type}");
        }
        assert!(is_of_type(&headers(&CONTENT_TYPE, &[b"application/json; \xff"]), "application/json"));
        assert!(!is_of_type(&HeaderMap::new(), "application/json"));
    }

    #[test]
    fn an_encoding_is_any_but_identity() {
        for (lines, expected) in [
            (&[][..], None),
            (&["", " , "], None),
            (&["identity"], None),
            (&["Identity, identity"], None),
            (&["gzip"], Some("gzip")),
            (&["identity", "identity , br"], Some("br")),
            (&["x-ü"], Some("x-ü")),
        ] {
            let lines: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
            assert_eq!(encoding(&headers(&CONTENT_ENCODING, &lines)).as_deref(), expected, "{lines:?}");
        }
    }
}
