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
    for tag in ["2", "'2'", "\"2", "w/\"2\"", "", "*, \"2\""] {
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
        ["W/\"2\"", "\"02\"", "\"+2\"", "\"abc\"", "\"\"", "\"0\"", "\"3\"", "\"99999999999999999999\""]
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
    for tags in ["\"1\"", "\"abc\"", "\"02\""] {
        ada.read_if("a", ("if-none-match", tags)).await.json(200);
    }
    ada.read_if("b", ("if-none-match", "*")).await.problem(404);
    cloud.stop().await;
}

#[tokio::test]
async fn both_conditions_at_once_contradict_each_other() {
    let (cloud, ada) = with_a_note_of_version_2().await;
    let put =
        ada.request(Method::PUT, "/api/notes/a").header("if-match", "\"2\"").header("if-none-match", "*");
    Answer::to(put.json(&draft("C", ""))).await.problem(428);
    cloud.stop().await;
}
