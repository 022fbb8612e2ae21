//! The whole document, and tests of it.

use std::collections::BTreeSet;
use std::sync::Arc;

use expect_test::expect_file;
use serde_json::{Value, json};
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};

use super::responses;
use crate::app::App;
use crate::controllers::administration::{audit, invitations, people};
use crate::controllers::{
    account, archive, backlinks, boards, comments, documents, notes, openapi, passkey_sign_in, passkeys,
    password_strength, problems, session, sessions, sign_up, trash, users, versions,
};
use crate::{problem, router, schemas};

/// A shared, live notebook for a team.
///
/// Sign in to get a session cookie (`HttpOnly` and `Secure`), which all other operations require. The deployment sets its
/// name. Errors are problem documents, `application/problem+json` (RFC 9457). Each response lists its kinds of problems.
/// Every address supports `OPTIONS`, which returns the supported methods in `Allow`, and `HEAD` wherever it supports `GET`.
/// Other methods return 405.
#[derive(OpenApi)]
#[openapi(
    info(title = "Notes", license(name = "MIT", identifier = "MIT")),
    servers((url = "/", description = "The server of this document.")),
    tags(
        (name = "accounts", description = "Accounts and sessions"),
        (name = "administration", description = "People, invitations and the audit record, for administrators"),
        (name = "boards", description = "Boards, their members and invitations"),
        (name = "notes", description = "Notes, their comments, and the trash"),
        (name = "about", description = "The API itself"),
    ),
    paths(
        account::change_display_name,
        account::change_password,
        account::delete,
        account::show,
        account::use_password_link,
        archive::export,
        archive::import,
        backlinks::list,
        audit::list,
        boards::change,
        boards::create,
        boards::delete,
        boards::invitations::join,
        boards::invitations::list,
        boards::invitations::make,
        boards::invitations::revoke,
        boards::list,
        boards::members::list,
        boards::members::remove,
        boards::members::set_role,
        boards::show,
        comments::list,
        documents::read,
        documents::edit,
        invitations::list,
        invitations::make,
        invitations::revoke,
        notes::create,
        notes::destroy,
        notes::list,
        notes::move_to,
        notes::read,
        notes::rename,
        notes::write,
        openapi::show,
        passkey_sign_in::ask,
        passkey_sign_in::sign_in,
        passkeys::add,
        passkeys::ask,
        passkeys::list,
        passkeys::remove,
        password_strength::estimate,
        people::disable,
        people::enable,
        people::grant,
        people::list,
        people::make_password_link,
        people::remove,
        people::withdraw,
        problems::describe,
        session::show,
        session::sign_in,
        session::sign_out,
        sessions::end,
        sessions::end_others,
        sessions::list,
        sign_up::show,
        trash::delete,
        trash::list,
        trash::restore,
        users::list,
        users::show,
        users::sign_up,
        versions::list,
        versions::read,
    ),
    components(schemas(problem::Document, schemas::BareUsername, schemas::Tag, schemas::Tags)),
)]
struct Api;

/// Generates the document.
fn document() -> Value {
    let mut api = Api::openapi();
    let cookie = ApiKeyValue::with_description("__Host-notes-session", "The cookie of the session.");
    let components = api.components.get_or_insert_default();
    components.add_security_scheme("session", SecurityScheme::ApiKey(ApiKey::Cookie(cookie)));
    let mut document = serde_json::to_value(api).unwrap();
    responses::add(&mut document);
    document
}

#[test]
fn the_served_document_is_up_to_date() {
    let document = serde_json::to_string_pretty(&document()).unwrap() + "\n";
    expect_file!["../../openapi.json"].assert_eq(&document);
}

/// Returns each operation in the document as `METHOD /path`.
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
async fn exactly_the_routes_are_documented() {
    use axum::http::header::ALLOW;
    use axum::http::{Method, Request};
    use lambda_http::Service as _;

    let config = aws_sdk_dynamodb::Config::builder().behavior_version_latest().build();
    let nowhere = Arc::new(App::on(aws_sdk_dynamodb::Client::from_conf(config)));
    let mut routed = BTreeSet::new();
    for (path, methods) in router::routes() {
        // No route has this method, so no handler runs.
        let mut methods = methods.fallback(async || ()).with_state::<()>(Arc::clone(&nowhere));
        let request = Request::builder().method(Method::TRACE).uri(path).body(axum::body::Body::empty());
        let response = methods.call(request.unwrap()).await.unwrap();
        let allowed = response.headers()[ALLOW].to_str().unwrap().to_owned();
        let allowed = allowed.split(',').filter(|method| *method != "HEAD");
        routed.extend(allowed.map(|method| format!("{method} {path}")));
    }
    assert_eq!(routed, documented());
}

#[test]
fn every_reference_resolves() {
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
fn every_operation_has_a_summary_and_responses_and_security() {
    let (document, mut ids) = (document(), BTreeSet::new());
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let name = format!("{method} {path}");
            assert!(operation["summary"].as_str().is_some_and(|summary| summary.ends_with('.')), "{name}");
            let public = [
                "get /api/sign-up",
                "post /api/users",
                "post /api/session",
                "post /api/session/passkey",
                "post /api/session/passkey/options",
                "post /api/account/new-password",
                "post /api/password-strength",
                "get /api/openapi.json",
                "get /api/problems/{kind}",
            ];
            assert_eq!(
                operation["security"] == json!([{ "session": [] }]),
                !public.contains(&&*name),
                "{name}"
            );
            assert!(operation["responses"].as_object().unwrap().len() > 2, "{name}");
            assert!(ids.insert(operation["operationId"].clone().to_string()), "{name}");
        }
    }
}
