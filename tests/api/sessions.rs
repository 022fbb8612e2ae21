//! Signing in and out.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;

use crate::support::client::{Client, PASSWORD, credentials};
use crate::support::{Response, TestCloud};

#[tokio::test]
async fn the_cookie_has_every_security_attribute() {
    let cloud = TestCloud::start().await;
    let response = Client::guest(&cloud).sign_up(credentials("ada", PASSWORD)).await;
    let mut attributes: Vec<&str> = response.header("set-cookie").split("; ").collect();
    let (name, token) = attributes.remove(0).split_once('=').unwrap();
    assert_eq!(name, "__Host-notes-session");
    // The token consists of the username and 256 bits in base64url.
    let secret = token.strip_prefix("ada.").unwrap();
    assert_eq!(secret.len(), 43);
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax", "Secure"]);
    cloud.stop().await;
}

#[tokio::test]
async fn the_device_has_a_cookie_of_its_own_that_outlives_the_session() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    let response = guest.sign_up(credentials("ada", PASSWORD)).await;
    let mut attributes: Vec<&str> = response.device_cookie().split("; ").collect();
    let (_, secret) = attributes.remove(0).split_once('=').unwrap();
    assert_eq!(secret.len(), 43, "256 bits in base64url");
    attributes.sort_unstable();
    // 400 days, the most that browsers allow.
    assert_eq!(attributes, ["HttpOnly", "Max-Age=34560000", "Path=/", "SameSite=Lax", "Secure"]);
    assert!(!format!("{:?}", cloud.rows("Users").await).contains(secret));

    // Each sign-in on the browser renews its cookie, for any account.
    let browser = guest.with_cookie(&response.cookies());
    let device_cookie = response.device_cookie();
    assert_eq!(browser.sign_in(credentials("ada", PASSWORD)).await.device_cookie(), device_cookie);
    assert_eq!(browser.sign_up(credentials("bob", PASSWORD)).await.device_cookie(), device_cookie);
    let other = guest.sign_in(credentials("ada", PASSWORD)).await;
    assert_ne!(other.device_cookie(), device_cookie);
    // It is not a session.
    let (device, _) = device_cookie.split_once(';').unwrap();
    guest.with_cookie(device).who_am_i().await.problem(401);
    // A new password replaces it.
    let changed = guest.with_cookie(&other.cookies()).change_password(PASSWORD, "battery staple").await;
    assert_ne!(changed.device_cookie(), other.device_cookie());
    let ada = guest.with_cookie(&changed.cookies());
    assert_eq!(
        ada.sign_out().await.headers.get_all("set-cookie").iter().count(),
        1,
        "the device keeps its cookie"
    );
    cloud.stop().await;
}

#[tokio::test]
async fn the_template_sets_the_name_of_the_cookie() {
    let cloud = TestCloud::with(|options| {
        options.parameters.insert("SessionCookie".into(), "__Host-other".into());
    })
    .await;
    let guest = Client::guest(&cloud);
    let response = guest.sign_up(credentials("ada", PASSWORD)).await;
    assert!(response.cookie().starts_with("__Host-other="), "{response:?}");
    guest.with_cookie(response.cookie()).who_am_i().await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn a_session_has_its_user_and_expiry() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let session = ada.who_am_i().await.json(200);
    assert_eq!(session.as_object().unwrap().len(), 3);
    assert_eq!((&session["username"], &session["displayName"]), (&json!("ada"), &json!("ada")));
    let expires: jiff::Timestamp = session["expires"].as_str().unwrap().parse().unwrap();
    let remaining = expires.as_second() - jiff::Timestamp::now().as_second();
    // A session expires after two weeks without use. Its cookie lasts as long as a session can at most.
    let lifetime = 14 * 24 * 60 * 60;
    assert!((lifetime - 60..=lifetime).contains(&remaining), "{session}");
    cloud.stop().await;
}

#[tokio::test]
async fn signing_in_begins_a_new_session_and_ends_the_previous_one() {
    let cloud = TestCloud::start().await;
    let first = Client::signed_up(&cloud, "ada").await;
    let response = first.sign_in(credentials("ADA", PASSWORD)).await;
    assert_eq!(response.json(200)["username"], "ada");
    let second = first.with_cookie(response.cookie());
    second.who_am_i().await.json(200);
    first.who_am_i().await.problem(401);
    assert_eq!(cloud.rows("Sessions").await.len(), 1);
    cloud.stop().await;
}

#[tokio::test]
async fn a_username_ignores_case_and_surrounding_white_space() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    assert_eq!(guest.sign_up(credentials(" Name\t", PASSWORD)).await.json(201)["username"], "name");
    for spelling in ["name", "Name", "NAME", "name ", " name", "\u{feff}name\u{a0}", "name\n", "\u{85}Name "]
    {
        let response = guest.sign_in(credentials(spelling, PASSWORD)).await;
        assert_eq!(response.json(200)["username"], "name", "{spelling:?}");
        let taken = guest.sign_up(credentials(spelling, PASSWORD)).await;
        assert_eq!(taken.wrong_fields(409), ["username"], "{spelling:?}");
        let same = guest.sign_up(credentials(" Longer-Name ", " Longer-Name ".trim())).await;
        assert_eq!(same.wrong_fields(422), ["password"], "the password must not be the username");
    }
    for other in ["na me", "namé", "n", "name\u{0}", "\u{200b}name"] {
        guest.sign_in(credentials(other, PASSWORD)).await.problem(401);
        assert_eq!(guest.sign_up(credentials(other, PASSWORD)).await.wrong_fields(422), ["username"]);
    }
    let name = guest.sign_in(credentials("name", PASSWORD)).await;
    let name = guest.with_cookie(name.cookie());
    for spelling in ["Name", "name%20", "%EF%BB%BFname"] {
        assert_eq!(name.person(spelling).await.json(200)["username"], "name", "{spelling}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn composed_and_decomposed_passwords_are_the_same() {
    const COMPOSED: &str = "pässwörter";
    const DECOMPOSED: &str = "pa\u{308}sswo\u{308}rter";
    let cloud = TestCloud::start().await;
    Client::found(&cloud).await;
    let guest = Client::guest(&cloud);
    for (username, one, other) in [("ada", COMPOSED, DECOMPOSED), ("bob", DECOMPOSED, COMPOSED)] {
        let response = guest.sign_up(credentials(username, one)).await;
        response.json(201);
        guest.sign_in(credentials(username, other)).await.json(200);
        guest.sign_in(credentials(username, "passworter")).await.problem(401);
        let user = guest.with_cookie(response.cookie());
        let changed = user.change_password(other, "u\u{308}ber die Berge").await;
        changed.json(200);
        let user = user.with_cookie(changed.cookie());
        user.delete_account("über die berge").await.problem(403);
        user.delete_account("über die Berge").await.empty(204);
    }
    // A length is counted in composed characters.
    for short in ["ü".repeat(7), "u\u{308}".repeat(7)] {
        assert_eq!(guest.sign_up(credentials("carol", &short)).await.wrong_fields(422), ["password"]);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn signing_in_ignores_a_planted_cookie() {
    let cloud = TestCloud::start().await;
    Client::signed_up(&cloud, "ada").await;
    let planted = Client::guest(&cloud).with_cookie(&format!("__Host-notes-session=ada.{}", "A".repeat(43)));
    let response = planted.sign_in(credentials("ada", PASSWORD)).await;
    response.json(200);
    assert!(!response.cookie().ends_with(&"A".repeat(43)));
    planted.who_am_i().await.problem(401);
    cloud.stop().await;
}

#[tokio::test]
async fn an_unknown_user_and_a_wrong_password_have_the_same_response() {
    let cloud = TestCloud::start().await;
    Client::signed_up(&cloud, "ada").await;
    let guest = Client::guest(&cloud);
    let wrong = guest.sign_in(credentials("ada", "wrong password")).await;
    // The responses differ only in the id of the request.
    let without_request_id = |response: &Response| {
        let mut problem = response.problem(401);
        assert!(problem.as_object_mut().unwrap().remove("requestId").is_some_and(|id| id != ""));
        problem
    };
    let expected = without_request_id(&wrong);
    assert_eq!(wrong.header("set-cookie"), "");
    for attempt in [
        credentials("bob", PASSWORD),
        // No account can have this username or these passwords.
        credentials("no such name", PASSWORD),
        credentials("ada", "short"),
        credentials("ada", &"p".repeat(129)),
    ] {
        let response = guest.sign_in(attempt).await;
        assert_eq!(without_request_id(&response), expected);
        assert_eq!(response.header("set-cookie"), "");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn invalid_members_of_a_sign_in_are_reported_by_name() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    assert_eq!(guest.sign_in(json!({})).await.wrong_fields(422), ["password", "username"]);
    let numbers = json!({ "username": 1, "password": ["p"], "remember": true });
    assert_eq!(guest.sign_in(numbers).await.wrong_fields(422), ["password", "remember", "username"]);
    cloud.stop().await;
}

#[tokio::test]
async fn a_failed_sign_in_keeps_the_current_session() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.sign_in(credentials("ada", "wrong password")).await.problem(401);
    ada.who_am_i().await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn signing_out_deletes_the_row_and_clears_the_cookie() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let response = ada.sign_out().await;
    response.empty(204);
    let cleared = "__Host-notes-session=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0";
    assert_eq!(response.header("set-cookie"), cleared);
    assert!(cloud.rows("Sessions").await.is_empty());
    ada.who_am_i().await.problem(401);
    ada.sign_out().await.problem(401);
    cloud.stop().await;
}

#[tokio::test]
async fn signing_out_keeps_the_other_sessions() {
    let cloud = TestCloud::start().await;
    let laptop = Client::signed_up(&cloud, "ada").await;
    let response = Client::guest(&cloud).sign_in(credentials("ada", PASSWORD)).await;
    let phone = laptop.with_cookie(response.cookie());
    laptop.sign_out().await.empty(204);
    phone.who_am_i().await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn an_expired_session_is_refused_even_if_its_row_exists() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let row = cloud.rows("Sessions").await.remove(0);
    let now = jiff::Timestamp::now().as_second();
    let expire = cloud
        .dynamodb()
        .update_item()
        .table_name("Sessions")
        .key("username", row["username"].clone())
        .key("id", row["id"].clone())
        .update_expression("SET expires = :now")
        .expression_attribute_values(":now", AttributeValue::N(now.to_string()));
    expire.send().await.unwrap();
    ada.who_am_i().await.problem(401);
    ada.list("").await.problem(401);
    cloud.stop().await;
}

#[tokio::test]
async fn a_use_after_an_hour_updates_the_row() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let before = cloud.leave_the_session_for_an_hour().await;
    ada.who_am_i().await.json(200);
    assert_ne!(cloud.rows("Sessions").await[0]["lastSeen"], before);
    assert_eq!(cloud.count("Http", "dynamodb:UpdateItem", "Sessions"), 1);
    cloud.stop().await;
}

#[tokio::test]
async fn every_route_except_sign_up_and_sign_in_requires_a_session() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    let forged = [
        guest.clone(),
        guest.with_cookie("__Host-notes-session="),
        guest.with_cookie("__Host-notes-session=%00"),
        guest.with_cookie(&format!("__Host-notes-session=ada.{}", "A".repeat(43))),
        guest.with_cookie(&format!("notes-session=ada.{}", "A".repeat(43))),
    ];
    for nobody in forged {
        let note = crate::support::client::draft("A", "");
        for response in [
            nobody.who_am_i().await,
            nobody.sign_out().await,
            nobody.list("").await,
            nobody.list("select=count").await,
            nobody.create(note.clone()).await,
            nobody.write("a", crate::support::client::ABSENT, note).await,
            nobody.read("a").await,
            nobody.destroy("a", ("if-match", "\"1\"")).await,
        ] {
            response.problem(401);
            assert_ne!(response.header("www-authenticate"), "");
        }
    }
    assert!(cloud.rows("Notes").await.is_empty());
    cloud.stop().await;
}

#[tokio::test]
async fn the_table_contains_no_token() {
    let cloud = TestCloud::start().await;
    let response = Client::guest(&cloud).sign_up(credentials("ada", PASSWORD)).await;
    let token = response.cookie().split_once("=ada.").unwrap().1;
    assert!(!format!("{:?}", cloud.rows("Sessions").await).contains(token));
    cloud.stop().await;
}
