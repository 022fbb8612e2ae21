//! Prepares the gateway's event for `lambda_http`.
//!
//! HTTP APIs decode the path of an event once and pass the query exactly as the client wrote it. `lambda_http` then
//! parses both like a browser's address bar. It would drop or interpret characters of the decoded path: `a%0A` and
//! `a%23b` would become `a`, and `a%5Cb` two segments. It panics on a query that is not valid in a URI.

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use lambda_http::http::header::HOST;
use lambda_http::request::LambdaRequest;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// The ASCII characters to encode in a query. It is still percent-encoded, so `%` stays as it is.
const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'\\').add(b'^');
/// The ASCII characters to encode in a path. It is decoded, so `%` is an ordinary character in it.
const PATH: &AsciiSet = &QUERY.add(b'%').add(b'?').add(b'`').add(b'{').add(b'|').add(b'}');

/// Encodes the path and the query, and removes the `Host` header and the cookies' control characters.
///
/// `Host` is the gateway's own or cannot be trusted. Control characters are invalid in a header, and `lambda_http` would
/// drop all cookies because of one.
pub(crate) fn normalize(mut event: ApiGatewayV2httpRequest) -> LambdaRequest {
    let encoded = |text: String, set| utf8_percent_encode(&text, set).to_string();
    event.raw_path = event.raw_path.map(|path| encoded(path, PATH));
    event.raw_query_string = event.raw_query_string.map(|query| encoded(query, QUERY));
    event.headers.remove(HOST);
    for cookie in event.cookies.iter_mut().flatten() {
        cookie.retain(|character| !character.is_ascii_control());
    }
    LambdaRequest::ApiGatewayV2(event)
}

#[cfg(test)]
mod tests {
    use lambda_http::Request;

    use super::*;

    fn request(path: &str, query: &str, host: &str) -> Request {
        let event = include_str!("../../../../events/http-list-notes.json");
        let mut event: serde_json::Value = serde_json::from_str(event).unwrap();
        event["rawPath"] = path.into();
        event["rawQueryString"] = query.into();
        event["headers"]["host"] = host.into();
        normalize(serde_json::from_value(event).unwrap()).into()
    }

    #[test]
    fn a_decoded_path_is_encoded_again() {
        for (decoded, path) in [
            ("/notes/a", "/notes/a"),
            ("/notes/a\n", "/notes/a%0A"),
            ("/notes/a#b?c", "/notes/a%23b%3Fc"),
            ("/notes/a\\b", "/notes/a%5Cb"),
            ("/notes/ä b", "/notes/%C3%A4%20b"),
            ("/notes/a%7Eb~", "/notes/a%257Eb~"),
            ("/notes/%69mp%", "/notes/%2569mp%25"),
        ] {
            assert_eq!(request(decoded, "", "host").uri().path(), path);
        }
    }

    #[test]
    fn a_cookie_with_control_characters_does_not_remove_the_others() {
        let event = include_str!("../../../../events/http-list-notes.json");
        let mut event: serde_json::Value = serde_json::from_str(event).unwrap();
        event["cookies"] = serde_json::json!(["city=Zürich", "a=\u{7f}\n\u{0}b", "session=ada"]);
        let request: Request = normalize(serde_json::from_value(event).unwrap()).into();
        assert_eq!(request.headers()["cookie"], "city=Zürich; a=b; session=ada");
    }

    #[test]
    fn an_invalid_query_does_not_panic() {
        for (raw, query) in [
            ("limit=1&cursor=a%2Bb+c", "limit=1&cursor=a%2Bb+c"),
            ("a=<b>", "a=%3Cb%3E"),
            ("a=\"#\\^`{|}[]?'", "a=%22%23%5C%5E`{|}[]?'"),
            ("a=ä \u{0}\n", "a=%C3%A4%20%00%0A"),
        ] {
            assert_eq!(request("/notes", raw, "host").uri().query(), Some(query));
        }
    }

    #[test]
    fn an_invalid_host_does_not_panic() {
        for host in ["", " ", "a b", "[", "host:port", "a/b?c#d"] {
            assert_eq!(request("/notes", "", host).uri().path(), "/notes", "{host}");
        }
    }
}
