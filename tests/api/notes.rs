//! Creating, reading, changing and deleting a note.

use serde_json::json;

use crate::support::TestCloud;
use crate::support::client::{ABSENT, Client, draft};

const FIRST: (&str, &str) = ("if-match", "\"1\"");

#[tokio::test]
async fn a_note_is_created_read_changed_and_deleted() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let bob = Client::signed_up(&cloud, "bob").await;

    let created = ada.write("shopping", ABSENT, draft(" Shopping ", "Milk\n")).await;
    let note = created.json(201);
    assert_eq!(
        (created.header("etag"), created.header("location")),
        ("\"1\"", "/api/boards/team/notes/shopping")
    );
    let moment = note["created"].as_str().unwrap();
    assert!(
        moment.len() == 24 && moment.ends_with('Z') && moment.parse::<jiff::Timestamp>().is_ok(),
        "{moment}"
    );
    assert_eq!(
        note,
        json!({
            "key": "shopping", "title": "Shopping", "body": "Milk\n", "author": "ada", "editor": "ada",
            "version": 1, "created": moment, "updated": moment,
        })
    );

    let read = bob.read("shopping").await;
    assert_eq!((read.json(200), read.header("etag")), (note, "\"1\""));

    let changed = bob.write("shopping", FIRST, draft("Shopping", "Bread")).await;
    let note = changed.json(200);
    assert_eq!(changed.header("etag"), "\"2\"");
    assert_eq!((&note["author"], &note["editor"]), (&json!("ada"), &json!("bob")));
    assert_eq!((&note["version"], &note["body"]), (&json!(2), &json!("Bread")));
    assert_eq!(ada.read("shopping").await.json(200), note);

    ada.destroy("shopping", ("if-match", "\"2\"")).await.empty(204);
    ada.read("shopping").await.problem(404);
    cloud.stop().await;
}

#[tokio::test]
async fn a_note_with_a_generated_key_is_at_its_location() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let (one, other) = (ada.create(draft("A", "")).await, ada.create(draft("A", "")).await);
    let note = one.json(201);
    assert_eq!(one.header("etag"), "\"1\"");
    assert_ne!(note["key"], other.json(201)["key"]);
    let key = one.header("location").strip_prefix("/api/boards/team/notes/").unwrap();
    assert_eq!(note["key"], key);
    // The key is a UUIDv7.
    assert_eq!((key.len(), key.as_bytes()[14]), (36, b'7'));
    assert_eq!(ada.read(key).await.json(200), note);
    cloud.stop().await;
}

#[tokio::test]
async fn a_repeated_create_does_not_create_a_second_note() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let note = ada.write("a", ABSENT, draft("A", "")).await.json(201);
    let again = ada.write("a", ABSENT, draft("B", "")).await;
    assert_eq!(again.problem(412)["note"], note);
    assert_eq!(again.header("etag"), "\"1\"");
    assert_eq!(cloud.rows("Notes").await.len(), 1);
    cloud.stop().await;
}

#[tokio::test]
async fn a_stale_version_is_refused_with_the_current_note() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    let current = ada.write("a", FIRST, draft("B", "")).await.json(200);
    for response in [ada.write("a", FIRST, draft("C", "")).await, ada.destroy("a", FIRST).await] {
        assert_eq!(response.problem(412)["note"], current);
        assert_eq!(response.header("etag"), "\"2\"");
    }
    assert_eq!(ada.read("a").await.json(200), current);
    cloud.stop().await;
}

#[tokio::test]
async fn a_missing_note_is_404() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.read("a").await.problem(404);
    ada.write("a", FIRST, draft("A", "")).await.problem(404);
    ada.destroy("a", FIRST).await.problem(404);
    cloud.stop().await;
}

/// Removes the surrounding characters that either Rust or JavaScript considers white space.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}')
}

#[tokio::test]
async fn a_note_is_accepted_within_its_limits_and_refused_beyond() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let largest = "a".repeat(256 * 1024);
    for (title, body) in [
        ("a", ""),
        (&*"🦀".repeat(200), ""),
        (&*format!("  {}  ", "a".repeat(200)), ""),
        // Rust and JavaScript trim different characters.
        ("\u{85}Plan\u{85}", ""),
        ("\u{feff}Plan\u{feff}\u{a0}", ""),
        ("a", &*largest),
        ("a", &*"ä".repeat(128 * 1024)),
        // This body is twice as long in JSON.
        ("a", &*"\n".repeat(256 * 1024)),
    ] {
        let note = ada.create(draft(title, body)).await.json(201);
        assert_eq!((&note["title"], &note["body"]), (&json!(trimmed(title)), &json!(body)));
    }
    for title in ["", "   ", &"a".repeat(201), &"🦀".repeat(201), "a\nb", "a\u{0}b", "a\u{7f}b", "a\u{9f}b"]
    {
        assert_eq!(ada.create(draft(title, "")).await.wrong_fields(422), ["title"], "{title:?}");
    }
    for body in [format!("{largest}a"), format!("{}a", "ä".repeat(128 * 1024))] {
        assert_eq!(ada.create(draft("a", &body)).await.wrong_fields(413), ["body"]);
        assert_eq!(ada.write("a", ABSENT, draft("a", &body)).await.wrong_fields(413), ["body"]);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_key_is_accepted_within_its_limits_and_refused_beyond() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for key in ["a", "AZaz09._~-", "...", &"k".repeat(128)] {
        ada.write(key, ABSENT, draft("A", "")).await.json(201);
        assert_eq!(ada.read(key).await.json(200)["key"], key);
        ada.destroy(key, FIRST).await.empty(204);
    }
    for key in [&*"k".repeat(129), "a+b", "a:b", "a%20b", "a%C3%A4", "a%0A", "a%00", "a%23b", "a%5Cb"] {
        assert_eq!(ada.write(key, ABSENT, draft("A", "")).await.wrong_fields(422), ["key"], "{key}");
        assert_eq!(ada.read(key).await.wrong_fields(422), ["key"], "{key}");
        assert_eq!(ada.destroy(key, FIRST).await.wrong_fields(422), ["key"], "{key}");
    }
    assert_eq!(ada.list("select=count").await.json(200)["count"], 0);
    cloud.stop().await;
}

#[tokio::test]
async fn members_that_the_server_sets_are_refused() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let forged = json!({ "title": "", "body": 3, "author": "bob", "version": 7 });
    let wrong = ada.create(forged).await.wrong_fields(422);
    assert_eq!(wrong, ["author", "body", "title", "version"]);
    assert_eq!(ada.create(json!({})).await.wrong_fields(422), ["body", "title"]);
    cloud.stop().await;
}

#[tokio::test]
async fn a_path_is_decoded_once() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("imp", ABSENT, draft("A", "")).await.json(201);
    // Decoded once, these are the same key.
    for same in ["imp", "%69mp", "%69%6D%70"] {
        assert_eq!(ada.read(same).await.json(200)["key"], "imp", "{same}");
    }
    for twice in ["%2569mp", "im%2570", "%25%36%39mp", "%252569mp", "imp%25", "imp%252f", "%2500"] {
        ada.read(twice).await.problem(404);
        ada.comments(twice, "").await.problem(404);
        ada.destroy(twice, FIRST).await.problem(404);
        ada.write(twice, ABSENT, draft("B", "")).await.problem(404);
    }
    ada.person("%61da").await.json(200);
    let session = ada.sessions().await.json(200)["sessions"][0]["id"].as_str().unwrap().to_owned();
    let twice = format!("%25{:x}{}", session.as_bytes()[0], &session[1..]);
    ada.person("%2561da").await.problem(404);
    ada.end_session(&twice).await.problem(404);
    for path in ["/api/%256eotes", "/%61pi%2Fsession%2525", "/%2561ssets/", "/api/problems/%2573tale"] {
        crate::support::Response::to(ada.request(reqwest::Method::GET, path)).await.problem(404);
    }
    // A query is decoded once too.
    assert_eq!(ada.list("%6cimit=1").await.json(200)["notelist"].as_array().unwrap().len(), 1);
    assert_eq!(ada.list("%256cimit=1").await.wrong_fields(422), ["%6cimit"]);
    assert_eq!(ada.list("limit=%2531").await.wrong_fields(422), ["limit"]);
    assert_eq!(ada.read("imp").await.json(200)["version"], 1);
    cloud.stop().await;
}
