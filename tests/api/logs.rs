//! The logs of the functions: one line for each request, and no secrets.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{ABSENT, Client, PASSWORD, credentials, draft};
use crate::support::{Logs, Reader, Response, TestUser};

/// Returns method, route, status and user of a request's line.
fn summary(line: &Value) -> (&str, &str, u64, &str) {
    let text = |value: &'static str| line[value].as_str().unwrap();
    let user = line["span"]["user"].as_str().unwrap_or_default();
    (text("method"), text("route"), line["status"].as_u64().unwrap(), user)
}

#[tokio::test]
async fn each_request_has_one_line_with_its_route_status_duration_and_user() {
    let (cloud, logs) = Logs::of_a_cloud("INFO").await;
    let guest = Client::guest(&cloud);
    Response::to(guest.request(Method::GET, "/")).await;
    let ada = guest.sign_up_as("ada").await;
    guest.sign_in(credentials("ada", PASSWORD)).await.json(200);
    guest.sign_in(credentials("ada", "a wrong one")).await.problem(401);
    ada.write("shopping", ABSENT, draft("Shopping", "Milk")).await.json(201);
    ada.read("shopping").await.json(200);
    ada.list("limit=1").await.json(200);
    ada.write("shopping", ("if-match", "\"7\""), draft("A", "")).await.problem(412);
    ada.destroy("shopping", ("if-match", "\"1\"")).await.empty(204);
    let changed = ada.change_password(PASSWORD, "battery staple").await;
    changed.json(200);
    ada.read("shopping").await.problem(401);
    ada.with_cookie(changed.cookie()).delete_account("battery staple").await.problem(409);
    let brew = Method::from_bytes(b"BREW").unwrap();
    Response::to(guest.request(brew, "/api/boards/team/notes?secret=1")).await.problem(405);
    Response::to(guest.request(Method::GET, "/nothing/shopping")).await.problem(404);

    let expected = [
        ("GET", "page", 200, ""),
        ("POST", "/api/users", 201, "ada"),
        ("POST", "/api/session", 200, "ada"),
        ("POST", "/api/session", 401, ""),
        ("PUT", "/api/boards/{board}/notes/{key}", 201, "ada"),
        ("GET", "/api/boards/{board}/notes/{key}", 200, "ada"),
        ("GET", "/api/boards/{board}/notes", 200, "ada"),
        ("PUT", "/api/boards/{board}/notes/{key}", 412, "ada"),
        ("DELETE", "/api/boards/{board}/notes/{key}", 204, "ada"),
        ("PUT", "/api/account/password", 200, "ada"),
        ("GET", "/api/boards/{board}/notes/{key}", 401, ""),
        ("POST", "/api/account/deletion", 409, "ada"),
        ("other", "/api/boards/{board}/notes", 405, ""),
        ("GET", "none", 404, ""),
    ];
    let lines = logs.lines(expected.len(), "Http", |line| line["route"].is_string()).await;
    assert_eq!(lines.iter().map(summary).collect::<Vec<_>>(), expected);
    for line in &lines {
        assert!(line["duration_ms"].is_u64(), "{line}");
        let message = line["message"].as_str().unwrap();
        assert!(message.contains(line["route"].as_str().unwrap()), "{line}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_problem_document_and_the_log_have_the_same_request_id() {
    let (cloud, logs) = Logs::of_a_cloud("INFO").await;
    let problem = Client::guest(&cloud).who_am_i().await.problem(401);
    let lines = logs.lines(1, "Http", |line| line["route"].is_string()).await;
    let id = problem["requestId"].as_str().unwrap();
    assert!(!id.is_empty() && lines[0]["span"]["requestId"] == id, "{} of {problem}", lines[0]);
    cloud.stop().await;
}

#[tokio::test]
async fn each_socket_event_scheduled_event_and_batch_has_one_line_with_its_request_id() {
    let (cloud, logs) = Logs::of_a_cloud("INFO").await;
    let ada = cloud.sign_up("ada").await;
    let mut socket = cloud.socket(&ada).await;
    socket.join_home().await;
    ada.create("shopping", "Shopping").await;
    socket.notetitles().await;
    socket.leave().await;
    let events = logs.lines(3, "WebSocket", |line| line["route"].is_string()).await;
    for (event, route) in events.iter().zip(["$connect", "$default", "$disconnect"]) {
        assert_eq!((&event["route"], &event["status"]), (&json!(route), &json!(200)));
        assert!(event["duration_ms"].is_u64() && event["connection"].is_string(), "{event}");
        let user = if route == "$disconnect" { Value::Null } else { json!("ada") };
        assert_eq!(event["span"]["user"], user, "{event}");
    }
    for table in ["Connections", "Notes"] {
        let batches = logs.lines(1, "Stream", |line| line["table"] == table).await;
        assert_eq!((&batches[0]["records"], &batches[0]["failed"]), (&json!(1), &json!(0)));
    }
    cloud.invoke("KeepAlive", "{}").await;
    let keep_alive = logs.lines(1, "KeepAlive", |line| line["reached"].is_u64()).await.remove(0);
    for line in events.iter().chain([&keep_alive]) {
        assert!(line["span"]["requestId"].as_str().is_some_and(|id| !id.is_empty()), "{line}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn every_line_has_a_request_id_and_no_secret_at_every_level() {
    const NEW: &str = "battery staple";
    const GUESS: &str = "guess-of-the-edges-secret";
    const TYPED_IN_THE_WRONG_FIELD: &str = "hunter2-hunter2";
    const ESTIMATED: &str = "seven blue lobsters";
    let (cloud, logs) = Logs::of_a_cloud("TRACE").await;
    let guest = Client::guest(&cloud);
    let ada = guest.sign_up_as("ada").await;
    guest.sign_in(credentials("ada", "a wrong guess")).await.problem(401);
    guest.sign_in(credentials(TYPED_IN_THE_WRONG_FIELD, PASSWORD)).await.problem(401);
    guest.password_strength(&json!({ "password": ESTIMATED, "username": ESTIMATED })).await.json(200);
    guest.sign_up(credentials("eve", "lobster1")).await.problem(422);
    ada.write("shopping", ABSENT, draft("Groceries to get", "Oat milk, rye bread")).await.json(201);
    let user = TestUser::returning(&cloud.address(), ada.cookie());
    let mut reader = Reader::join(&cloud, &user, "shopping").await;
    reader.comment("Is soy all right?").await;
    let changed = ada.write("shopping", ("if-match", "\"1\""), draft("Groceries to get", "Rye bread")).await;
    changed.json(200);
    reader.event("noteupdated").await;
    ada.read("shopping").await.json(200);
    ada.list("").await.json(200);
    Response::to(ada.request(Method::POST, "/api/boards/team/notes").body("Oat milk, unquoted"))
        .await
        .problem(415);
    let changed = ada.change_password(PASSWORD, NEW).await;
    changed.json(200);
    let ada = ada.with_cookie(changed.cookie());
    ada.destroy("shopping", ("if-match", "\"2\"")).await.empty(204);
    let (_, previous_token) = user.cookie().split_once('=').unwrap();
    let (_, token) = ada.cookie().split_once('=').unwrap();
    ada.delete_account(NEW).await.problem(409);
    // Refused, at the API's own address.
    let direct = ada.request(Method::GET, "/").header("host", cloud.own_host("httpapi"));
    Response::to(direct.header("x-front-door", GUESS)).await.problem(403);
    reader.leave().await;
    logs.lines(1, "WebSocket", |line| line["route"] == "$disconnect").await;

    for line in logs.all() {
        for secret in [
            PASSWORD,
            NEW,
            "a wrong guess",
            TYPED_IN_THE_WRONG_FIELD,
            "lobster",
            previous_token,
            token,
            "notes-session",
            GUESS,
            sam_template::STACK_ID,
            "Groceries",
            "milk",
            "bread",
            "soy",
        ] {
            assert!(!line.text.contains(secret), "{secret} in {}", line.text);
        }
        let object: Value =
            serde_json::from_str(&line.text).unwrap_or_else(|_| panic!("{} is not JSON", line.text));
        let request =
            if object["_aws"].is_null() { &object["span"]["requestId"] } else { &object["requestId"] };
        assert!(request.as_str().is_some_and(|id| !id.is_empty()), "no request id in {object}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_failed_sign_in_is_logged_with_a_pseudonym_and_an_address() {
    let (cloud, logs) = Logs::of_a_cloud("INFO").await;
    let guest = Client::guest(&cloud);
    guest.sign_up_as("ada").await;
    for typed in ["ada", " ADA", "nobody", "hunter2 hunter2", "hunter2 hunter2 "] {
        guest.sign_in(credentials(typed, "a wrong guess")).await.problem(401);
    }
    let mut wrong = 5;
    while guest.sign_in(credentials("ada", "a wrong guess")).await.status == 401 {
        wrong += 1;
    }
    guest.sign_in(credentials("ada", PASSWORD)).await.problem(429);
    let lines = logs.lines(wrong + 2, "Http", |line| line["account"].is_string()).await;
    for line in &lines {
        assert_eq!(line["level"], "WARN", "{line}");
        assert!(["127.0.0.1", "::1"].contains(&line["address"].as_str().unwrap()), "{line}");
        assert!(line["span"]["requestId"].is_string(), "{line}");
    }
    let values = |member: &str| lines.iter().map(|line| line[member].as_str().unwrap()).collect::<Vec<_>>();
    let accounts = values("account");
    let [ada, ada_again, nobody, typed, typed_again, others @ ..] = accounts.as_slice() else {
        unreachable!()
    };
    assert!(
        ada == ada_again && typed == typed_again && others.iter().all(|other| other == ada),
        "{accounts:?}"
    );
    assert!(ada != nobody && ada != typed && nobody != typed, "{accounts:?}");
    assert!(accounts.iter().all(|account| account.len() == 16), "{accounts:?}");
    let reasons = values("reason");
    let (too_many, wrong_ones) = (&reasons[wrong..], &reasons[..wrong]);
    assert!(too_many.iter().all(|reason| *reason == "too many"), "{reasons:?}");
    assert!(wrong_ones.iter().all(|reason| *reason == "wrong"), "{reasons:?}");
    assert!(logs.all().iter().all(|line| !line.text.contains("hunter2")));
    cloud.stop().await;
}
