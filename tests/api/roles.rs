//! Every route, in every role: a stranger, a user who is not a member, a reader, an editor, an owner, an administrator who
//! is not a member, and a user whose account is disabled. A route without a row here fails.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{ABSENT, Client, draft};
use crate::support::{Response, TestCloud};

/// The right that a route needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Right {
    /// Everybody.
    Public,
    /// Every signed-in user.
    SignedIn,
    /// Administrators.
    Administrator,
    /// Everybody with access to the board.
    Read,
    /// Everybody with the right to write on the board.
    Write,
    /// Owners of the board.
    Own,
}

use Right::{Administrator, Own, Public, Read, SignedIn, Write};

/// The routes, with their rights. Rows are in the order of the API's description.
const ROUTES: &[(&str, &str, Right)] = &[
    ("get", "/api/account", SignedIn),
    ("post", "/api/account/deletion", SignedIn),
    ("put", "/api/account/display-name", SignedIn),
    ("post", "/api/account/new-password", Public),
    ("get", "/api/account/passkeys", SignedIn),
    ("post", "/api/account/passkeys", SignedIn),
    ("post", "/api/account/passkeys/options", SignedIn),
    ("delete", "/api/account/passkeys/{id}", SignedIn),
    ("put", "/api/account/password", SignedIn),
    ("delete", "/api/admin/administrators/{username}", Administrator),
    ("put", "/api/admin/administrators/{username}", Administrator),
    ("get", "/api/admin/audit", Administrator),
    ("get", "/api/admin/invitations", Administrator),
    ("post", "/api/admin/invitations", Administrator),
    ("delete", "/api/admin/invitations/{id}", Administrator),
    ("get", "/api/admin/users", Administrator),
    ("delete", "/api/admin/users/{username}", Administrator),
    ("post", "/api/admin/users/{username}/disable", Administrator),
    ("post", "/api/admin/users/{username}/enable", Administrator),
    ("post", "/api/admin/users/{username}/password-link", Administrator),
    ("get", "/api/boards", SignedIn),
    ("post", "/api/boards", SignedIn),
    ("post", "/api/boards/join", SignedIn),
    ("get", "/api/boards/{board}", Read),
    ("put", "/api/boards/{board}", Own),
    ("delete", "/api/boards/{board}", Own),
    ("get", "/api/boards/{board}/export", Read),
    ("post", "/api/boards/{board}/import", Own),
    ("get", "/api/boards/{board}/invitations", Own),
    ("post", "/api/boards/{board}/invitations", Own),
    ("delete", "/api/boards/{board}/invitations/{id}", Own),
    ("get", "/api/boards/{board}/members", Read),
    ("put", "/api/boards/{board}/members/{username}", Own),
    ("delete", "/api/boards/{board}/members/{username}", Own),
    ("get", "/api/boards/{board}/notes", Read),
    ("post", "/api/boards/{board}/notes", Write),
    ("get", "/api/boards/{board}/notes/{key}", Read),
    ("put", "/api/boards/{board}/notes/{key}", Write),
    ("patch", "/api/boards/{board}/notes/{key}", Write),
    ("delete", "/api/boards/{board}/notes/{key}", Write),
    ("get", "/api/boards/{board}/notes/{key}/backlinks", Read),
    ("get", "/api/boards/{board}/notes/{key}/comments", Read),
    ("get", "/api/boards/{board}/notes/{key}/document", Read),
    ("post", "/api/boards/{board}/notes/{key}/edits", Write),
    ("post", "/api/boards/{board}/notes/{key}/move", Write),
    ("get", "/api/boards/{board}/notes/{key}/versions", Write),
    ("get", "/api/boards/{board}/notes/{key}/versions/{version}", Write),
    ("get", "/api/boards/{board}/trash", Write),
    ("delete", "/api/boards/{board}/trash/{id}", Write),
    ("post", "/api/boards/{board}/trash/{id}/restore", Write),
    ("get", "/api/openapi.json", Public),
    ("post", "/api/password-strength", Public),
    ("get", "/api/problems/{kind}", Public),
    ("get", "/api/session", SignedIn),
    ("post", "/api/session", Public),
    ("delete", "/api/session", SignedIn),
    ("post", "/api/session/passkey", Public),
    ("post", "/api/session/passkey/options", Public),
    ("get", "/api/sessions", SignedIn),
    ("delete", "/api/sessions", SignedIn),
    ("delete", "/api/sessions/{id}", SignedIn),
    ("get", "/api/sign-up", Public),
    ("get", "/api/users", SignedIn),
    ("post", "/api/users", Public),
    ("get", "/api/users/{username}", SignedIn),
];

/// Routes that end the session, which this test still needs. `tests/api/sessions.rs` has them.
const ENDS_THE_SESSION: &[(&str, &str)] = &[("delete", "/api/session"), ("delete", "/api/sessions")];

/// The kinds of refusals by role. Any other response, also of another problem, has passed the check of roles.
const REFUSALS: [&str; 5] = ["not-signed-in", "not-administrator", "no-such-board", "read-only", "not-owner"];

fn refusal(response: &Response) -> Option<&'static str> {
    let problem: Value = serde_json::from_slice(response.body.as_bytes()).unwrap_or_default();
    let kind = problem["type"].as_str().unwrap_or_default().to_owned();
    REFUSALS.into_iter().find(|refusal| kind == format!("/api/problems/{refusal}"))
}

/// Returns the expected refusal, `None` if the route must pass.
fn expected(who: &str, right: Right) -> Option<&'static str> {
    match (right, who) {
        (Public, _) => None,
        // The sessions of a disabled account have ended.
        (_, "stranger" | "disabled") => Some("not-signed-in"),
        (SignedIn, _) | (Administrator, "administrator") => None,
        (Administrator, _) => Some("not-administrator"),
        (_, "outsider" | "administrator") => Some("no-such-board"),
        (Read, _) | (_, "owner") | (Write, "editor") => None,
        (Write, _) => Some("read-only"),
        (Own, _) => Some("not-owner"),
    }
}

#[test]
fn every_route_has_a_row() {
    let document: Value = serde_json::from_str(include_str!("../../functions/http/openapi.json")).unwrap();
    let mut documented: Vec<(String, String)> = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            documented.push((method.clone(), path.clone()));
        }
    }
    let mut rows: Vec<_> =
        ROUTES.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
    documented.sort();
    rows.sort();
    assert_eq!(documented, rows);
}

#[tokio::test]
async fn every_route_passes_or_refuses_every_role_as_its_row_says() {
    let cloud = TestCloud::start().await;
    let administrator = Client::signed_up(&cloud, "administrator").await;
    let owner = Client::signed_up(&cloud, "owner").await;
    let board = owner.create_board("Plans").await;
    let mut people = BTreeMap::from([
        ("stranger", Client::guest(&cloud)),
        ("outsider", Client::signed_up(&cloud, "outsider").await),
        ("reader", Client::signed_up(&cloud, "reader").await),
        ("editor", Client::signed_up(&cloud, "editor").await),
        ("disabled", Client::signed_up(&cloud, "disabled").await),
    ]);
    for role in ["reader", "editor"] {
        owner.set_role(&board, role, role).await.empty(204);
    }
    owner.set_role(&board, "disabled", "owner").await.empty(204);
    let note = format!("/api/boards/{board}/notes/a");
    let (name, value) = ABSENT;
    let created = owner.request(Method::PUT, &note).header(name, value).json(&draft("A", ""));
    Response::to(created).await.json(201);
    let disable = administrator.request(Method::POST, "/api/admin/users/disabled/disable");
    Response::to(disable).await.empty(204);
    people.extend([("owner", owner), ("administrator", administrator)]);

    for (method, path, right) in ROUTES {
        for (who, client) in &people {
            if *who != "stranger" && ENDS_THE_SESSION.contains(&(method, path)) {
                continue;
            }
            let address = path
                .replace("{board}", &board)
                .replace("{key}", "a")
                .replace("{username}", "nobody")
                .replace("{kind}", "stale")
                .replace("{id}", "nothing");
            let verb = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let mut request = client.request(verb, &address);
            // No body is valid, and no condition is sent. So a request that passes the check of roles changes nothing.
            if *method != "get" && *method != "delete" {
                request = request.json(&json!({ "invalid": true }));
            }
            let response = Response::to(request).await;
            let found = refusal(&response);
            assert_eq!(found, expected(who, *right), "{who}: {method} {path}: {response:?}");
        }
    }
    cloud.stop().await;
}

#[tokio::test]
async fn an_administrator_owns_the_boards_of_the_team_and_everybody_else_has_the_teams_role() {
    let cloud = TestCloud::start().await;
    let administrator = Client::signed_up(&cloud, "ada").await;
    let bob = Client::signed_up(&cloud, "bob").await;
    let team = administrator.boards(Method::GET, "/team", None, Value::Null).await;
    assert_eq!(team.json(200)["role"], "owner");
    assert_eq!(bob.boards(Method::GET, "/team", None, Value::Null).await.json(200)["role"], "editor");
    let change = json!({ "name": "Team", "visibility": "team", "teamRole": "reader" });
    bob.boards(Method::PUT, "/team", Some("\"1\""), change.clone()).await.problem(403);
    administrator.boards(Method::PUT, "/team", Some("\"1\""), change).await.json(200);
    assert_eq!(bob.create(draft("A", "")).await.problem(403)["type"], "/api/problems/read-only");
    bob.list("").await.json(200);
    // A role of one's own counts if it is higher.
    administrator.set_role("team", "bob", "editor").await.empty(204);
    bob.create(draft("A", "")).await.json(201);
    cloud.stop().await;
}
