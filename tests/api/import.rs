//! The archive coming back in: kept as it was, safe to repeat, each line answered for itself.

use reqwest::Method;
use serde_json::{Value, json};

use crate::export::{said, text, whole};
use crate::support::client::{ABSENT, Client, draft};
use crate::support::{Answer, TestCloud};

/// A note of somebody else's, as an export has it.
fn note(key: &str) -> Value {
    json!({
        "key": key,
        "title": "Kept",
        "body": "As it was",
        "author": "somebody",
        "editor": "else",
        "version": 7,
        "created": "2026-01-02T03:04:05.678Z",
        "updated": "2026-02-03T04:05:06.789Z",
    })
}

fn outcome(line: usize, key: &str, outcome: &str) -> Value {
    json!({ "line": line, "key": key, "outcome": outcome })
}

fn refused(line: usize, key: &str, why: &str) -> Value {
    json!({ "line": line, "key": key, "outcome": "refused", "why": why })
}

#[tokio::test]
async fn notes_and_comments_are_kept_as_they_were_and_the_list_by_their_own_times() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let new = ada.write("new", ABSENT, draft("New", "")).await.json(201);
    let old = note("old");
    let lines = [json!({ "note": old }), said(&old, 2), said(&old, 1)];
    assert_eq!(
        ada.import(text(&lines)).await.lines(),
        [outcome(1, "old", "created"), outcome(2, "old", "created"), outcome(3, "old", "created")]
    );
    let answer = ada.read("old").await;
    assert_eq!((answer.json(200), answer.header("etag")), (old.clone(), "\"7\""));
    assert_eq!(
        ada.list("").await.json(200)["notelist"],
        json!([
            { "key": "new", "title": "New", "updated": new["updated"], "editor": "ada" },
            { "key": "old", "title": "Kept", "updated": old["updated"], "editor": old["editor"] },
        ])
    );
    let comments = ada.comments("old", "").await.json(200);
    assert_eq!(
        comments["comments"],
        json!([2, 1].map(|number| {
            let mut comment = said(&old, number)["comment"].take();
            comment.as_object_mut().unwrap().remove("noteCreated");
            comment
        }))
    );
    // And it is a note like any other.
    ada.write("old", ("if-match", "\"7\""), draft("Changed", "")).await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn an_import_may_be_repeated_and_changes_nothing_then() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let a = note("a");
    let lines = text(&[json!({ "note": a }), said(&a, 1)]);
    ada.import(lines.clone()).await.lines();
    let before = cloud.rows("Notes").await;
    let bob = Client::signed_up(&cloud, "bob").await;
    assert_eq!(bob.import(lines).await.lines(), [outcome(1, "a", "skipped"), outcome(2, "a", "skipped")]);
    assert_eq!(cloud.rows("Notes").await.len(), before.len());
    assert!(cloud.rows("Notes").await.iter().all(|row| before.contains(row)), "not even who imported it");
    cloud.stop().await;
}

#[tokio::test]
async fn a_line_is_refused_by_itself_and_says_why() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("there", ABSENT, draft("There", "")).await.json(201);
    let mut untitled = note("untitled");
    untitled["title"] = " ".into();
    let mut future = note("future");
    future["updated"] = "9998-01-01T00:00:00.000Z".into();
    let lines = [
        "not json\n".to_owned(),
        text(&[json!({ "note": note("there") }), said(&note("nowhere"), 1)]),
        "\n".to_owned(),
        text(&[json!({ "note": untitled }), json!({ "note": future })]),
        // The last needs no end.
        json!({ "note": note("good") }).to_string(),
    ];
    let mut outcomes = ada.import(lines.concat()).await.lines();
    for line in [0, 3] {
        assert!(outcomes[line]["why"].as_str().unwrap().starts_with("this is not JSON: "), "{outcomes:?}");
        outcomes[line]["why"] = "".into();
    }
    assert_eq!(
        outcomes,
        [
            json!({ "line": 1, "outcome": "refused", "why": "" }),
            refused(2, "there", "a note with this key exists, at version 1"),
            refused(3, "nowhere", "its note is not there"),
            json!({ "line": 4, "outcome": "refused", "why": "" }),
            refused(5, "untitled", "title must be 1 to 200 characters"),
            refused(6, "future", "its times must not be in the future"),
            outcome(7, "good", "created"),
        ]
    );
    assert_eq!(whole(&ada).await.len(), 2);
    cloud.stop().await;
}

#[tokio::test]
async fn a_page_of_1000_lines_is_taken_and_one_of_1001_is_not() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let outcomes = ada.import("{}\n".repeat(1000)).await.lines();
    assert_eq!((outcomes.len(), &outcomes[999]["line"]), (1000, &json!(1000)));
    let problem = ada.import("{}\n".repeat(1001)).await.problem(413);
    assert_eq!(problem["detail"], "Send at most 1000 lines at once.");
    cloud.stop().await;
}

#[tokio::test]
async fn a_page_of_4_mib_is_taken_and_one_byte_more_is_not() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let mut line = json!({ "note": note("a") }).to_string();
    line += &" ".repeat(4 * 1024 * 1024 - line.len());
    assert_eq!(ada.import(line.clone()).await.lines(), [outcome(1, "a", "created")]);
    let problem = ada.import(line + " ").await.problem(413);
    assert_eq!(problem["detail"], "Send at most 4 MiB at once.");
    cloud.stop().await;
}

#[tokio::test]
async fn the_largest_page_of_an_export_is_a_page_of_an_import() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for key in ["a", "b", "c"] {
        ada.write(key, ABSENT, draft("Largest", &"\u{1}".repeat(256 * 1024))).await.json(201);
    }
    let page = ada.export("").await;
    for key in ["a", "b"] {
        ada.destroy(key, ("if-match", "\"1\"")).await.empty(204);
    }
    assert_eq!(
        ada.import(page.body.clone()).await.lines(),
        [outcome(1, "a", "created"), outcome(2, "b", "created")]
    );
    assert_eq!(ada.export("").await.body, page.body);
    cloud.stop().await;
}

#[tokio::test]
async fn what_is_no_page_of_lines_is_refused_whole() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    assert!(ada.import("").await.lines().is_empty());
    let post = ada.request(Method::POST, "/api/import").json(&json!({ "note": note("a") }));
    let answer = Answer::to(post).await;
    answer.problem(415);
    assert_eq!(answer.header("accept"), "application/x-ndjson");
    let line = text(&[json!({ "note": note("a") })]);
    Client::guest(&cloud).import(line.clone()).await.problem(401);
    let foreign = ada.request(Method::POST, "/api/import").header("origin", "https://elsewhere.example");
    Answer::to(foreign.header("content-type", "application/x-ndjson").body(line)).await.problem(403);
    assert_eq!(Answer::to(ada.request(Method::GET, "/api/import")).await.status, 405);
    assert!(whole(&ada).await.is_empty());
    cloud.stop().await;
}

#[tokio::test]
async fn rows_say_who_imported_them_and_answers_do_not() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let a = note("a");
    ada.import(text(&[json!({ "note": a }), said(&a, 1)])).await.lines();
    let rows = cloud.rows("Notes").await;
    assert!(rows.len() == 2 && rows.iter().all(|row| row["importer"].as_s().unwrap() == "ada"), "{rows:?}");
    let shown = [ada.export("").await.body, ada.read("a").await.body, ada.comments("a", "").await.body];
    assert!(shown.iter().all(|body| !body.contains("importer")), "{shown:?}");
    cloud.stop().await;
}
