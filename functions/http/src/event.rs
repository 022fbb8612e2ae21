//! The gateway's event, made fit to become a request.
//!
//! HTTP APIs decode the path of an event once, and pass its query as the client wrote it, well or badly. `lambda_http` reads
//! both as browsers read an address bar: of a path it drops or interprets what was encoded for a reason (`a%0A` and
//! `a%23b` would become `a`, and `a%5Cb` two segments), and at a query that no URI may hold it panics.

use lambda_http::aws_lambda_events::apigw::ApiGatewayV2httpRequest;
use lambda_http::http::header::HOST;
use lambda_http::request::LambdaRequest;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What cannot stand in a URI's query as it is, beside all that is not ASCII. A `%` can, as the query is still encoded.
const QUERY: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'<').add(b'>').add(b'\\').add(b'^');
/// Nor in its path, which is decoded: a `%` in it is only that, and not the beginning of something encoded.
const PATH: &AsciiSet = &QUERY.add(b'%').add(b'?').add(b'`').add(b'{').add(b'|').add(b'}');

/// Encodes what must be encoded, and forgets the `Host`, which is the gateway's own, or nothing to rely on. A control
/// character, which no header may hold, is taken out of a cookie: `lambda_http` would drop all the others with it.
pub(crate) fn fit(mut event: ApiGatewayV2httpRequest) -> LambdaRequest {
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
        let event = include_str!("../../../events/http-list-notes.json");
        let mut event: serde_json::Value = serde_json::from_str(event).unwrap();
        event["rawPath"] = path.into();
        event["rawQueryString"] = query.into();
        event["headers"]["host"] = host.into();
        fit(serde_json::from_value(event).unwrap()).into()
    }

    #[test]
    fn what_was_encoded_in_the_path_is_encoded_again() {
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
    fn no_cookie_takes_another_with_it() {
        let event = include_str!("../../../events/http-list-notes.json");
        let mut event: serde_json::Value = serde_json::from_str(event).unwrap();
        event["cookies"] = serde_json::json!(["city=Zürich", "a=\u{7f}\n\u{0}b", "session=ada"]);
        let request: Request = fit(serde_json::from_value(event).unwrap()).into();
        assert_eq!(request.headers()["cookie"], "city=Zürich; a=b; session=ada");
    }

    #[test]
    fn no_query_makes_the_function_panic() {
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
    fn no_host_makes_the_function_panic() {
        for host in ["", " ", "a b", "[", "host:port", "a/b?c#d"] {
            assert_eq!(request("/notes", "", host).uri().path(), "/notes", "{host}");
        }
    }
}
