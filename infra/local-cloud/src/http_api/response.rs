//! The HTTP response of a function's output, in payload format 2.0.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;

use crate::api_gateway::is_forwarded;

/// The output of a function.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Output {
    status_code: u16,
    headers: Option<BTreeMap<String, Value>>,
    cookies: Option<Vec<String>>,
    body: Option<String>,
    is_base64_encoded: bool,
}

/// Converts the output of a function to a response, or returns `None` if it is malformed. Output without a status is
/// the body as a whole.
pub(super) fn from_output(output: &[u8]) -> Option<Response<Body>> {
    let value: Value = serde_json::from_slice(output).ok()?;
    if value.get("statusCode").is_none() {
        let body = match value {
            Value::String(text) => text,
            other => other.to_string(),
        };
        return Response::builder().header("content-type", "application/json").body(body.into()).ok();
    }
    let output: Output = serde_json::from_value(value).ok()?;
    let status = StatusCode::from_u16(output.status_code).ok().filter(|status| !status.is_informational())?;
    let body = output.body.unwrap_or_default();
    let body = if output.is_base64_encoded { STANDARD.decode(body).ok()? } else { body.into_bytes() };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    for (name, value) in output.headers.unwrap_or_default() {
        let name = HeaderName::try_from(name).ok()?;
        // The server sets the length of the body itself.
        if is_forwarded(name.as_str()) && name != "content-length" {
            response.headers_mut().insert(name, header(&value)?);
        }
    }
    for cookie in output.cookies.unwrap_or_default() {
        response.headers_mut().append("set-cookie", HeaderValue::from_str(&cookie).ok()?);
    }
    let has_body = !matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if has_body && !response.headers().contains_key("content-type") {
        response.headers_mut().insert("content-type", HeaderValue::from_static("text/plain;charset=UTF-8"));
    }
    Some(response)
}

fn header(value: &Value) -> Option<HeaderValue> {
    match value {
        Value::String(text) => HeaderValue::from_str(text).ok(),
        Value::Number(_) | Value::Bool(_) => HeaderValue::from_str(&value.to_string()).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use serde_json::json;

    use super::*;

    async fn response(output: Value) -> Option<(u16, Vec<(String, String)>, String)> {
        let (head, body) = from_output(output.to_string().as_bytes())?.into_parts();
        let headers =
            head.headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
        let body = to_bytes(body, 1000).await.unwrap();
        Some((head.status.as_u16(), headers.collect(), String::from_utf8(body.into()).unwrap()))
    }

    #[tokio::test]
    async fn output_with_a_status_is_a_response() {
        let output = json!({
            "statusCode": 201,
            "headers": {"content-type": "text/html", "x-count": 3, "content-length": "99"},
            "cookies": ["a=1; Path=/", "b=2"],
            "body": "aGk=",
            "isBase64Encoded": true,
        });
        let (status, headers, body) = response(output).await.unwrap();
        let header = |name: &str| {
            let named = headers.iter().filter(|(own, _)| own == name);
            named.map(|(_, value)| value.as_str()).collect::<Vec<_>>()
        };
        assert_eq!((status, body.as_str()), (201, "hi"));
        assert_eq!(header("content-type"), ["text/html"]);
        assert_eq!(header("x-count"), ["3"]);
        assert_eq!(header("set-cookie"), ["a=1; Path=/", "b=2"]);
        assert!(header("content-length").is_empty());
    }

    #[tokio::test]
    async fn output_without_a_status_is_the_body() {
        let (status, headers, body) = response(json!({"name": "Dog"})).await.unwrap();
        assert_eq!((status, body.as_str()), (200, r#"{"name":"Dog"}"#));
        assert_eq!(headers, [("content-type".to_owned(), "application/json".to_owned())]);
    }

    #[tokio::test]
    async fn malformed_output_is_not_a_response() {
        for malformed in [
            json!({"statusCode": "teapot"}),
            json!({"statusCode": 99}),
            json!({"statusCode": 101}),
            json!({"statusCode": 200, "body": {"not": "text"}}),
            json!({"statusCode": 200, "body": "!", "isBase64Encoded": true}),
            json!({"statusCode": 200, "headers": {"a b": "c"}}),
            json!({"statusCode": 200, "headers": {"a": "b\r\nc: d"}}),
        ] {
            assert_eq!(response(malformed.clone()).await, None, "{malformed}");
        }
        assert!(from_output(b"not json").is_none());
    }
}
