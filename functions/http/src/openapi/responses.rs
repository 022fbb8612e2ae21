//! Adds the responses and headers that many operations share.
//!
//! A handler lists its own kinds of problems as `x-problems`. This module adds those of its parameters (a session, a JSON
//! body) and those of every handler.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::media_type;
use crate::middleware::security_headers::SECURITY_HEADERS;
use crate::problem::Kind;

/// Adds the problems to every operation, and the headers to every response.
pub(super) fn add(document: &mut Value) {
    let mut shared = Map::new();
    let paths = document["paths"].as_object_mut().expect("a document has paths");
    for (path, operations) in paths {
        let public = path.starts_with("/api/problems/") || path == "/api/openapi.json";
        for (method, operation) in operations.as_object_mut().expect("a path has operations") {
            let kinds = kinds(path, method, operation);
            let responses = operation["responses"].as_object_mut().expect("an operation has responses");
            for response in responses.values_mut() {
                add_headers(response, !public);
            }
            for (status, kinds) in by_status(&kinds) {
                let name = kinds.iter().map(|kind| kind.slug()).collect::<Vec<_>>().join("-or-");
                let reference = json!({ "$ref": format!("#/components/responses/{name}") });
                shared.entry(name).or_insert_with(|| problem_response(status, &kinds));
                let previous = responses.insert(status.to_string(), reference);
                assert_eq!(previous, None, "a success and a problem have the same status");
            }
        }
    }
    document["components"]["responses"] = shared.into();
    document["components"]["headers"] = headers();
}

/// Returns the kinds of problems with which an operation can respond.
fn kinds(path: &str, method: &str, operation: &mut Value) -> Vec<Kind> {
    let own = operation.as_object_mut().expect("an operation is an object").remove("x-problems");
    let own = own.as_ref().and_then(Value::as_array).into_iter().flatten();
    let own = own.map(|slug| {
        let kind = Kind::ALL.into_iter().find(|kind| Some(kind.slug()) == slug.as_str());
        kind.unwrap_or_else(|| panic!("{slug} is not a kind of problem"))
    });
    let mut kinds: Vec<Kind> = own.chain([Kind::Internal, Kind::Overloaded]).collect();
    if operation.get("security").is_some() {
        kinds.push(Kind::NotSignedIn);
        // Deletions outside of boards end sessions, or are an administrator's.
        if method != "get" && (method != "delete" || path.starts_with("/api/boards")) {
            kinds.push(Kind::QuotaReached);
        }
    }
    if let Some(body) = operation.get("requestBody") {
        kinds.extend([Kind::NotJson, Kind::Encoded, Kind::TooLarge]);
        // An import has an outcome for each line instead.
        if body["content"].get("application/json").is_some() {
            kinds.extend([Kind::Malformed, Kind::WrongValues]);
        }
    }
    // The gateway decodes paths, so `%2F` or `%3F` in a parameter makes another path. It may have no route, or one without
    // this method.
    if path.contains('{') {
        kinds.extend([Kind::NoSuchRoute, Kind::MethodNotAllowed]);
    }
    if method != "get" {
        kinds.push(Kind::ForeignOrigin);
    }
    kinds
}

fn by_status(kinds: &[Kind]) -> BTreeMap<u16, Vec<Kind>> {
    let mut by_status: BTreeMap<u16, Vec<Kind>> = BTreeMap::new();
    for kind in Kind::ALL.into_iter().filter(|kind| kinds.contains(kind)) {
        by_status.entry(kind.status().as_u16()).or_default().push(kind);
    }
    by_status
}

/// Returns the response for problems of these kinds.
fn problem_response(status: u16, kinds: &[Kind]) -> Value {
    let titles: Vec<String> = kinds.iter().map(|kind| format!("{}.", kind.title())).collect();
    let types: Vec<String> = kinds.iter().map(|kind| kind.address()).collect();
    let mut this = json!({ "properties": { "type": { "enum": types }, "status": { "const": status } } });
    let contains_note = kinds.iter().all(|kind| matches!(kind, Kind::Stale | Kind::KeyTaken));
    if contains_note {
        this["required"] = json!(["note"]);
    }
    let schema = json!({ "allOf": [{ "$ref": "#/components/schemas/Problem" }, this] });
    let mut response = json!({
        "description": titles.join(" "),
        "content": { "application/problem+json": { "schema": schema } },
    });
    for (name, has) in [
        ("accept", status == 415),
        ("accept-encoding", status == 415),
        ("etag", contains_note),
        ("retry-after", matches!(status, 429 | 503)),
        ("www-authenticate", status == 401),
    ] {
        if has {
            response["headers"][name] = header(name);
        }
    }
    add_headers(&mut response, true);
    response
}

/// Adds the headers of every response, and those of private ones.
fn add_headers(response: &mut Value, private: bool) {
    let security = SECURITY_HEADERS.map(|(name, _)| name.to_string());
    let private = private.then_some(["cache-control", "vary"]).into_iter().flatten();
    for name in security.into_iter().chain(private.map(str::to_owned)) {
        response["headers"][&name] = header(&name);
    }
}

fn header(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

/// Returns the headers that responses share.
fn headers() -> Value {
    let text = |description: &str, schema: Value| json!({ "description": description, "required": true, "schema": schema });
    let always = |value: &str| json!({ "type": "string", "const": value });
    let mut headers = json!({
        "accept": text("The content type to send instead.", json!({ "enum": [media_type::JSON, media_type::NDJSON] })),
        "accept-encoding": text("The content encoding to send instead.", always("identity")),
        "cache-control": text("The response must not be stored.", always("no-store")),
        "etag": text("The version of the note in the response.", json!({ "$ref": "#/components/schemas/Tag" })),
        "retry-after": text("The number of seconds to wait before trying again.", json!({ "type": "integer", "minimum": 1 })),
        "vary": text("The response depends on the session.", json!({ "type": "string", "pattern": "cookie" })),
        "www-authenticate": text("The session's cookie is required.", always("Cookie")),
    });
    for (name, value) in SECURITY_HEADERS {
        headers[name.as_str()] = text("A security header.", always(value));
    }
    headers
}
