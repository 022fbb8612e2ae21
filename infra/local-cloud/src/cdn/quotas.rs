//! CloudFront's quotas on requests, and its response to a request that exceeds one.
//!
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html#RequestCustomMaxRequestStringLength>

use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::cache::X_CACHE;

/// The maximum length of a path with its query, in bytes.
const MAXIMUM_URL: usize = 8_192;
/// The maximum size of path, query and headers together, in bytes.
const MAXIMUM_REQUEST: usize = 20_480;

/// A quota that a request exceeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quota {
    Url,
    Request,
}

/// Returns the quota that a request exceeds, if there is one.
pub(super) fn exceeded(request: &Parts) -> Option<Quota> {
    let url = request.uri.path_and_query().map_or(0, |path| path.as_str().len());
    if url > MAXIMUM_URL {
        return Some(Quota::Url);
    }
    (url + size(&request.headers) > MAXIMUM_REQUEST).then_some(Quota::Request)
}

/// Returns the size of headers in HTTP/1.1, in bytes.
fn size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + ": ".len() + value.len() + "\r\n".len()).sum()
}

impl Quota {
    /// Returns the warning for the author of the template.
    pub(super) fn advice(self) -> &'static str {
        match self {
            Self::Url => {
                "responded 413: a URL is longer than CloudFront's limit of 8,192 bytes (send data in the body)"
            }
            Self::Request => {
                "responded 413: URL and headers are larger than CloudFront's limit of 20,480 bytes (often because of too \
                 many cookies)"
            }
        }
    }
}

/// Responds as CloudFront does, which also closes the connection.
impl IntoResponse for Quota {
    fn into_response(self) -> Response {
        let page = "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 4.01 Transitional//EN\" \
                    \"http://www.w3.org/TR/html4/loose.dtd\">\n\
                    <HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD>\n\
                    <BODY><H1>413 ERROR</H1><H2>The request could not be satisfied.</H2>Bad request.</BODY></HTML>\n";
        let headers = [
            (header::CONTENT_TYPE, "text/html"),
            (header::SERVER, "CloudFront"),
            (header::CONNECTION, "close"),
            (X_CACHE, "Error from cloudfront"),
        ];
        let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
        (StatusCode::PAYLOAD_TOO_LARGE, headers, page).into_response()
    }
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    fn exceeded_by(url: usize, cookie: usize) -> Option<Quota> {
        let url = format!("/{}?{}", "a".repeat(url / 2), "b".repeat(url - url / 2 - 2));
        let request = Request::get(url).header("cookie", "c".repeat(cookie));
        exceeded(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn a_url_may_have_8192_bytes_and_with_its_headers_20480() {
        let overhead = "cookie: \r\n".len();
        assert_eq!(exceeded_by(8_192, 0), None);
        assert_eq!(exceeded_by(8_193, 0), Some(Quota::Url));
        assert_eq!(exceeded_by(100, 20_480 - 100 - overhead), None);
        assert_eq!(exceeded_by(101, 20_480 - 100 - overhead), Some(Quota::Request));
        assert_eq!(exceeded_by(100, 20_481 - 100 - overhead), Some(Quota::Request));
        assert_eq!(exceeded_by(8_192, 20_480 - 8_192 - overhead), None);
    }
}
