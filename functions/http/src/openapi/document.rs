//! The document as a whole.

use std::collections::BTreeSet;
use std::sync::Arc;

use expect_test::expect_file;
use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};

use super::{problems, schemas};
use crate::app::App;
use crate::controllers::{account, archive, comments, notes, openapi, session, sessions, users};
use crate::{problem, router};

/// A shared, live notebook for a team.
///
/// Whoever signs in gets a cookie, `HttpOnly` and `Secure`, that all else asks for. (Its name is a parameter of the
/// deployment.) What goes wrong is said in `application/problem+json` (RFC 9457), of the kinds that each answer lists. An
/// address answers `OPTIONS` with its methods in `Allow`, `HEAD` as `GET`, and other methods with 405.
#[derive(OpenApi)]
#[openapi(
    info(title = "Notes", license(name = "MIT", identifier = "MIT")),
    servers((url = "/", description = "Where this document is.")),
    tags(
        (name = "accounts", description = "Accounts and sessions"),
        (name = "notes", description = "Notes and their comments"),
        (name = "about", description = "The API itself"),
    ),
    paths(
        account::change_password,
        account::delete,
        archive::export,
        archive::import,
        comments::list,
        notes::create,
        notes::destroy,
        notes::list,
        notes::read,
        notes::write,
        openapi::show,
        problem::describe,
        session::show,
        session::sign_in,
        session::sign_out,
        sessions::end,
        sessions::end_others,
        sessions::list,
        users::show,
        users::sign_up,
    ),
    components(schemas(problem::Document, schemas::Tag, schemas::Tags)),
)]
struct Api;

/// The document.
fn document() -> Value {
    let mut api = Api::openapi();
    let cookie = ApiKeyValue::with_description("__Host-notes-session", "The session's cookie.");
    let components = api.components.get_or_insert_default();
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    let mut document = serde_json::to_value(api).unwrap();
    problems::add(&mut document);
    document
}

#[test]
fn what_is_served_is_what_the_handlers_say() {
    let document = serde_json::to_string_pretty(&document()).unwrap() + "\n";
    expect_file!["../../openapi.json"].assert_eq(&document);
}

/// `METHOD /path` of each operation in the document.
fn documented() -> BTreeSet<String> {
    let document = document();
    let paths = document["paths"].as_object().unwrap().iter();
    paths
        .flat_map(|(path, operations)| {
            let methods = operations.as_object().unwrap().keys();
            methods.map(move |method| format!("{} {path}", method.to_uppercase()))
        })
        .collect()
}

#[tokio::test]
async fn every_route_is_described_and_no_other() {
    use axum::http::header::ALLOW;
    use axum::http::{Method, Request};
    use lambda_http::Service as _;

    let config = aws_sdk_dynamodb::Config::builder().behavior_version_latest().build();
    let nowhere = Arc::new(App::on(aws_sdk_dynamodb::Client::from_conf(config)));
    let mut routed = BTreeSet::new();
    for (path, methods) in router::routes() {
        // No handler is reached: each is asked for a method that it does not have.
        let mut methods = methods.fallback(async || ()).with_state::<()>(Arc::clone(&nowhere));
        let request = Request::builder().method(Method::TRACE).uri(path).body(axum::body::Body::empty());
        let answer = methods.call(request.unwrap()).await.unwrap();
        let allowed = answer.headers()[ALLOW].to_str().unwrap().to_owned();
        let allowed = allowed.split(',').filter(|method| *method != "HEAD");
        routed.extend(allowed.map(|method| format!("{method} {path}")));
    }
    assert_eq!(routed, documented());
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let text = document.to_string();
    let references: BTreeSet<&str> =
        text.split("\"$ref\":\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert!(references.len() > 40, "{references:?}");
    for reference in references {
        assert!(document.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

#[test]
fn every_operation_says_what_it_does_and_answers_and_who_may() {
    let (document, mut ids) = (document(), BTreeSet::new());
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(operation["summary"].as_str().is_some_and(|summary| summary.ends_with('.')), "{name}");
            let open =
                ["post /api/users", "post /api/session", "get /api/openapi.json", "get /api/problems/{kind}"];
            assert_eq!(
                operation["security"] == json!([{ "session": [] }]),
                !open.contains(&&*name),
                "{name}"
            );
            assert!(operation["responses"].as_object().unwrap().len() > 2, "{name}");
            assert!(ids.insert(operation["operationId"].clone().to_string()), "{name}");
        }
    }
}
