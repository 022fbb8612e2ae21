//! The cost of each operation in DynamoDB requests. These numbers are promises and must not grow.

use reqwest::Method;
use serde_json::{Value, json};

use crate::export::{comment_line, text};
use crate::support::TestCloud;
use crate::support::client::{ABSENT, Client, PASSWORD, credentials, draft, typed};

/// The request that reads session, board and membership.
const ACCESS: &str = "BatchGetItem Boards, Sessions";
/// The same request, if it also reads the note under the key in the path.
const WITH_NOTE: &str = "BatchGetItem Boards, Notes, Sessions";

/// The request that reads the text of the note, if its edits count.
const TEXT: &str = "Query Edits";

/// Returns the HTTP function's requests to DynamoDB since the last call, for example `GetItem Notes`.
async fn requests(cloud: &TestCloud) -> Vec<String> {
    let calls = cloud.calls().into_iter().filter(|call| call.caller == "Http");
    let requests = calls
        .map(|call| format!("{} {}", call.action.trim_start_matches("dynamodb:"), call.resource))
        .collect();
    cloud.forget_calls().await;
    requests
}

#[tokio::test]
async fn a_note_is_read_with_two_requests_and_changed_with_three() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    requests(&cloud).await;

    ada.create(draft("A", "")).await.json(201);
    assert_eq!(requests(&cloud).await, [ACCESS, "PutItem Notes"]);

    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    assert_eq!(requests(&cloud).await, [WITH_NOTE, "PutItem Notes"]);

    ada.write("a", ABSENT, draft("A", "")).await.problem(412);
    assert_eq!(requests(&cloud).await, [WITH_NOTE, "PutItem Notes"]);

    ada.read("a").await.json(200);
    assert_eq!(requests(&cloud).await, [WITH_NOTE, TEXT]);

    ada.write("a", ("if-match", "\"1\""), draft("B", "")).await.json(200);
    assert_eq!(requests(&cloud).await, [WITH_NOTE, TEXT, "TransactWriteItems Notes"]);

    ada.write("a", ("if-match", "\"2\""), draft("B", "Milk")).await.json(200);
    assert_eq!(requests(&cloud).await, [WITH_NOTE, TEXT, "TransactWriteItems Edits, Notes"]);

    ada.write("a", ("if-match", "\"1\""), draft("C", "")).await.problem(412);
    assert_eq!(requests(&cloud).await, [WITH_NOTE, TEXT]);

    ada.rename("a", "C").await.json(200);
    assert_eq!(requests(&cloud).await, [WITH_NOTE, "UpdateItem Notes", TEXT]);

    let document = ada.document("a", "").await.json(200);
    assert_eq!(requests(&cloud).await, [WITH_NOTE, TEXT]);

    ada.edit("a", &document["document"], &typed("ada", "", "Milk")).await.empty(204);
    assert_eq!(requests(&cloud).await, [WITH_NOTE, "PutItem Edits"]);

    ada.comments("a", "").await.json(200);
    assert_eq!(requests(&cloud).await, [WITH_NOTE, "Query Notes"],);

    ada.versions("a", "").await.json(200);
    assert_eq!(requests(&cloud).await, [WITH_NOTE, "Query Edits"]);

    ada.backlinks("a", "").await.json(200);
    assert_eq!(requests(&cloud).await, [WITH_NOTE, "Query Edits"]);

    ada.version("a", "1").await.problem(404);
    assert_eq!(requests(&cloud).await, [WITH_NOTE, "GetItem Edits"]);

    ada.list("").await.json(200);
    assert_eq!(requests(&cloud).await, [ACCESS, "Query Notes/index/by-listed"]);

    ada.list("select=count").await.json(200);
    assert_eq!(requests(&cloud).await, [ACCESS, "Query Notes/index/by-listed"]);

    ada.destroy("a", ("if-match", "*")).await.empty(204);
    assert_eq!(requests(&cloud).await, [WITH_NOTE, TEXT, "TransactWriteItems Notes"]);

    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    let after_another = [WITH_NOTE, "PutItem Notes", "PutItem Notes"];
    assert_eq!(requests(&cloud).await, after_another, "a key with a deleted note takes one more");
    cloud.stop().await;
}

#[tokio::test]
async fn the_trash_takes_two_requests_and_a_restoration_four() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    ada.destroy("a", ("if-match", "\"1\"")).await.empty(204);
    requests(&cloud).await;

    let page = ada.trash("").await.json(200);
    assert_eq!(requests(&cloud).await, [ACCESS, "Query Notes/index/by-listed"]);
    let id = page["notes"][0]["id"].as_str().unwrap();

    ada.restore(id).await.json(200);
    assert_eq!(requests(&cloud).await, [ACCESS, "BatchGetItem Notes", "TransactWriteItems Notes", TEXT]);

    ada.destroy("a", ("if-match", "\"2\"")).await.empty(204);
    requests(&cloud).await;
    ada.delete_for_good(id).await.empty(204);
    assert_eq!(requests(&cloud).await, [ACCESS, "DeleteItem Notes"]);
    cloud.stop().await;
}

#[tokio::test]
async fn an_export_takes_one_query_per_page_and_note_and_an_import_two_requests_per_note() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let a = ada.write("a", ABSENT, draft("A", "")).await.json(201);
    ada.write("b", ABSENT, draft("B", "")).await.json(201);
    ada.import(text(&[comment_line(&a, 1), comment_line(&a, 2)])).await.lines();
    requests(&cloud).await;

    let page = ada.export("").await;
    assert_eq!(requests(&cloud).await, [ACCESS, "Query Notes", "Query Notes", "Query Notes"]);

    ada.import(page.body).await.lines();
    let mut import = requests(&cloud).await;
    import.sort();
    assert_eq!(
        import,
        [ACCESS, "GetItem Users", "PutItem Notes", "PutItem Notes", "TransactWriteItems Notes"],
        "all comments of a note together"
    );
    cloud.stop().await;
}

#[tokio::test]
async fn a_session_takes_up_to_four_requests_and_one_to_end_the_previous() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let guest = Client::guest(&cloud);
    requests(&cloud).await;

    guest.sign_up(credentials("bob", PASSWORD)).await.json(201);
    assert_eq!(
        requests(&cloud).await,
        ["PutItem Users", "PutItem Users", "GetItem Users", "TransactWriteItems Sessions, Users"],
        "the counter of this address exists, so the first attempt to create it fails"
    );

    let from_a_new_device =
        ["GetItem Users", "PutItem Users", "UpdateItem Users", "TransactWriteItems Sessions, Users"];
    let signed_in = guest.sign_in(credentials("ada", PASSWORD)).await;
    signed_in.json(200);
    assert_eq!(requests(&cloud).await, from_a_new_device);

    let browser = guest.with_cookie(signed_in.device_cookie().split(';').next().unwrap());
    browser.sign_in(credentials("ada", PASSWORD)).await.json(200);
    let from_a_known_device = ["GetItem Users", "PutItem Users", "TransactWriteItems Sessions, Users"];
    assert_eq!(requests(&cloud).await, from_a_known_device);

    guest.sign_in(credentials("bob", "wrong password")).await.problem(401);
    assert_eq!(requests(&cloud).await, from_a_new_device[..3]);

    let response = ada.sign_in(credentials("ada", PASSWORD)).await;
    response.json(200);
    assert_eq!(requests(&cloud).await, [&from_a_new_device[..], &["DeleteItem Sessions"]].concat());

    let ada = ada.with_cookie(response.cookie());
    ada.who_am_i().await.json(200);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions"]);

    ada.sign_out().await.empty(204);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "DeleteItem Sessions"]);
    cloud.stop().await;
}

#[tokio::test]
async fn a_request_that_is_refused_early_costs_nothing() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let guest = Client::guest(&cloud);
    requests(&cloud).await;
    guest.who_am_i().await.problem(401);
    guest.create(draft("A", "")).await.problem(401);
    guest.sign_up(credentials("a", "p")).await.problem(422);
    guest.sign_up(credentials("ada", "password")).await.problem(422);
    guest.sign_in(credentials("a", "p")).await.problem(401);
    assert_eq!(requests(&cloud).await, [""; 0]);
    ada.create(draft("", "")).await.problem(422);
    ada.write("a", ("if-match", "2"), draft("A", "")).await.problem(400);
    assert_eq!(requests(&cloud).await, [ACCESS, WITH_NOTE]);
    cloud.stop().await;
}

#[tokio::test]
async fn no_operation_scans_a_table() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    ada.write("a", ("if-match", "*"), draft("B", "")).await.json(200);
    ada.read("a").await.json(200);
    ada.list("").await.json(200);
    ada.list("select=count").await.json(200);
    let page = ada.export("").await;
    ada.import(page.body).await.lines();
    ada.destroy("a", ("if-match", "\"2\"")).await.empty(204);
    let trash = ada.trash("").await.json(200);
    ada.restore(trash["notes"][0]["id"].as_str().unwrap()).await.json(200);
    ada.sign_in(credentials("ada", PASSWORD)).await.json(200);
    assert!(cloud.calls().iter().all(|call| call.action != "dynamodb:Scan"), "{:#?}", cloud.calls());
    cloud.stop().await;
}

#[tokio::test]
async fn changing_and_deleting_an_account_and_looking_users_up_take_constant_requests() {
    let cloud = TestCloud::start().await;
    Client::found(&cloud).await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for _ in 0..3 {
        Client::guest(&cloud).sign_in(credentials("ada", PASSWORD)).await.json(200);
    }
    requests(&cloud).await;
    ada.change_display_name("Ada Lovelace").await.json(200);
    let renamed =
        ["GetItem Sessions", "GetItem Users", "Query Sessions", "TransactWriteItems Sessions, Users"];
    assert_eq!(requests(&cloud).await, renamed);
    ada.people(&["ada", "bob", "eve"]).await.json(200);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "BatchGetItem Users"]);

    let changed = ada.change_password(PASSWORD, "battery staple").await;
    changed.json(200);
    let verified = ["GetItem Sessions", "GetItem Users", "PutItem Users"];
    let ended = ["Query Sessions", "TransactWriteItems Sessions, Users"];
    assert_eq!(requests(&cloud).await, [&verified[..], &ended].concat());

    let ada = ada.with_cookie(changed.cookie());
    ada.end_other_sessions().await.empty(204);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "Query Sessions"], "there is no other session");

    ada.delete_account("battery staple").await.empty(204);
    let departed = ["Query Sessions", "TransactWriteItems Boards, Sessions, Users"];
    assert_eq!(requests(&cloud).await, [&verified[..], &departed].concat());
    cloud.stop().await;
}

#[tokio::test]
async fn an_operation_on_a_board_takes_two_to_six_requests() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let bob = Client::signed_up(&cloud, "bob").await;
    requests(&cloud).await;
    let board = &ada.create_board("Plans").await;
    assert_eq!(requests(&cloud).await.len(), 3, "session, number of boards, transaction");

    ada.boards(Method::GET, "", None, Value::Null).await.json(200);
    assert_eq!(requests(&cloud).await.len(), 5, "session, two lists, boards, administrator");

    let (path, renamed) = (format!("/{board}"), json!({ "name": "Songs" }));
    ada.boards(Method::PUT, &path, Some("\"1\""), renamed).await.json(200);
    assert_eq!(requests(&cloud).await, [ACCESS, "TransactWriteItems Boards"]);

    let invitations = format!("{path}/invitations");
    let invitation = ada.boards(Method::POST, &invitations, None, json!({})).await.json(201);
    assert_eq!(requests(&cloud).await, [ACCESS, "PutItem Boards"]);
    bob.boards(Method::POST, "/join", None, json!({ "token": invitation["token"] })).await.json(200);
    let joining = requests(&cloud).await;
    assert_eq!(joining.len(), 6, "session, invitation, membership, number of boards, transaction, access");

    ada.set_role(board, "bob", "reader").await.empty(204);
    assert_eq!(requests(&cloud).await, [ACCESS, "GetItem Boards", "TransactWriteItems Boards"]);
    bob.boards(Method::DELETE, &format!("{path}/members/bob"), None, Value::Null).await.empty(204);
    requests(&cloud).await;
    ada.set_role(board, "bob", "reader").await.empty(204);
    assert_eq!(requests(&cloud).await.len(), 4, "a new member takes one more");
    cloud.stop().await;
}
