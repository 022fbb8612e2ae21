//! The answers that go wrong, and the headers of all: what can be said of many operations at once.
//!
//! A handler names the kinds of problems that are its own, as `x-problems`. Those that come with what it takes (a session, a
//! JSON body), or with being a handler at all, are added here.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::ndjson;
use crate::problem::Kind;
use crate::shield;

/// Adds to every operation what goes wrong, and to every answer its headers.
pub(super) fn add(document: &mut Value) {
    let mut answers = Map::new();
    let paths = document["paths"].as_object_mut().expect("a document has paths");
    for (path, operations) in paths {
        let public = path.starts_with("/api/problems/") || path == "/api/openapi.json";
        for (method, operation) in operations.as_object_mut().expect("a path has operations") {
            let kinds = kinds(path, method, operation);
            let responses = operation["responses"].as_object_mut().expect("an operation has responses");
            for answer in responses.values_mut() {
                add_headers(answer, !public);
            }
            for (status, kinds) in by_status(&kinds) {
                let name = kinds.iter().map(|kind| kind.slug()).collect::<Vec<_>>().join("-or-");
                let reference = json!({ "$ref": format!("#/components/responses/{name}") });
                answers.entry(name).or_insert_with(|| answer(status, &kinds));
                let former = responses.insert(status.to_string(), reference);
                assert_eq!(former, None, "an answer that went well has the status of a problem");
            }
        }
    }
    document["components"]["responses"] = answers.into();
    document["components"]["headers"] = headers();
}

/// The kinds of problems that an operation can come to.
fn kinds(path: &str, method: &str, operation: &mut Value) -> Vec<Kind> {
    let own = operation.as_object_mut().expect("an operation is an object").remove("x-problems");
    let own = own.as_ref().and_then(Value::as_array).into_iter().flatten();
    let own = own.map(|slug| {
        let kind = Kind::ALL.into_iter().find(|kind| Some(kind.slug()) == slug.as_str());
        kind.unwrap_or_else(|| panic!("{slug} is no kind of problem"))
    });
    let mut kinds: Vec<Kind> = own.chain([Kind::Internal, Kind::Overloaded]).collect();
    if operation.get("security").is_some() {
        kinds.push(Kind::NotSignedIn);
    }
    if let Some(body) = operation.get("requestBody") {
        kinds.extend([Kind::NotJson, Kind::Encoded, Kind::TooLarge]);
        // Lines are read one by one, and each is answered for.
        if body["content"].get("application/json").is_some() {
            kinds.extend([Kind::Malformed, Kind::WrongValues]);
        }
    }
    // The gateway decodes paths: of a name with `%2F` or `%3F` in it another path is made.
    if path.contains('{') {
        kinds.push(Kind::NoSuchRoute);
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

/// The answer that is a problem of one of these kinds.
fn answer(status: u16, kinds: &[Kind]) -> Value {
    let said: Vec<String> = kinds.iter().map(|kind| format!("{}.", kind.title())).collect();
    let types: Vec<String> = kinds.iter().map(|kind| kind.address()).collect();
    let mut this = json!({ "properties": { "type": { "enum": types }, "status": { "const": status } } });
    let shows_the_note = kinds.iter().all(|kind| matches!(kind, Kind::Stale | Kind::KeyTaken));
    if shows_the_note {
        this["required"] = json!(["note"]);
    }
    let schema = json!({ "allOf": [{ "$ref": "#/components/schemas/Problem" }, this] });
    let mut answer = json!({
        "description": said.join(" "),
        "content": { "application/problem+json": { "schema": schema } },
    });
    for (name, has) in [
        ("accept", status == 415),
        ("accept-encoding", status == 415),
        ("etag", shows_the_note),
        ("retry-after", matches!(status, 429 | 503)),
        ("www-authenticate", status == 401),
    ] {
        if has {
            answer["headers"][name] = header(name);
        }
    }
    add_headers(&mut answer, true);
    answer
}

/// Adds the headers of every answer, and those of the ones that are somebody's own.
fn add_headers(answer: &mut Value, private: bool) {
    let shield = shield::SECURITY_HEADERS.map(|(name, _)| name.to_string());
    let private = private.then_some(["cache-control", "vary"]).into_iter().flatten();
    for name in shield.into_iter().chain(private.map(str::to_owned)) {
        answer["headers"][&name] = header(&name);
    }
}

fn header(name: &str) -> Value {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

/// The headers that answers share.
fn headers() -> Value {
    let text = |description: &str, schema: Value| json!({ "description": description, "required": true, "schema": schema });
    let always = |value: &str| json!({ "type": "string", "const": value });
    let mut headers = json!({
        "accept": text("What to send instead.", json!({ "enum": [crate::json::MEDIA_TYPE, ndjson::MEDIA_TYPE] })),
        "accept-encoding": text("How to send it instead.", always("identity")),
        "cache-control": text("Nobody keeps it.", always("no-store")),
        "etag": text("The version of the note in the answer.", json!({ "$ref": "#/components/schemas/Tag" })),
        "retry-after": text("In how many seconds to try again.", json!({ "type": "integer", "minimum": 1 })),
        "vary": text("Each session has answers of its own.", json!({ "type": "string", "pattern": "cookie" })),
        "www-authenticate": text("What is wanted: the session's cookie.", always("Cookie")),
    });
    for (name, value) in shield::SECURITY_HEADERS {
        headers[name.as_str()] = text("Binds the browser.", always(value));
    }
    headers
}
