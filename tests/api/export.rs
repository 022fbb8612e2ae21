//! The export: every note and comment once, page by page.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{ABSENT, Client, comment_id, draft};
use crate::support::{Response, TestCloud};

/// Returns the line of a comment on a note.
pub(crate) fn comment_line(note: &Value, number: usize) -> Value {
    json!({ "comment": {
        "id": comment_id(note["created"].as_str().unwrap(), number),
        "key": note["key"],
        "author": "bob",
        "message": format!("Message {number}"),
        "created": note["created"],
        "noteCreated": note["created"],
    }})
}

/// Returns a line as an export contains it after an import.
pub(crate) fn imported(importer: &str, mut line: Value) -> Value {
    let (_, row) = line.as_object_mut().unwrap().iter_mut().next().unwrap();
    row["importer"] = importer.into();
    line
}

/// Returns the body of a request with these lines.
pub(crate) fn text(lines: &[Value]) -> String {
    lines.iter().map(|line| line.to_string() + "\n").collect()
}

/// Returns the lines of all pages.
pub(crate) async fn export_all(client: &Client) -> Vec<Value> {
    let (mut lines, mut query) = (Vec::new(), String::new());
    loop {
        let page = client.export(&query).await;
        lines.extend(page.lines());
        match page.next_query() {
            Some(next) => next.clone_into(&mut query),
            None => return lines,
        }
    }
}

#[tokio::test]
async fn an_export_contains_every_note_with_its_body_and_comments() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let b = ada.write("b", ABSENT, draft("B", "Line one\nLine two")).await.json(201);
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    let a = ada.write("a", ("if-match", "\"1\""), draft("A2", "\u{0}🦀")).await.json(200);
    ada.import(text(&[comment_line(&b, 1), comment_line(&b, 2)])).await.lines();
    let page = ada.export("").await;
    let [first, second] = [1, 2].map(|number| imported("ada", comment_line(&b, number)));
    assert_eq!(page.lines(), [json!({ "note": a }), json!({ "note": b }), first, second]);
    assert_eq!(page.next_query(), None);
    assert_eq!(page.header("cache-control"), "no-store");
    cloud.stop().await;
}

#[tokio::test]
async fn the_largest_page_fits_into_lambdas_response_and_every_note_into_a_page() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    // JSON escapes each of these bytes as six, so a body has 1.5 MiB, and a page has room for two.
    for key in ["a", "b", "c"] {
        ada.write(key, ABSENT, draft("Largest", &"\u{1}".repeat(256 * 1024))).await.json(201);
    }
    let first = ada.export("").await;
    assert_eq!(first.lines().len(), 2);
    // These notes fill a page until less than one of them fits.
    for number in 0..65 {
        let key = format!("Z{number}");
        ada.write(&key, ABSENT, draft("Even", &"a".repeat(65_536 - 300))).await.json(201);
    }
    let fullest = ada.export("").await;
    assert!((4_100_000..=4_194_304).contains(&fullest.body.len()), "{}", fullest.body.len());
    assert_eq!(export_all(&ada).await.len(), 68);
    cloud.stop().await;
}

#[tokio::test]
async fn an_export_contains_every_unchanged_note_once_while_others_change() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for number in 0..24 {
        ada.write(&format!("n{number:02}"), ABSENT, draft("Note", &"a".repeat(256 * 1024))).await.json(201);
    }
    let first = ada.export("").await;
    let before = first.lines().len();
    assert!((10..20).contains(&before), "{before}");
    // On each side of the cursor, one note is deleted, one created and one changed. The note at the cursor is deleted too.
    let at = format!("n{:02}", before - 1);
    for key in ["n01", "n21", &at] {
        ada.destroy(key, ("if-match", "\"1\"")).await.empty(204);
    }
    for key in ["n001", "n22a"] {
        ada.write(key, ABSENT, draft("New", "")).await.json(201);
    }
    for key in ["n02", "n23"] {
        ada.write(key, ("if-match", "\"1\""), draft("Changed", "")).await.json(200);
    }
    let rest = ada.export(first.next_query().unwrap()).await;
    let lines = [first.lines(), rest.lines()].concat();
    let titled = |title: &str| -> Vec<&str> {
        let notes = lines.iter().map(|line| &line["note"]).filter(|note| note["title"] == title);
        notes.map(|note| note["key"].as_str().unwrap()).collect()
    };
    let expected: Vec<_> = (0..23).filter(|n| *n != 21).map(|number| format!("n{number:02}")).collect();
    assert_eq!(titled("Note"), expected);
    assert_eq!((titled("New"), titled("Changed")), (vec!["n22a"], vec!["n23"]));
    assert_eq!(rest.next_query(), None);
    cloud.stop().await;
}

#[tokio::test]
async fn an_invalid_cursor_is_refused_and_a_forged_one_is_only_a_position() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("b", ABSENT, draft("B", "")).await.json(201);
    for forged in ["", "abc", "%00", "null", "YQ%3D%3D", "YSBi"] {
        assert_eq!(ada.export(&format!("cursor={forged}")).await.wrong_fields(422), ["cursor"], "{forged}");
    }
    for (query, wrong) in [("limit=1", "limit"), ("cursor=YQ&cursor=YQ", "cursor"), ("page=2", "page")] {
        assert_eq!(ada.export(query).await.wrong_fields(422), [wrong], "{query}");
    }
    // After `a`, after `b`, and after comments (`a#2026-11-23T20:15:00.000Z`) that do not exist.
    for (cursor, count) in [("YQ", 1), ("Yg", 0), ("YSMyMDI2LTExLTIzVDIwOjE1OjAwLjAwMFo", 1)] {
        assert_eq!(ada.export(&format!("cursor={cursor}")).await.lines().len(), count, "{cursor}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn an_export_requires_a_session_and_get() {
    let cloud = TestCloud::start().await;
    Client::guest(&cloud).export("").await.problem(401);
    let ada = Client::signed_up(&cloud, "ada").await;
    let response = Response::to(ada.request(Method::POST, "/api/boards/team/export")).await;
    response.problem(405);
    assert_eq!(response.header("allow"), "GET,HEAD,OPTIONS");
    cloud.stop().await;
}
