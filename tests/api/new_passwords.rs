//! The rules for new passwords, and the estimate of their strength.

use serde_json::json;

use crate::support::TestCloud;
use crate::support::client::{Client, PASSWORD, credentials};

/// Passwords of a valid length that are easy to guess: common ones, and patterns.
const EASY: [&str; 12] = [
    "password",
    "12345678",
    "Password",
    "QWERTYUIOP",
    "football",
    "P@ssw0rd!",
    "notes2026!",
    "asdfghjkl;'",
    "aaaaaaaaaaaa",
    "abcabcabcabc",
    "24.12.1990",
    "        ",
];

#[tokio::test]
async fn a_new_account_needs_a_password_that_is_hard_to_guess() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    for easy in EASY {
        let response = guest.sign_up(credentials("ada", easy)).await;
        assert_eq!(response.wrong_fields(422), ["password"], "{easy}");
        let problem = response.problem(422);
        let error = problem["errors"]["password"].as_str().unwrap();
        assert!(error.starts_with("is easy to guess"), "{easy}: {error}");
        assert!(error.ends_with(". Use three or four unrelated words"), "{easy}: {error}");
    }
    for similar in ["ada-lovelace", "Ada-Lovelace", "ada-lovelace2026", "4d4-lovelace!", "Countess1"] {
        let account = json!({ "username": "ada-lovelace", "password": similar, "displayName": "The Countess of Lovelace" });
        assert_eq!(guest.sign_up(account).await.wrong_fields(422), ["password"], "{similar}");
    }
    assert_eq!(cloud.rows("Users").await.len(), 0, "no attempt was counted");
    cloud.stop().await;
}

#[tokio::test]
async fn a_changed_password_follows_the_same_rules() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada-lovelace").await;
    ada.change_display_name("Countess Augusta").await.json(200);
    for refused in EASY.into_iter().chain(["ada-lovelace", "countess1", "seven 7", &"p7".repeat(65)]) {
        let response = ada.change_password(PASSWORD, refused).await;
        assert_eq!(response.wrong_fields(422), ["newPassword"], "{refused}");
    }
    ada.who_am_i().await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn a_password_by_link_follows_the_same_rules() {
    let cloud = TestCloud::start().await;
    Client::signed_up(&cloud, "founder").await;
    for refused in EASY.into_iter().chain(["ada-lovelace", "seven 7"]) {
        let body = json!({ "token": format!("ada-lovelace.{}", "A".repeat(43)), "newPassword": refused });
        let request = Client::guest(&cloud).request(reqwest::Method::POST, "/api/account/new-password");
        let response = crate::support::Response::to(request.json(&body)).await;
        assert_eq!(response.wrong_fields(422), ["newPassword"], "{refused}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_password_may_contain_any_characters() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    for (n, text) in ["\0\u{1}\u{7f}\n\r\t\u{85}.", "🦀🐳🌵🎷🧀🚲🪁🐝", "<script>alert", "pass the salt, ok"]
        .iter()
        .enumerate()
    {
        let username = format!("user-{n}");
        guest.sign_up(credentials(&username, text)).await.json(201);
        guest.sign_in(credentials(&username, text)).await.json(200);
        guest.sign_in(credentials(&username, &format!("{text} "))).await.problem(401);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn anybody_can_ask_how_strong_a_password_is() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    for (request, strength) in [
        (json!({ "password": "" }), json!({ "score": 0 })),
        (json!({ "password": "qwertyuiop" }), json!({ "score": 0, "weakness": "very-common" })),
        (json!({ "password": "p@ssw0rd" }), json!({ "score": 0, "weakness": "similar-to-common" })),
        (json!({ "password": "correct horse battery" }), json!({ "score": 4 })),
        (json!({ "password": "lovelace184" }), json!({ "score": 2, "weakness": "contains-name" })),
        (
            json!({ "password": "lovelace184", "username": "ada", "displayName": "Ada Lovelace" }),
            json!({ "score": 0, "weakness": "known-word" }),
        ),
    ] {
        let response = guest.password_strength(&request).await;
        assert_eq!(response.json(200), strength, "{request}");
        assert_eq!(response.header("cache-control"), "no-store");
    }
    assert_eq!(cloud.rows("Users").await.len(), 0, "nothing is stored");
    cloud.stop().await;
}

#[tokio::test]
async fn an_invalid_question_about_a_password_is_refused() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    for (field, request) in [
        ("password", json!({})),
        ("password", json!({ "password": 12_345_678 })),
        ("username", json!({ "password": PASSWORD, "username": null })),
        ("displayName", json!({ "password": PASSWORD, "displayName": ["Ada"] })),
        ("newPassword", json!({ "password": PASSWORD, "newPassword": PASSWORD })),
    ] {
        assert_eq!(guest.password_strength(&request).await.wrong_fields(422), [field], "{request}");
    }
    guest.password_strength(&json!("password")).await.problem(422);
    guest.password_strength(&json!({ "password": "p".repeat(2_000_000) })).await.problem(413);
    cloud.stop().await;
}

#[tokio::test]
async fn exactly_the_passwords_with_a_score_below_2_are_refused() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    let mut scores = [0; 5];
    for password in EASY.into_iter().chain([
        "ada-king1",
        "King of Ada",
        "harbour!",
        "harbour-7",
        "x7-9!kQz",
        "a\u{308}rger und o\u{308}l",
        "correct horse",
        "two gulls, one harbour",
    ]) {
        let names = json!({ "password": password, "username": "ada", "displayName": "Ada King" });
        let score = guest.password_strength(&names).await.json(200)["score"].as_u64().unwrap();
        // The code is wrong, so no account is made.
        let account =
            names.as_object().unwrap().clone().into_iter().chain([("invitation".into(), "none".into())]);
        let status = guest.sign_up(account.collect::<serde_json::Map<_, _>>().into()).await.status;
        assert_eq!(status, if score < 2 { 422 } else { 403 }, "{password} has {score}");
        scores[usize::try_from(score).unwrap()] += 1;
    }
    assert!(scores.iter().all(|number| *number > 0), "{scores:?}");
    cloud.stop().await;
}
