//! Display names: their rules, changing one, and looking many up.

use serde_json::{Value, json};

use crate::support::TestCloud;
use crate::support::client::{Client, PASSWORD, credentials};

/// Signs a user in again and returns the new session.
async fn second_session(cloud: &TestCloud, username: &str) -> Client {
    let guest = Client::guest(cloud);
    let response = guest.sign_in(credentials(username, PASSWORD)).await;
    response.json(200);
    guest.with_cookie(response.cookie())
}

#[tokio::test]
async fn a_changed_name_is_shown_in_every_session_and_to_others() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let phone = second_session(&cloud, "ada").await;
    let bob = Client::signed_up(&cloud, "bob").await;

    let changed = ada.change_display_name("  Ada \u{a0} Lovelace ").await;
    let user = changed.json(200);
    assert_eq!((&user["username"], &user["displayName"]), (&json!("ada"), &json!("Ada Lovelace")));
    assert_eq!(changed.header("set-cookie"), "", "the session stays");
    for session in [&ada, &phone, &second_session(&cloud, "ada").await] {
        assert_eq!(session.who_am_i().await.json(200)["displayName"], "Ada Lovelace");
    }
    assert_eq!(bob.person("ada").await.json(200)["displayName"], "Ada Lovelace");
    assert_eq!(bob.who_am_i().await.json(200)["displayName"], "bob");
    cloud.stop().await;
}

#[tokio::test]
async fn a_name_is_accepted_within_its_limits_and_refused_beyond_with_what_to_remove() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for name in ["Ä", &"Ä".repeat(64), "דוד", "علی\u{200c}رضا", "👩\u{200d}🚀 Ada"] {
        assert_eq!(ada.change_display_name(name).await.json(200)["displayName"], name);
    }
    for (name, error) in [
        (" ", "must be 1 to 64 characters"),
        (&"Ä".repeat(65), "must be 1 to 64 characters"),
        ("a\nb", "must not contain the control character U+000A. Remove it"),
        (
            "Ada\u{202e}",
            "must not contain the character U+202E, which changes the direction of text. Remove it",
        ),
        ("Ada\u{200b}", "must not contain the invisible character U+200B. Remove it"),
        ("\u{301}Ada", "must not begin with an accent"),
        (&format!("q{}", "\u{331}".repeat(5)), "must not have more than 4 accents on one character"),
    ] {
        let errors = ada.change_display_name(name).await.problem(422)["errors"].clone();
        assert_eq!(errors, json!({ "displayName": error }), "{name:?}");
        let account = json!({ "username": "eve", "password": PASSWORD, "displayName": name });
        assert_eq!(Client::guest(&cloud).sign_up(account).await.problem(422)["errors"], errors);
    }
    for body in
        [json!({}), json!({ "displayName": null }), json!({ "displayName": "Ada", "username": "eve" })]
    {
        let put = ada.request(reqwest::Method::PUT, "/api/account/display-name").json(&body);
        assert_eq!(crate::support::Response::to(put).await.wrong_fields(422).len(), 1, "{body}");
    }
    assert_eq!(ada.who_am_i().await.json(200)["displayName"], "👩\u{200d}🚀 Ada", "the last accepted one");
    cloud.stop().await;
}

#[tokio::test]
async fn users_are_looked_up_together_and_unknown_ones_are_left_out() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let bob = Client::signed_up(&cloud, "bob").await;
    bob.delete_account(PASSWORD).await.empty(204);
    ada.change_display_name("Ada Lovelace").await.json(200);
    let found = ada.people(&["nobody", "Bob", "ada", "ada"]).await.json(200);
    let named = json!({ "username": "ada", "displayName": "Ada Lovelace" });
    assert_eq!(found, json!({ "users": [named, { "username": "bob", "gone": true }] }));
    assert_eq!(ada.people(&["nobody"]).await.json(200), json!({ "users": [] }));

    let many: Vec<String> = (0..101).map(|number| format!("user-{number}")).collect();
    let mut many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(ada.people(&many).await.wrong_fields(422), ["username"]);
    many.pop();
    assert_eq!(ada.people(&many).await.json(200)["users"], Value::Array(Vec::new()));
    for wrong in [&[][..], &["a"], &["ada", "a%20b"]] {
        assert_eq!(ada.people(wrong).await.wrong_fields(422), ["username"], "{wrong:?}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn the_routes_of_display_names_require_a_session() {
    let cloud = TestCloud::start().await;
    Client::found(&cloud).await;
    let guest = Client::guest(&cloud);
    guest.change_display_name("Ada").await.problem(401);
    guest.people(&["ada"]).await.problem(401);
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.delete_account(PASSWORD).await.empty(204);
    ada.change_display_name("Ada").await.problem(401);
    cloud.stop().await;
}
