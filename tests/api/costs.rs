//! What each operation costs, in requests of DynamoDB. These numbers are promises: none may grow.

use crate::export::{said, text};
use crate::support::TestCloud;
use crate::support::client::PASSWORD;
use crate::support::client::{ABSENT, Client, credentials, draft};

/// What the function behind the API has asked of DynamoDB since this was last asked: `GetItem Notes`.
async fn requests(cloud: &TestCloud) -> Vec<String> {
    let calls = cloud.calls().into_iter().filter(|call| call.caller == "Http");
    let requests = calls
        .map(|call| format!("{} {}", call.action.trim_start_matches("dynamodb:"), call.resource))
        .collect();
    cloud.forget_calls().await;
    requests
}

#[tokio::test]
async fn each_operation_on_notes_takes_two_requests_one_of_them_for_the_session() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    requests(&cloud).await;

    ada.create(draft("A", "")).await.json(201);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "PutItem Notes"]);

    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "PutItem Notes"]);

    ada.write("a", ABSENT, draft("A", "")).await.problem(412);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "PutItem Notes"]);

    ada.read("a").await.json(200);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "GetItem Notes"]);

    ada.write("a", ("if-match", "\"1\""), draft("B", "")).await.json(200);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "UpdateItem Notes"]);

    ada.write("a", ("if-match", "\"1\""), draft("C", "")).await.problem(412);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "UpdateItem Notes"]);

    ada.comments("a", "").await.json(200);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "GetItem Notes", "Query Notes"], "and its note");

    ada.list("").await.json(200);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "Query Notes/index/by-updated"]);

    ada.list("select=count").await.json(200);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "Query Notes/index/by-updated"]);

    ada.destroy("a", ("if-match", "\"2\"")).await.empty(204);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "PutItem Notes"]);

    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    let after_another = ["GetItem Sessions", "PutItem Notes", "PutItem Notes"];
    assert_eq!(requests(&cloud).await, after_another, "one more where another note had the key");
    cloud.stop().await;
}

#[tokio::test]
async fn an_export_takes_a_query_a_page_and_one_a_note_and_an_import_two_requests_a_note() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let a = ada.write("a", ABSENT, draft("A", "")).await.json(201);
    ada.write("b", ABSENT, draft("B", "")).await.json(201);
    ada.import(text(&[said(&a, 1), said(&a, 2)])).await.lines();
    requests(&cloud).await;

    let page = ada.export("").await;
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "Query Notes", "Query Notes", "Query Notes"]);

    ada.import(page.body).await.lines();
    let mut asked = requests(&cloud).await;
    asked.sort();
    assert_eq!(
        asked,
        ["GetItem Sessions", "PutItem Notes", "PutItem Notes", "TransactWriteItems Notes"],
        "all comments of a note together"
    );
    cloud.stop().await;
}

#[tokio::test]
async fn sessions_cost_one_to_three_requests_and_one_to_end_the_former() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let guest = Client::guest(&cloud);
    requests(&cloud).await;

    guest.sign_up(credentials("bob", PASSWORD)).await.json(201);
    assert_eq!(
        requests(&cloud).await,
        ["PutItem Users", "PutItem Users", "TransactWriteItems Sessions, Users"],
        "the second from this address: counted at the second try"
    );

    let signing_in = ["PutItem Users", "GetItem Users", "TransactWriteItems Sessions, Users"];
    guest.sign_in(credentials("ada", PASSWORD)).await.json(200);
    assert_eq!(requests(&cloud).await, signing_in);

    guest.sign_in(credentials("bob", "wrong password")).await.problem(401);
    assert_eq!(requests(&cloud).await, ["PutItem Users", "GetItem Users"]);

    let answer = ada.sign_in(credentials("ada", PASSWORD)).await;
    answer.json(200);
    assert_eq!(requests(&cloud).await, [&signing_in[..], &["DeleteItem Sessions"]].concat());

    let ada = ada.with_cookie(answer.cookie());
    ada.who_am_i().await.json(200);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions"]);

    ada.sign_out().await.empty(204);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "DeleteItem Sessions"]);
    cloud.stop().await;
}

#[tokio::test]
async fn what_is_refused_without_looking_costs_nothing() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let guest = Client::guest(&cloud);
    requests(&cloud).await;
    guest.who_am_i().await.problem(401);
    guest.create(draft("A", "")).await.problem(401);
    guest.sign_up(credentials("a", "p")).await.problem(422);
    guest.sign_up(credentials("ada", "password")).await.problem(422);
    guest.sign_in(credentials("a", "p")).await.problem(401);
    assert!(requests(&cloud).await.is_empty());
    ada.create(draft("", "")).await.problem(422);
    ada.write("a", ("if-match", "2"), draft("A", "")).await.problem(400);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "GetItem Sessions"]);
    cloud.stop().await;
}

#[tokio::test]
async fn nothing_scans() {
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
    ada.sign_in(credentials("ada", PASSWORD)).await.json(200);
    assert!(cloud.calls().iter().all(|call| call.action != "dynamodb:Scan"), "{:#?}", cloud.calls());
    cloud.stop().await;
}

#[tokio::test]
async fn another_password_and_the_end_of_an_account_take_as_many_requests_however_many_sessions_there_are() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for _ in 0..3 {
        Client::guest(&cloud).sign_in(credentials("ada", PASSWORD)).await.json(200);
    }
    requests(&cloud).await;
    let changed = ada.change_password(PASSWORD, "battery staple").await;
    changed.json(200);
    let verified = ["GetItem Sessions", "PutItem Users", "GetItem Users"];
    let ended = ["Query Sessions", "TransactWriteItems Sessions, Users"];
    assert_eq!(requests(&cloud).await, [&verified[..], &ended].concat());

    let ada = ada.with_cookie(changed.cookie());
    ada.end_other_sessions().await.empty(204);
    assert_eq!(requests(&cloud).await, ["GetItem Sessions", "Query Sessions"], "there is no other");

    ada.delete_account("battery staple").await.empty(204);
    let verified = ["GetItem Sessions", "GetItem Users", "PutItem Users", "GetItem Users"];
    assert_eq!(requests(&cloud).await, [&verified[..], &ended].concat());
    cloud.stop().await;
}
