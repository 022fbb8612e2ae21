//! Making an account.

use serde_json::json;

use crate::support::TestCloud;
use crate::support::client::PASSWORD;
use crate::support::client::{Client, credentials};

#[tokio::test]
async fn who_signs_up_is_signed_in() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    let newcomer = json!({ "username": "Ada", "password": PASSWORD, "displayName": " Ada Lovelace " });
    let answer = guest.sign_up(newcomer).await;
    let account = answer.json(201);
    assert_eq!((&account["username"], &account["displayName"]), (&json!("ada"), &json!("Ada Lovelace")));
    assert_eq!(guest.with_cookie(answer.cookie()).who_am_i().await.json(200), account);
    cloud.stop().await;
}

#[tokio::test]
async fn who_gives_no_display_name_is_called_by_the_username() {
    let cloud = TestCloud::start().await;
    let account = Client::guest(&cloud).sign_up(credentials("Ada", PASSWORD)).await.json(201);
    assert_eq!(account["displayName"], "ada");
    cloud.stop().await;
}

#[tokio::test]
async fn a_taken_username_is_refused_and_no_session_is_given() {
    let cloud = TestCloud::start().await;
    Client::signed_up(&cloud, "ada").await;
    let again = Client::guest(&cloud).sign_up(credentials("ADA", "another password")).await;
    assert_eq!(again.wrong_fields(409), ["username"]);
    assert_eq!(again.header("set-cookie"), "");
    assert_eq!(cloud.rows("Sessions").await.len(), 1);
    cloud.stop().await;
}

#[tokio::test]
async fn each_limit_of_an_account_stands_on_both_sides() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    let ok = [
        credentials("abc", PASSWORD),
        credentials(&"a".repeat(32), PASSWORD),
        credentials("a_-9", &"p".repeat(8)),
        credentials("longest-password", &"ä".repeat(128)),
        json!({ "username": "shortest-name", "password": PASSWORD, "displayName": "Ä" }),
        json!({ "username": "longest-name", "password": PASSWORD, "displayName": "Ä".repeat(64) }),
    ];
    for newcomer in ok {
        guest.sign_up(newcomer).await.json(201);
    }
    let wrong = [
        ("username", credentials("ab", PASSWORD)),
        ("username", credentials(&"a".repeat(33), PASSWORD)),
        ("username", credentials("a b c", PASSWORD)),
        ("username", credentials("ädä", PASSWORD)),
        ("password", credentials("short-password", &"p".repeat(7))),
        ("password", credentials("long-password", &"p".repeat(129))),
        ("displayName", json!({ "username": "no-name", "password": PASSWORD, "displayName": " " })),
        (
            "displayName",
            json!({ "username": "no-name", "password": PASSWORD, "displayName": "Ä".repeat(65) }),
        ),
        ("displayName", json!({ "username": "no-name", "password": PASSWORD, "displayName": "a\nb" })),
        ("displayName", json!({ "username": "no-name", "password": PASSWORD, "displayName": null })),
        ("admin", json!({ "username": "no-name", "password": PASSWORD, "admin": true })),
        ("username", json!({ "username": 3, "password": PASSWORD })),
        ("password", json!({ "username": "no-name" })),
    ];
    for (field, newcomer) in wrong {
        assert_eq!(guest.sign_up(newcomer.clone()).await.wrong_fields(422), [field], "{newcomer}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn all_that_is_wrong_is_told_at_once() {
    let cloud = TestCloud::start().await;
    let newcomer = json!({ "username": "a", "password": "p", "displayName": "", "admin": true });
    let answer = Client::guest(&cloud).sign_up(newcomer).await;
    assert_eq!(answer.wrong_fields(422), ["admin", "displayName", "password", "username"]);
    cloud.stop().await;
}

#[tokio::test]
async fn no_answer_holds_a_password_or_its_hash() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    for answer in [
        guest.sign_up(credentials("ada", PASSWORD)).await,
        guest.sign_up(credentials("ada", PASSWORD)).await,
        guest.sign_in(credentials("ada", PASSWORD)).await,
        guest.sign_in(credentials("bob", PASSWORD)).await,
    ] {
        assert!(!answer.body.contains(PASSWORD) && !answer.body.contains("argon2"), "{answer:?}");
    }
    cloud.stop().await;
}
