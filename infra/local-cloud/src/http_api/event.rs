//! The event of a request, in payload format 2.0.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::route::Match;
use crate::api_gateway::{forwarded_for, is_forwarded, request_time, text};
use sam_template::ACCOUNT;

/// The API of a request, as its events describe it.
#[derive(Debug)]
pub(super) struct Deployment {
    pub(super) api_id: String,
    pub(super) stage: String,
    pub(super) domain: String,
    pub(super) stage_variables: BTreeMap<String, String>,
}

/// A request and its route.
pub(super) struct Incoming<'a> {
    pub(super) api: &'a Deployment,
    pub(super) head: &'a Parts,
    /// The result of [`decoded_path`].
    pub(super) path: &'a str,
    pub(super) body: &'a Bytes,
    pub(super) matched: &'a Match<'a>,
    pub(super) source: &'a str,
    pub(super) request_id: &'a str,
}

/// Returns the path for routes and functions. HTTP APIs, unlike REST APIs, decode it and cut it at a decoded `?`.
pub(super) fn decoded_path(path: &str) -> String {
    let path = percent_decode_str(path).decode_utf8_lossy();
    path.split('?').next().unwrap_or_default().to_owned()
}

impl Incoming<'_> {
    pub(super) fn into_event(self) -> Value {
        let Self { api, head, path, body, matched, source, request_id } = self;
        let query = head.uri.query().unwrap_or_default();
        let path = if api.stage == "$default" { path.to_owned() } else { format!("/{}{path}", api.stage) };
        let now = Timestamp::now();
        let mut event = json!({
            "version": "2.0",
            "routeKey": matched.key,
            "rawPath": path,
            "rawQueryString": query,
            "headers": headers(&head.headers, &api.domain, body.len(), source),
            "requestContext": {
                "accountId": ACCOUNT,
                "apiId": api.api_id,
                "domainName": api.domain,
                "domainPrefix": api.api_id,
                "http": {
                    "method": head.method.as_str(),
                    "path": path,
                    "protocol": if head.version == Version::HTTP_10 { "HTTP/1.0" } else { "HTTP/1.1" },
                    "sourceIp": source,
                    "userAgent": text(&head.headers, "user-agent"),
                },
                "requestId": request_id,
                "routeKey": matched.key,
                "stage": api.stage,
                "time": request_time(now),
                "timeEpoch": now.as_millisecond(),
            },
            "isBase64Encoded": false,
        });
        let cookies = cookies(&head.headers);
        if !cookies.is_empty() {
            event["cookies"] = cookies.into();
        }
        if !query.is_empty() {
            event["queryStringParameters"] = parameters(query).into();
        }
        if !matched.parameters.is_empty() {
            event["pathParameters"] = matched.parameters.clone().into();
        }
        if !api.stage_variables.is_empty() {
            event["stageVariables"] = json!(api.stage_variables);
        }
        if !body.is_empty() {
            match std::str::from_utf8(body) {
                Ok(body) if is_text(&text(&head.headers, "content-type")) => event["body"] = body.into(),
                _ => {
                    event["body"] = STANDARD.encode(body).into();
                    event["isBase64Encoded"] = true.into();
                }
            }
        }
        event
    }
}

/// Returns the headers in lower case. Values of one name are joined by commas. Cookies are not included.
fn headers(headers: &HeaderMap, domain: &str, body: usize, source: &str) -> Map<String, Value> {
    let mut event = Map::new();
    for name in headers.keys().filter(|name| is_forwarded(name.as_str()) && *name != "cookie") {
        let values: Vec<_> =
            headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        event.insert(name.as_str().to_owned(), values.join(",").into());
    }
    event.insert("host".to_owned(), domain.into());
    event.insert("x-forwarded-for".to_owned(), forwarded_for(headers, source).into());
    // On AWS, the gateway is reached only by HTTPS.
    event.insert("x-forwarded-port".to_owned(), "443".into());
    event.insert("x-forwarded-proto".to_owned(), "https".into());
    if body > 0 {
        event.insert("content-length".to_owned(), body.to_string().into());
    }
    event
}

fn cookies(headers: &HeaderMap) -> Vec<String> {
    let lines = headers.get_all("cookie").iter().map(|line| String::from_utf8_lossy(line.as_bytes()));
    let cookies =
        lines.flat_map(|line| line.split(';').map(|cookie| cookie.trim().to_owned()).collect::<Vec<_>>());
    cookies.filter(|cookie| !cookie.is_empty()).collect()
}

/// Returns the decoded query parameters. Values of one name are joined by commas.
fn parameters(query: &str) -> Map<String, Value> {
    let mut parameters = Map::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        match parameters.get_mut(name.as_ref()) {
            Some(Value::String(values)) => {
                values.push(',');
                values.push_str(&value);
            }
            _ => {
                parameters.insert(name.into_owned(), value.into_owned().into());
            }
        }
    }
    parameters
}

/// Returns whether HTTP APIs treat a content type as text. Other bodies reach the function in base64, including forms
/// and bodies without a type.
fn is_text(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence.starts_with("text/")
        || matches!(essence.as_str(), "application/json" | "application/javascript" | "application/xml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_decoded_and_cut_at_a_decoded_question_mark() {
        assert_eq!(decoded_path("/a%20b/%C3%A9"), "/a b/é");
        assert_eq!(decoded_path("/a%3Fb"), "/a");
    }

    #[test]
    fn several_values_are_joined_by_commas() {
        let query = parameters("a=1&b=x%20y&a=2&c");
        assert_eq!(Value::from(query), json!({"a": "1,2", "b": "x y", "c": ""}));
    }

    #[test]
    fn cookies_are_split_and_removed_from_the_headers() {
        let mut given = HeaderMap::new();
        given.append("cookie", "a=1; b=2".parse().unwrap());
        given.append("cookie", "c=3".parse().unwrap());
        given.append("x-thing", "1".parse().unwrap());
        given.append("x-thing", "2".parse().unwrap());
        given.append("connection", "keep-alive".parse().unwrap());
        assert_eq!(cookies(&given), ["a=1", "b=2", "c=3"]);
        let headers = headers(&given, "api.example", 0, "127.0.0.1");
        assert_eq!(headers["x-thing"], "1,2");
        assert_eq!(headers["host"], "api.example");
        assert!(!headers.contains_key("cookie") && !headers.contains_key("connection"));
    }

    #[test]
    fn only_the_text_types_of_api_gateway_stay_text() {
        for text in ["text/plain", "application/json; charset=utf-8", "Application/JSON"] {
            assert!(is_text(text), "{text}");
        }
        for binary in ["", "application/x-www-form-urlencoded", "image/png", "application/problem+json"] {
            assert!(!is_text(binary), "{binary}");
        }
    }
}
