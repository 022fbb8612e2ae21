//! `notes-dev users`: manages people without a session.

use serde_json::{Value, json};

use crate::support::client::{Client, PASSWORD, credentials};
use crate::support::{Program, Response, until};
use crate::{TEMPLATE, failure, stdout_of};

/// Returns the arguments of the command on a data directory.
fn on<'a>(data: &'a str, arguments: &[&'a str]) -> Vec<&'a str> {
    [&["users", "--data", data, "--template", TEMPLATE], arguments].concat()
}

/// Returns the token at the end of a printed link.
fn token(printed: &str) -> String {
    printed.trim().rsplit('/').next().unwrap().to_owned()
}

#[tokio::test]
async fn an_operator_lists_people_makes_an_administrator_and_sets_a_password() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().to_str().unwrap();
    let closed = ["--parameter-overrides", "SignUp=invitation"];
    let start = |more: &[&str]| Program::start(&[&["--data", data, "--template", TEMPLATE], more].concat());
    let run = start(&[]);
    for username in ["ada", "bob"] {
        Client::of(&run.address).sign_up_as(username).await;
    }
    drop(run);

    assert_eq!(stdout_of(&on(data, &["list"])), "ada  ada  administrator\nbob  bob\n");
    assert_eq!(stdout_of(&on(data, &["grant", "bob"])), "bob is an administrator\n");
    assert_eq!(stdout_of(&on(data, &["list"])), "ada  ada  administrator\nbob  bob  administrator\n");
    let link = token(&stdout_of(&on(data, &["password-link", "bob"])));
    let invitation = token(&stdout_of(&on(data, &["invite"])));
    assert!(failure(&on(data, &["grant", "carol"])).contains("there is no account carol"));
    assert!(failure(&on(data, &["grant", "c"])).contains("must be 3 to 32 characters"));

    let run = start(&closed);
    let guest = Client::of(&run.address);
    guest.sign_up(credentials("carol", PASSWORD)).await.problem(403);
    let invited = json!({ "username": "carol", "password": PASSWORD, "invitation": invitation });
    guest.sign_up(invited).await.json(201);
    let new = json!({ "token": link, "newPassword": "battery staple" });
    let request = guest.request(reqwest::Method::POST, "/api/account/new-password").json(&new);
    assert_eq!(Response::to(request).await.json(200)["username"], "bob");
    let bob = guest.sign_in(credentials("bob", "battery staple")).await;
    let bob = guest.with_cookie(bob.cookie());
    let audit = Response::to(bob.request(reqwest::Method::GET, "/api/admin/audit")).await.json(200);
    let grant = audit["records"].as_array().unwrap().iter().find(|record| record["action"] == "grant");
    assert_eq!(grant.unwrap()["by"], Value::Null, "the operator has no name");
}

#[test]
fn a_name_of_one_deployed_table_is_not_enough() {
    let stderr = failure(&["users", "--users-table", "notes-Users", "list"]);
    assert_eq!(stderr, "error: give both --users-table and --sessions-table, or neither\n");
}

#[tokio::test]
async fn an_open_sign_up_is_announced_and_a_closed_one_is_not() {
    let announced = "Anyone who can reach the page can create an account";
    let open = Program::start(&["--memory", "--template", TEMPLATE]);
    until("it is announced", async || open.has_printed(announced)).await;
    let parameters = ["--parameter-overrides", "SignUp=invitation"];
    let closed = Program::start(&[&["--memory", "--template", TEMPLATE], &parameters[..]].concat());
    let request = Client::of(&closed.address).request(reqwest::Method::GET, "/api/sign-up");
    assert_eq!(Response::to(request).await.json(200)["policy"], "invitation");
    until("the request is printed", async || closed.has_printed("/api/sign-up")).await;
    assert!(!closed.has_printed(announced), "it would have been printed before the request");
}
