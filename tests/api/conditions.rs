//! The conditions `If-Match` and `If-None-Match`.

use local_service::faults::{Fault, Rule};
use reqwest::Method;

use crate::support::client::{ABSENT, Client, draft};
use crate::support::{Response, TestCloud, until};

/// Starts a cloud in which note `a` has version 2.
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
    let put = ada.request(Method::PUT, "/api/boards/team/notes/a").json(&draft("C", ""));
    Response::to(put).await.problem(428);
    Response::to(ada.request(Method::DELETE, "/api/boards/team/notes/a")).await.problem(428);
    // These conditions do not protect against overwriting a change.
    ada.write("a", ("if-none-match", "\"1\""), draft("C", "")).await.problem(428);
    ada.destroy("a", ABSENT).await.problem(428);
    assert_eq!(ada.read("a").await.json(200)["title"], "B");
    cloud.stop().await;
}

#[tokio::test]
async fn a_malformed_tag_is_400() {
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
async fn a_weak_or_unknown_tag_never_matches_a_write() {
    let (cloud, ada) = with_a_note_of_version_2().await;
    let current = ada.read("a").await.json(200);
    for tag in
        ["", "W/\"2\"", "\"02\"", "\"+2\"", "\"abc\"", "\"\"", "\"0\"", "\"3\"", "\"99999999999999999999\""]
    {
        for response in [
            ada.write("a", ("if-match", tag), draft("C", "")).await,
            ada.destroy("a", ("if-match", tag)).await,
        ] {
            assert_eq!(response.problem(412)["note"], current, "{tag}");
            assert_eq!(response.header("etag"), "\"2\"");
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
async fn a_current_note_is_not_sent_again() {
    let (cloud, ada) = with_a_note_of_version_2().await;
    for tags in ["\"2\"", "W/\"2\"", "\"1\", \"2\"", "*"] {
        let response = ada.read_if("a", ("if-none-match", tags)).await;
        response.empty(304);
        assert_eq!(response.header("etag"), "\"2\"");
    }
    for tags in ["", "\"1\"", "\"abc\"", "\"02\""] {
        ada.read_if("a", ("if-none-match", tags)).await.json(200);
    }
    ada.read_if("b", ("if-none-match", "*")).await.problem(404);
    cloud.stop().await;
}

#[tokio::test]
async fn both_conditions_must_pass_and_if_match_is_evaluated_first() {
    let (cloud, ada) = with_a_note_of_version_2().await;
    let both = |method: Method, matching: &str, other: &str| {
        let request = ada.request(method, "/api/boards/team/notes/a");
        request.header("if-match", matching).header("if-none-match", other)
    };
    let put = |matching: &str, other: &str| both(Method::PUT, matching, other).json(&draft("C", ""));
    for (matching, other) in [("\"2\"", "*"), ("\"2\"", "W/\"2\""), ("\"1\"", "\"1\""), ("*", "\"1\", \"2\"")]
    {
        Response::to(put(matching, other)).await.problem(412);
        Response::to(both(Method::DELETE, matching, other)).await.problem(412);
    }
    Response::to(both(Method::GET, "\"2\"", "\"2\"")).await.empty(304);
    Response::to(both(Method::GET, "\"1\"", "\"2\"")).await.problem(412);
    Response::to(put("\"2\"", "\"1\"")).await.json(200);
    Response::to(both(Method::DELETE, "\"3\"", "\"2\"")).await.empty(204);
    cloud.stop().await;
}

#[tokio::test]
async fn a_read_with_a_failed_if_match_is_refused_with_the_current_note() {
    let (cloud, ada) = with_a_note_of_version_2().await;
    for tags in ["\"1\"", "W/\"2\"", "\"x\", \"3\""] {
        let response = ada.read_if("a", ("if-match", tags)).await;
        assert_eq!(response.problem(412)["note"]["version"], 2, "{tags}");
        assert_eq!(response.header("etag"), "\"2\"");
    }
    for tags in ["\"2\"", "\"1\", \"2\"", "*"] {
        ada.read_if("a", ("if-match", tags)).await.json(200);
    }
    ada.read_if("b", ("if-match", "*")).await.problem(404);
    cloud.stop().await;
}

#[tokio::test]
async fn several_headers_are_one_list_and_dates_are_ignored() {
    let (cloud, ada) = with_a_note_of_version_2().await;
    let lines = ada.request(Method::GET, "/api/boards/team/notes/a").header("if-none-match", "\"1\"");
    Response::to(lines.header("if-none-match", "\"2\"")).await.empty(304);
    let past = "Thu, 01 Jan 1970 00:00:00 GMT";
    ada.read_if("a", ("if-unmodified-since", past)).await.json(200);
    ada.read_if("a", ("if-modified-since", "Fri, 31 Dec 9999 23:59:59 GMT")).await.json(200);
    ada.write("a", ("if-unmodified-since", past), draft("C", "")).await.problem(428);
    cloud.stop().await;
}

#[tokio::test]
async fn tags_are_not_reused_after_a_note_is_deleted() {
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
        for response in [
            ada.read_if("a", ("if-match", tag)).await,
            ada.write("a", ("if-match", tag), draft("A", "")).await,
            ada.destroy("a", ("if-match", tag)).await,
        ] {
            assert_eq!(response.problem(412)["note"], note, "{tag}");
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
async fn a_deleted_note_is_404_for_every_condition_and_in_no_list() {
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

#[tokio::test]
async fn a_deletion_of_any_version_is_not_refused_for_a_change_at_the_same_moment() {
    let (cloud, ada) = with_a_note_of_version_2().await;
    for (condition, status) in [("\"2\"", 412), ("*", 204)] {
        cloud.forget_calls().await;
        // The note changes after the deletion has read it.
        let slow =
            Rule::new(Fault::DynamodbSlow).operation("Query").resource("Edits").times(1).delay_ms(1_000);
        cloud.faults().set(0, [slow]);
        let change = async {
            until("the deletion has read the note", async || {
                cloud.count("Http", "dynamodb:Query", "Edits") > 0
            })
            .await;
            ada.rename("a", condition).await.json(200);
        };
        let (deleted, ()) = tokio::join!(ada.destroy("a", ("if-match", condition)), change);
        assert_eq!(deleted.status, status, "{condition}: {deleted:?}");
    }
    assert_eq!(ada.trash("").await.json(200)["notes"][0]["title"], "*");
    cloud.stop().await;
}
