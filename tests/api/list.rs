//! The list of titles and the number of notes.

use serde_json::{Value, json};

use crate::support::TestCloud;
use crate::support::client::{ABSENT, Client, draft};

fn keys(page: &Value) -> Vec<&str> {
    page["notelist"].as_array().unwrap().iter().map(|row| row["key"].as_str().unwrap()).collect()
}

async fn with_notes(count: usize) -> (TestCloud, Client) {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for number in 0..count {
        ada.write(&format!("n{number:03}"), ABSENT, draft(&format!("Note {number}"), "Body")).await.json(201);
    }
    (cloud, ada)
}

#[tokio::test]
async fn the_list_shows_titles_newest_change_first() {
    let (cloud, ada) = with_notes(3).await;
    let note = ada.write("n000", ("if-match", "\"1\""), draft("Changed", "")).await.json(200);
    let page = ada.list("").await.json(200);
    assert_eq!(keys(&page), ["n000", "n002", "n001"]);
    assert_eq!(
        page["notelist"][0],
        json!({ "key": "n000", "title": "Changed", "updated": note["updated"], "editor": "ada" })
    );
    assert_eq!(page.get("cursor"), None);
    cloud.stop().await;
}

#[tokio::test]
async fn an_empty_board_has_an_empty_list() {
    let (cloud, ada) = with_notes(0).await;
    assert_eq!(ada.list("").await.json(200), json!({ "notelist": [] }));
    assert_eq!(ada.list("select=count").await.json(200), json!({ "count": 0 }));
    cloud.stop().await;
}

#[tokio::test]
async fn a_page_has_100_titles_by_default_and_pages_contain_every_note_once() {
    let (cloud, ada) = with_notes(101).await;
    let first = ada.list("").await.json(200);
    assert_eq!(keys(&first).len(), 100);
    assert_eq!(keys(&ada.list("limit=100").await.json(200)), keys(&first));
    let rest = ada.list(&format!("cursor={}", first["cursor"].as_str().unwrap())).await.json(200);
    assert_eq!(keys(&rest), ["n000"]);
    assert_eq!(rest.get("cursor"), None);

    let (mut seen, mut query) = (Vec::new(), "limit=40".to_owned());
    loop {
        let page = ada.list(&query).await.json(200);
        seen.extend(keys(&page).iter().map(|key| (*key).to_owned()));
        let Some(cursor) = page["cursor"].as_str() else { break };
        query = format!("limit=40&cursor={cursor}");
    }
    let expected: Vec<String> = (0..101).rev().map(|number| format!("n{number:03}")).collect();
    assert_eq!(seen, expected);
    assert_eq!(ada.list("select=count").await.json(200), json!({ "count": 101 }));
    cloud.stop().await;
}

#[tokio::test]
async fn a_limit_is_a_number_from_1_to_100() {
    let (cloud, ada) = with_notes(2).await;
    assert_eq!(keys(&ada.list("limit=1").await.json(200)), ["n001"]);
    ada.list("limit=100").await.json(200);
    for limit in ["0", "101", "-1", "%2B1", "1.5", "ten", "", "99999999999999999999"] {
        assert_eq!(ada.list(&format!("limit={limit}")).await.wrong_fields(422), ["limit"], "{limit}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn an_invalid_cursor_is_refused() {
    let (cloud, ada) = with_notes(2).await;
    let page = ada.list("limit=1").await.json(200);
    let cursor = page["cursor"].as_str().unwrap();
    for forged in
        ["", "abc", &cursor[1..], &cursor[..cursor.len() - 12], &format!("{cursor}%3D"), "%00", "null"]
    {
        let response = ada.list(&format!("cursor={forged}")).await;
        assert_eq!(response.wrong_fields(422), ["cursor"], "{forged}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn unknown_or_conflicting_parameters_are_reported_by_name() {
    let (cloud, ada) = with_notes(0).await;
    for (query, wrong) in [
        ("page=2", vec!["page"]),
        ("limit=0&cursor=x&sort=up", vec!["cursor", "limit", "sort"]),
        ("select=titles", vec!["select"]),
        ("select=", vec!["select"]),
        ("select=count&limit=1", vec!["limit"]),
        ("limit=1&limit=2", vec!["limit"]),
    ] {
        assert_eq!(ada.list(query).await.wrong_fields(422), wrong, "{query}");
    }
    cloud.stop().await;
}

/// Between two pages, other users rename, delete and create notes, including the note at the cursor.
#[tokio::test]
async fn pages_contain_every_unchanged_note_once_while_others_change() {
    let (cloud, ada) = with_notes(40).await;
    let touched = |key: &str| key[1..].parse::<usize>().is_ok_and(|number| number % 3 == 0);
    let (mut seen, mut query) = (Vec::new(), "limit=6".to_owned());
    for round in 0.. {
        let page = ada.list(&query).await.json(200);
        seen.extend(keys(&page).iter().map(|key| (*key).to_owned()));
        let Some(cursor) = page["cursor"].as_str() else { break };
        query = format!("limit=6&cursor={cursor}");
        let last = keys(&page).into_iter().rev().find(|key| touched(key)).unwrap_or("n000").to_owned();
        if round % 2 == 0 {
            ada.destroy(&last, ("if-match", "*")).await;
        } else {
            ada.write(&last, ("if-match", "*"), draft("Renamed", "")).await;
        }
        ada.create(draft("New", "")).await.json(201);
    }
    let unchanged = |key: &&String| key.starts_with('n') && !touched(key);
    let seen: Vec<&String> = seen.iter().filter(unchanged).collect();
    let expected: Vec<String> =
        (0..40).rev().map(|number| format!("n{number:03}")).filter(|key| !touched(key)).collect();
    assert_eq!(seen, expected.iter().collect::<Vec<_>>());
    cloud.stop().await;
}

/// A forged cursor is a position in the list, which every user may read.
#[tokio::test]
async fn a_forged_cursor_reveals_nothing_outside_the_list() {
    use base64::Engine as _;
    let (cloud, ada) = with_notes(3).await;
    let list = ada.list("").await.json(200);
    for (place, expected) in [
        ("9998-12-31T23:59:59.999Zzzz", keys(&list)),
        ("1970-01-01T00:00:00.000Za", vec![]),
        ("9998-12-31T23:59:59.999Zcomments", keys(&list)),
    ] {
        let cursor = base64::prelude::BASE64_URL_SAFE_NO_PAD.encode(place);
        assert_eq!(keys(&ada.list(&format!("cursor={cursor}")).await.json(200)), expected, "{place}");
    }
    cloud.stop().await;
}
