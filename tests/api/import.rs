//! The import: it preserves everything, can be repeated, and reports each line.

use reqwest::Method;
use serde_json::{Value, json};

use crate::export::{comment_line, export_all, imported, text};
use crate::support::client::{ABSENT, Client, comment_id, draft};
use crate::support::{Response, TestCloud};

/// Returns another user's note as an export contains it.
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

fn refused(line: usize, key: &str, reason: &str) -> Value {
    json!({ "line": line, "key": key, "outcome": "refused", "why": reason })
}

#[tokio::test]
async fn an_import_preserves_notes_and_comments_and_their_times() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let new = ada.write("new", ABSENT, draft("New", "")).await.json(201);
    let old = note("old");
    let lines = [json!({ "note": old }), comment_line(&old, 2), comment_line(&old, 1)];
    assert_eq!(
        ada.import(text(&lines)).await.lines(),
        [outcome(1, "old", "created"), outcome(2, "old", "created"), outcome(3, "old", "created")]
    );
    let response = ada.read("old").await;
    assert_eq!(response.json(200), imported("ada", json!({ "note": old }))["note"]);
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
            let mut comment = imported("ada", comment_line(&old, number))["comment"].take();
            comment.as_object_mut().unwrap().remove("noteCreated");
            comment
        }))
    );
    // An imported note can be changed like any other.
    ada.write("old", ("if-match", response.header("etag")), draft("Changed", "")).await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn a_repeated_import_changes_nothing() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let a = note("a");
    let lines = text(&[json!({ "note": a }), comment_line(&a, 1)]);
    ada.import(lines.clone()).await.lines();
    let before = cloud.rows("Notes").await;
    let bob = Client::signed_up(&cloud, "bob").await;
    ada.set_role("team", "bob", "owner").await.empty(204);
    assert_eq!(bob.import(lines).await.lines(), [outcome(1, "a", "skipped"), outcome(2, "a", "skipped")]);
    assert_eq!(cloud.rows("Notes").await.len(), before.len());
    assert!(
        cloud.rows("Notes").await.iter().all(|row| before.contains(row)),
        "the importer is unchanged too"
    );
    cloud.stop().await;
}

#[tokio::test]
async fn an_invalid_line_is_refused_alone_with_its_reason() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("there", ABSENT, draft("There", "")).await.json(201);
    let mut untitled = note("untitled");
    untitled["title"] = " ".into();
    let mut future = note("future");
    future["updated"] = "9998-01-01T00:00:00.000Z".into();
    let lines = [
        "not json\n".to_owned(),
        text(&[json!({ "note": note("there") }), comment_line(&note("nowhere"), 1)]),
        "\n".to_owned(),
        text(&[json!({ "note": untitled }), json!({ "note": future })]),
        // The last line needs no line feed.
        json!({ "note": note("good") }).to_string(),
    ];
    let mut outcomes = ada.import(lines.concat()).await.lines();
    assert!(outcomes[0]["why"].as_str().unwrap().starts_with("this is not JSON: "), "{outcomes:?}");
    outcomes[0]["why"] = "".into();
    assert_eq!(
        outcomes,
        [
            json!({ "line": 1, "outcome": "refused", "why": "" }),
            refused(2, "there", "a note with this key exists, at version 1"),
            refused(3, "nowhere", "its note is not there"),
            // The fourth line is blank.
            refused(5, "untitled", "title must be 1 to 200 characters"),
            refused(6, "future", "its times must not be in the future"),
            outcome(7, "good", "created"),
        ]
    );
    assert_eq!(export_all(&ada).await.len(), 2);
    cloud.stop().await;
}

#[tokio::test]
async fn a_page_has_at_most_1000_lines() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let outcomes = ada.import("{}\n".repeat(1000)).await.lines();
    assert_eq!((outcomes.len(), &outcomes[999]["line"]), (1000, &json!(1000)));
    let problem = ada.import("{}\n".repeat(1001)).await.problem(413);
    assert_eq!(problem["detail"], "Send at most 1000 lines at once.");
    cloud.stop().await;
}

#[tokio::test]
async fn a_page_has_at_most_4_mib() {
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
async fn the_largest_exported_page_can_be_imported() {
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
    let again = ada.export("").await.body;
    let first = again.replace(r#","importer":"ada""#, "").replace(r#""version":2"#, r#""version":1"#);
    assert!(first == page.body, "only the importer and the version differ");
    cloud.stop().await;
}

#[tokio::test]
async fn an_invalid_page_is_refused_as_a_whole() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    assert!(ada.import("").await.lines().is_empty());
    let post = ada.request(Method::POST, "/api/boards/team/import").json(&json!({ "note": note("a") }));
    let response = Response::to(post).await;
    response.problem(415);
    assert_eq!(response.header("accept"), "application/x-ndjson");
    let line = text(&[json!({ "note": note("a") })]);
    Client::guest(&cloud).import(line.clone()).await.problem(401);
    let foreign =
        ada.request(Method::POST, "/api/boards/team/import").header("origin", "https://elsewhere.example");
    Response::to(foreign.header("content-type", "application/x-ndjson").body(line)).await.problem(403);
    assert_eq!(Response::to(ada.request(Method::GET, "/api/boards/team/import")).await.status, 405);
    assert!(export_all(&ada).await.is_empty());
    cloud.stop().await;
}

#[tokio::test]
async fn the_importer_is_in_every_response_and_stays_after_a_change() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let eve = Client::signed_up(&cloud, "eve").await;
    ada.set_role("team", "eve", "owner").await.empty(204);
    // Eve imports a note that was just deleted, with another text and its author's name.
    let mut a = ada.write("a", ABSENT, draft("Mine", "As I wrote it")).await.json(201);
    let destroyed = ada.read("a").await;
    ada.destroy("a", ("if-match", destroyed.header("etag"))).await.empty(204);
    a["body"] = "As I never wrote it".into();
    let b = note("b");
    let lines = [json!({ "note": a }), json!({ "note": b }), comment_line(&b, 1)];
    eve.import(text(&lines)).await.lines();

    let shown = ada.read("a").await;
    let mut by_eve = lines.map(|line| imported("eve", line));
    by_eve[0]["note"]["version"] = 2.into();
    assert_eq!(shown.json(200), by_eve[0]["note"]);
    assert_eq!(ada.comments("b", "").await.json(200)["comments"][0]["importer"], "eve");
    assert_eq!(ada.export("").await.lines(), by_eve);
    let taken = ada.write("a", ABSENT, draft("Mine", "")).await.problem(412);
    assert_eq!(taken["note"]["importer"], "eve");

    let bob = Client::signed_up(&cloud, "bob").await;
    let changed = bob.write("a", ("if-match", shown.header("etag")), draft("Bob's", "")).await.json(200);
    assert_eq!((&changed["editor"], &changed["importer"]), (&json!("bob"), &json!("eve")));
    cloud.stop().await;
}

#[tokio::test]
async fn the_importer_is_the_signed_in_user() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let eve = Client::signed_up(&cloud, "eve").await;
    ada.set_role("team", "eve", "owner").await.empty(204);
    let a = note("a");
    let lines = [json!({ "note": a }), comment_line(&a, 1)].map(|line| imported("somebody", line));
    eve.import(text(&lines)).await.lines();
    let exported = ada.export("").await;
    let by_eve = [json!({ "note": a }), comment_line(&a, 1)].map(|line| imported("eve", line));
    assert_eq!(exported.lines(), by_eve);
    // An existing note or comment is not changed, whichever user imports it again.
    let outcomes = ada.import(exported.body.clone()).await.lines();
    assert_eq!(outcomes, [outcome(1, "a", "skipped"), outcome(2, "a", "skipped")]);
    assert_eq!(ada.export("").await.body, exported.body);
    let wrong = imported("x", json!({ "note": note("b") }));
    let reason = "importer must be 3 to 32 characters";
    assert_eq!(ada.import(text(&[wrong])).await.lines(), [refused(1, "b", reason)]);
    cloud.stop().await;
}

#[tokio::test]
async fn byte_order_marks_blank_lines_and_crlf_are_ignored() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let [a, b] = ["a", "b"].map(|key| json!({ "note": note(key) }).to_string());
    let lines = format!("\u{feff}{a}\r\n\r\n \t\n\u{feff}{b}\r\n\r\n\n");
    assert_eq!(ada.import(lines).await.lines(), [outcome(1, "a", "created"), outcome(4, "b", "created")]);
    assert!(ada.import("\u{feff}\r\n").await.lines().is_empty());
    // Other requests ignore a byte order mark too.
    let put = ada.request(Method::PUT, "/api/boards/team/notes/c").header("if-none-match", "*");
    let put = put
        .header("content-type", "application/json")
        .body("\u{feff}{\"title\": \"C\", \"body\": \"\u{feff}\"}");
    assert_eq!(
        Response::to(put).await.json(201)["body"],
        "\u{feff}",
        "a byte order mark inside a string is text"
    );
    cloud.stop().await;
}

#[tokio::test]
async fn utf_16_is_refused_as_a_whole_with_advice() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for mark in ["\u{feff}", ""] {
        let text = format!("{mark}{}\n", json!({ "note": note("a") }));
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let problem = ada.import(bytes).await.problem(400);
        assert_eq!(problem["detail"], "The body is not JSON: it is in UTF-16 or UTF-32: send it in UTF-8.");
    }
    assert!(export_all(&ada).await.is_empty());
    cloud.stop().await;
}

#[tokio::test]
async fn a_comment_whose_id_has_another_time_is_refused() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let mut old = note("a");
    old["created"] = "2020-01-02T03:04:05.678Z".into();
    let with_id = |id: String| {
        let mut line = comment_line(&old, 1);
        line["comment"]["id"] = id.into();
        line
    };
    let of = |moment: &str| with_id(comment_id(moment, 1));
    let lines = [
        json!({ "note": old }),
        with_id("ffffffff-ffff-7fff-bfff-000000000001".into()),
        with_id("00000000-0000-7fff-bfff-000000000001".into()),
        of("2026-01-02T03:04:05.678Z"),
        of("2020-01-02T03:05:05.679Z"),
        of("2020-01-01T03:04:05.677Z"),
        // These differences are the largest that the server itself creates.
        of("2020-01-02T03:05:05.678Z"),
        of("2020-01-01T03:04:05.678Z"),
        of("2020-01-02T03:04:05.678Z"),
    ];
    let outcomes = ada.import(text(&lines)).await.lines();
    let reason = "the time in its id must agree with created";
    assert_eq!(outcomes[1..6], [2, 3, 4, 5, 6].map(|line| refused(line, "a", reason)));
    for line in [1, 7, 8, 9] {
        assert_eq!(outcomes[line - 1], outcome(line, "a", "created"));
    }
    cloud.stop().await;
}

#[tokio::test]
async fn times_in_the_future_are_refused() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let later = |seconds| {
        let moment = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
        moment.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
    };
    let mut a = note("a");
    a["updated"] = later(3600).into();
    let b = note("b");
    let mut comment = comment_line(&b, 1);
    comment["comment"]["created"] = later(3600).into();
    comment["comment"]["id"] = comment_id(&later(3600), 1).into();
    let mut backwards = note("c");
    backwards["updated"] = "2026-01-02T03:04:05.677Z".into();
    let lines = [json!({ "note": a }), json!({ "note": b }), comment, json!({ "note": backwards })];
    assert_eq!(
        ada.import(text(&lines)).await.lines(),
        [
            refused(1, "a", "its times must not be in the future"),
            outcome(2, "b", "created"),
            refused(3, "b", "its times must not be in the future"),
            refused(4, "c", "updated must not be before created"),
        ]
    );
    cloud.stop().await;
}

#[tokio::test]
async fn a_note_with_the_highest_version_can_be_changed_exported_and_imported() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let of_version = |version: u64| {
        let mut note = note("a");
        note["version"] = version.into();
        text(&[json!({ "note": note })])
    };
    for version in [(1 << 53) - 1, 1 << 52, 1 << 41] {
        let outcomes = ada.import(of_version(version)).await.lines();
        let reason = outcomes[0]["why"].as_str().unwrap();
        assert!(reason.starts_with("version must be at most 1"), "{version}: {reason}");
    }
    // The reason contains the highest version that is accepted now. It grows with time.
    let outcomes = ada.import(of_version(1 << 53 >> 1)).await.lines();
    let most: u64 = outcomes[0]["why"].as_str().unwrap().rsplit(' ').next().unwrap().parse().unwrap();
    assert_eq!(ada.import(of_version(most)).await.lines(), [outcome(1, "a", "created")]);
    for body in ["Once", "Twice"] {
        let shown = ada.read("a").await;
        ada.write("a", ("if-match", shown.header("etag")), draft("A", body)).await.json(200);
    }
    let exported = ada.export("").await;
    assert_eq!(exported.lines()[0]["note"]["version"], most + 2);
    let shown = ada.read("a").await;
    ada.destroy("a", ("if-match", shown.header("etag"))).await.empty(204);
    assert_eq!(ada.import(exported.body.clone()).await.lines(), [outcome(1, "a", "created")]);
    cloud.stop().await;
}

#[tokio::test]
async fn every_imported_note_is_listed_page_by_page() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let years = ["-000002", "-000001", "+002026", "0000", "0001", "1969", "2026"];
    let lines = years.map(|year| {
        let mut note = note(&format!("y{}", year.trim_start_matches('+')));
        for time in ["created", "updated"] {
            note[time] = format!("{year}-01-02T03:04:05.678Z").into();
        }
        json!({ "note": note })
    });
    let outcomes = ada.import(text(&lines)).await.lines();
    let reason = "must look like 2026-11-23T20:15:00.000Z";
    for line in &outcomes[..3] {
        assert_eq!(line["why"], format!("created {reason}; updated {reason}"));
    }
    let (mut listed, mut query) = (Vec::new(), "limit=1".to_owned());
    loop {
        let page = ada.list(&query).await.json(200);
        listed.extend(page["notelist"].as_array().unwrap().iter().map(|row| row["key"].clone()));
        match page["cursor"].as_str() {
            Some(cursor) => query = format!("limit=1&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(listed, ["y2026", "y1969", "y0001", "y0000"]);
    cloud.stop().await;
}

#[tokio::test]
async fn an_imported_note_continues_the_versions_of_the_deleted_one() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let old = json!({ "note": ada.write("a", ABSENT, draft("A", "")).await.json(201) });
    let new = json!({ "note": ada.write("a", ("if-match", "\"1\""), draft("B", "")).await.json(200) });
    ada.destroy("a", ("if-match", "\"2\"")).await.empty(204);
    // A line with the last version of the deleted note is imported, with any text.
    let imported = ada.import(text(std::slice::from_ref(&new))).await.lines();
    assert_eq!(imported, [outcome(1, "a", "created")]);
    assert_eq!(ada.read("a").await.header("etag"), "\"3\"");
    ada.destroy("a", ("if-match", "\"3\"")).await.empty(204);
    let imported = ada.import(text(std::slice::from_ref(&old))).await.lines();
    assert_eq!(imported, [outcome(1, "a", "created")]);
    let read = ada.read("a").await;
    assert_eq!((&read.json(200)["title"], read.header("etag")), (&json!("A"), "\"4\""));
    // The import can be repeated.
    let imported = ada.import(text(std::slice::from_ref(&old))).await.lines();
    assert_eq!(imported, [outcome(1, "a", "skipped")]);
    let imported = ada.import(text(std::slice::from_ref(&new))).await.lines();
    assert_eq!(imported, [refused(1, "a", "a note with this key exists, at version 4")]);
    cloud.stop().await;
}
