//! The archive coming back in: kept as it was, safe to repeat, each line answered for itself.

use reqwest::Method;
use serde_json::{Value, json};

use crate::export::{imported, said, text, whole};
use crate::support::client::{ABSENT, Client, comment_id, draft};
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
    assert_eq!(answer.json(200), imported("ada", json!({ "note": old }))["note"]);
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
            let mut comment = imported("ada", said(&old, number))["comment"].take();
            comment.as_object_mut().unwrap().remove("noteCreated");
            comment
        }))
    );
    // And it is a note like any other.
    ada.write("old", ("if-match", answer.header("etag")), draft("Changed", "")).await.json(200);
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
    assert!(outcomes[0]["why"].as_str().unwrap().starts_with("this is not JSON: "), "{outcomes:?}");
    outcomes[0]["why"] = "".into();
    assert_eq!(
        outcomes,
        [
            json!({ "line": 1, "outcome": "refused", "why": "" }),
            refused(2, "there", "a note with this key exists, at version 1"),
            refused(3, "nowhere", "its note is not there"),
            // The fourth is blank.
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
    let again = ada.export("").await.body;
    let first = again.replace(r#","importer":"ada""#, "").replace(r#""version":2"#, r#""version":1"#);
    assert!(first == page.body, "the same but for the importer and the version");
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
async fn whoever_imported_a_row_is_shown_in_every_answer_and_stays_shown_after_a_change() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let eve = Client::signed_up(&cloud, "eve").await;
    // What was just deleted comes back under its author's name, with another text.
    let mut a = ada.write("a", ABSENT, draft("Mine", "As I wrote it")).await.json(201);
    let destroyed = ada.read("a").await;
    ada.destroy("a", ("if-match", destroyed.header("etag"))).await.empty(204);
    a["body"] = "As I never wrote it".into();
    let b = note("b");
    let lines = [json!({ "note": a }), json!({ "note": b }), said(&b, 1)];
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
async fn who_imports_is_the_importer_whatever_the_line_says() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let eve = Client::signed_up(&cloud, "eve").await;
    let a = note("a");
    let lines = [json!({ "note": a }), said(&a, 1)].map(|line| imported("somebody", line));
    eve.import(text(&lines)).await.lines();
    let exported = ada.export("").await;
    let by_eve = [json!({ "note": a }), said(&a, 1)].map(|line| imported("eve", line));
    assert_eq!(exported.lines(), by_eve);
    // What is there already is left as it is, whoever imports it again.
    let outcomes = ada.import(exported.body.clone()).await.lines();
    assert_eq!(outcomes, [outcome(1, "a", "skipped"), outcome(2, "a", "skipped")]);
    assert_eq!(ada.export("").await.body, exported.body);
    let wrong = imported("x", json!({ "note": note("b") }));
    let why = "importer must be 3 to 32 characters";
    assert_eq!(ada.import(text(&[wrong])).await.lines(), [refused(1, "b", why)]);
    cloud.stop().await;
}

#[tokio::test]
async fn a_byte_order_mark_blank_lines_and_line_ends_of_windows_change_nothing() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let [a, b] = ["a", "b"].map(|key| json!({ "note": note(key) }).to_string());
    let lines = format!("\u{feff}{a}\r\n\r\n \t\n\u{feff}{b}\r\n\r\n\n");
    assert_eq!(ada.import(lines).await.lines(), [outcome(1, "a", "created"), outcome(4, "b", "created")]);
    assert!(ada.import("\u{feff}\r\n").await.lines().is_empty());
    // The same goes for every other request.
    let put = ada.request(Method::PUT, "/api/notes/c").header("if-none-match", "*");
    let put = put
        .header("content-type", "application/json")
        .body("\u{feff}{\"title\": \"C\", \"body\": \"\u{feff}\"}");
    assert_eq!(Answer::to(put).await.json(201)["body"], "\u{feff}", "inside of a text it is text");
    cloud.stop().await;
}

#[tokio::test]
async fn lines_in_utf_16_are_refused_together_with_what_to_do() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for mark in ["\u{feff}", ""] {
        let text = format!("{mark}{}\n", json!({ "note": note("a") }));
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let problem = ada.import(bytes).await.problem(400);
        assert_eq!(problem["detail"], "The body is not JSON: it is in UTF-16 or UTF-32: send it in UTF-8.");
    }
    assert!(whole(&ada).await.is_empty());
    cloud.stop().await;
}

#[tokio::test]
async fn a_comment_whose_id_is_of_another_time_is_refused_and_stays_above_nobody() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let mut old = note("a");
    old["created"] = "2020-01-02T03:04:05.678Z".into();
    let with_id = |id: String| {
        let mut line = said(&old, 1);
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
        // As far apart as what we write can be.
        of("2020-01-02T03:05:05.678Z"),
        of("2020-01-01T03:04:05.678Z"),
        of("2020-01-02T03:04:05.678Z"),
    ];
    let outcomes = ada.import(text(&lines)).await.lines();
    let why = "the time in its id must agree with created";
    assert_eq!(outcomes[1..6], [2, 3, 4, 5, 6].map(|line| refused(line, "a", why)));
    for line in [1, 7, 8, 9] {
        assert_eq!(outcomes[line - 1], outcome(line, "a", "created"));
    }
    cloud.stop().await;
}

#[tokio::test]
async fn rows_from_the_future_are_refused() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let later = |seconds| {
        let moment = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(seconds);
        moment.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
    };
    let mut a = note("a");
    a["updated"] = later(3600).into();
    let b = note("b");
    let mut comment = said(&b, 1);
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
async fn every_version_that_is_taken_can_be_changed_exported_and_imported_again() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let of_version = |version: u64| {
        let mut note = note("a");
        note["version"] = version.into();
        text(&[json!({ "note": note })])
    };
    for version in [(1 << 53) - 1, 1 << 52, 1 << 41] {
        let outcomes = ada.import(of_version(version)).await.lines();
        let why = outcomes[0]["why"].as_str().unwrap();
        assert!(why.starts_with("version must be at most 1"), "{version}: {why}");
    }
    // The highest that is taken now, a little below what the refusal says: that grows with time.
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
async fn every_row_that_is_taken_is_listed_page_by_page() {
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
    let why = "must look like 2026-11-23T20:15:00.000Z";
    for line in &outcomes[..3] {
        assert_eq!(line["why"], format!("created {why}; updated {why}"));
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
async fn a_note_that_was_deleted_comes_back_at_the_version_after_its_last() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let old = json!({ "note": ada.write("a", ABSENT, draft("A", "")).await.json(201) });
    let new = json!({ "note": ada.write("a", ("if-match", "\"1\""), draft("B", "")).await.json(200) });
    ada.destroy("a", ("if-match", "\"2\"")).await.empty(204);
    // A line may say anything at the version that the note had last.
    let imported = ada.import(text(std::slice::from_ref(&new))).await.lines();
    assert_eq!(imported, [outcome(1, "a", "created")]);
    assert_eq!(ada.read("a").await.header("etag"), "\"3\"");
    ada.destroy("a", ("if-match", "\"3\"")).await.empty(204);
    let imported = ada.import(text(std::slice::from_ref(&old))).await.lines();
    assert_eq!(imported, [outcome(1, "a", "created")]);
    let read = ada.read("a").await;
    assert_eq!((&read.json(200)["title"], read.header("etag")), (&json!("A"), "\"4\""));
    // And all of it may be repeated.
    let imported = ada.import(text(std::slice::from_ref(&old))).await.lines();
    assert_eq!(imported, [outcome(1, "a", "skipped")]);
    let imported = ada.import(text(std::slice::from_ref(&new))).await.lines();
    assert_eq!(imported, [refused(1, "a", "a note with this key exists, at version 4")]);
    cloud.stop().await;
}
