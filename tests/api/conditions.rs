//! `If-Match`, `If-None-Match`, and what comes of them.

use reqwest::Method;

use crate::support::Answer;
use crate::support::TestCloud;
use crate::support::client::{ABSENT, Client, draft};

/// A cloud in which note `a` has version 2.
async fn with_a_note_of_version_2() -> (TestCloud, Client) {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    ada.write("a", ("if-match", "\"1\""), draft("B", "")).await.json(200);
    (cloud, ada)
}

#[tokio::test]
async fn a_write_without_a_condition_is_428() {
    let (cloud, ada) = with_a_note_of_version_2().await;
    let put = ada.request(Method::PUT, "/api/notes/a").json(&draft("C", ""));
    Answer::to(put).await.problem(428);
    Answer::to(ada.request(Method::DELETE, "/api/notes/a")).await.problem(428);
    // A condition that protects nothing is none.
    ada.write("a", ("if-none-match", "\"1\""), draft("C", "")).await.problem(428);
    ada.destroy("a", ABSENT).await.problem(428);
    assert_eq!(ada.read("a").await.json(200)["title"], "B");
    cloud.stop().await;
}

#[tokio::test]
async fn a_header_that_holds_no_tag_is_400() {
    let (cloud, ada) = with_a_note_of_version_2().await;
    for tag in ["2", "'2'", "\"2", "w/\"2\"", "*, \"2\""] {
        ada.write("a", ("if-match", tag), draft("C", "")).await.problem(400);
        ada.destroy("a", ("if-match", tag)).await.problem(400);
        ada.read_if("a", ("if-none-match", tag)).await.problem(400);
    }
    assert_eq!(ada.read("a").await.json(200)["title"], "B");
    cloud.stop().await;
}

#[tokio::test]
async fn a_tag_that_is_not_ours_or_weak_never_matches_a_write() {
    let (cloud, ada) = with_a_note_of_version_2().await;
    let current = ada.read("a").await.json(200);
    for tag in
        ["", "W/\"2\"", "\"02\"", "\"+2\"", "\"abc\"", "\"\"", "\"0\"", "\"3\"", "\"99999999999999999999\""]
    {
        for answer in [
            ada.write("a", ("if-match", tag), draft("C", "")).await,
            ada.destroy("a", ("if-match", tag)).await,
        ] {
            assert_eq!(answer.problem(412)["note"], current, "{tag}");
            assert_eq!(answer.header("etag"), "\"2\"");
        }
        ada.destroy("b", ("if-match", tag)).await.problem(404);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_list_matches_if_one_of_its_tags_does_and_a_star_matches_any_note() {
    let (cloud, ada) = with_a_note_of_version_2().await;
    ada.write("a", ("if-match", "\"1\", W/\"2\""), draft("C", "")).await.problem(412);
    ada.write("a", ("if-match", "\"x\", \"2\""), draft("C", "")).await.json(200);
    ada.write("a", ("if-match", "*"), draft("D", "")).await.json(200);
    ada.write("b", ("if-match", "*"), draft("D", "")).await.problem(404);
    ada.destroy("a", ("if-match", "*")).await.empty(204);
    cloud.stop().await;
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    let (cloud, ada) = with_a_note_of_version_2().await;
    for tags in ["\"2\"", "W/\"2\"", "\"1\", \"2\"", "*"] {
        let answer = ada.read_if("a", ("if-none-match", tags)).await;
        answer.empty(304);
        assert_eq!(answer.header("etag"), "\"2\"");
    }
    for tags in ["", "\"1\"", "\"abc\"", "\"02\""] {
        ada.read_if("a", ("if-none-match", tags)).await.json(200);
    }
    ada.read_if("b", ("if-none-match", "*")).await.problem(404);
    cloud.stop().await;
}

#[tokio::test]
async fn of_two_conditions_both_must_hold_and_if_match_is_asked_first() {
    let (cloud, ada) = with_a_note_of_version_2().await;
    let both = |method: Method, matching: &str, other: &str| {
        let request = ada.request(method, "/api/notes/a");
        request.header("if-match", matching).header("if-none-match", other)
    };
    let put = |matching: &str, other: &str| both(Method::PUT, matching, other).json(&draft("C", ""));
    for (matching, other) in [("\"2\"", "*"), ("\"2\"", "W/\"2\""), ("\"1\"", "\"1\""), ("*", "\"1\", \"2\"")]
    {
        Answer::to(put(matching, other)).await.problem(412);
        Answer::to(both(Method::DELETE, matching, other)).await.problem(412);
    }
    Answer::to(both(Method::GET, "\"2\"", "\"2\"")).await.empty(304);
    Answer::to(both(Method::GET, "\"1\"", "\"2\"")).await.problem(412);
    Answer::to(put("\"2\"", "\"1\"")).await.json(200);
    Answer::to(both(Method::DELETE, "\"3\"", "\"2\"")).await.empty(204);
    cloud.stop().await;
}

#[tokio::test]
async fn a_read_of_what_is_not_meant_is_refused_with_what_is_there() {
    let (cloud, ada) = with_a_note_of_version_2().await;
    for tags in ["\"1\"", "W/\"2\"", "\"x\", \"3\""] {
        let answer = ada.read_if("a", ("if-match", tags)).await;
        assert_eq!(answer.problem(412)["note"]["version"], 2, "{tags}");
        assert_eq!(answer.header("etag"), "\"2\"");
    }
    for tags in ["\"2\"", "\"1\", \"2\"", "*"] {
        ada.read_if("a", ("if-match", tags)).await.json(200);
    }
    ada.read_if("b", ("if-match", "*")).await.problem(404);
    cloud.stop().await;
}

#[tokio::test]
async fn several_lines_of_tags_are_one_list_and_dates_say_nothing() {
    let (cloud, ada) = with_a_note_of_version_2().await;
    let lines = ada.request(Method::GET, "/api/notes/a").header("if-none-match", "\"1\"");
    Answer::to(lines.header("if-none-match", "\"2\"")).await.empty(304);
    let past = "Thu, 01 Jan 1970 00:00:00 GMT";
    ada.read_if("a", ("if-unmodified-since", past)).await.json(200);
    ada.read_if("a", ("if-modified-since", "Fri, 31 Dec 9999 23:59:59 GMT")).await.json(200);
    ada.write("a", ("if-unmodified-since", past), draft("C", "")).await.problem(428);
    cloud.stop().await;
}

#[tokio::test]
async fn no_tag_names_two_notes_of_one_key() {
    let cloud = TestCloud::start().await;
    let (ada, bob) = (Client::signed_up(&cloud, "ada").await, Client::signed_up(&cloud, "bob").await);
    let mut tags = Vec::new();
    for title in ["A", "B", "C"] {
        let created = ada.write("a", ABSENT, draft(title, "")).await;
        created.json(201);
        let changed = ada.write("a", ("if-match", created.header("etag")), draft(title, "more")).await;
        changed.json(200);
        tags.extend([created.header("etag").to_owned(), changed.header("etag").to_owned()]);
        ada.destroy("a", ("if-match", changed.header("etag"))).await.empty(204);
    }
    let note = bob.write("a", ABSENT, draft("Bob's", "")).await;
    assert_eq!(bob.read("a").await.header("etag"), note.header("etag"));
    let note = note.json(201);
    for tag in &tags {
        ada.read_if("a", ("if-none-match", tag)).await.json(200);
        for answer in [
            ada.read_if("a", ("if-match", tag)).await,
            ada.write("a", ("if-match", tag), draft("A", "")).await,
            ada.destroy("a", ("if-match", tag)).await,
        ] {
            assert_eq!(answer.problem(412)["note"], note, "{tag}");
        }
    }
    let mut different = tags.clone();
    different.sort();
    different.dedup();
    assert_eq!(different.len(), tags.len(), "{tags:?}");
    assert_eq!(bob.read("a").await.json(200), note);
    cloud.stop().await;
}

#[tokio::test]
async fn a_note_that_is_gone_is_gone_to_every_condition_and_every_list() {
    let (cloud, ada) = with_a_note_of_version_2().await;
    ada.destroy("a", ("if-match", "\"2\"")).await.empty(204);
    ada.read("a").await.problem(404);
    ada.comments("a", "").await.problem(404);
    for tag in ["\"2\"", "*", "\"3\""] {
        ada.write("a", ("if-match", tag), draft("C", "")).await.problem(404);
        ada.destroy("a", ("if-match", tag)).await.problem(404);
        ada.read_if("a", ("if-match", tag)).await.problem(404);
    }
    assert!(ada.export("").await.lines().is_empty());
    assert_eq!(ada.list("").await.json(200)["notelist"], serde_json::json!([]));
    assert_eq!(ada.list("select=count").await.json(200)["count"], 0);
    cloud.stop().await;
}
