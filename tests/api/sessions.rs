//! Signing in and out.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::json;

use crate::support::client::PASSWORD;
use crate::support::client::{Client, credentials};
use crate::support::{Answer, TestCloud};

#[tokio::test]
async fn the_cookie_has_every_attribute_that_keeps_it_safe() {
    let cloud = TestCloud::start().await;
    let answer = Client::guest(&cloud).sign_up(credentials("ada", PASSWORD)).await;
    let mut attributes: Vec<&str> = answer.header("set-cookie").split("; ").collect();
    let (name, token) = attributes.remove(0).split_once('=').unwrap();
    assert_eq!(name, "__Host-notes-session");
    // Whose it is, and 256 bits in base64url.
    let secret = token.strip_prefix("ada.").unwrap();
    assert_eq!(secret.len(), 43);
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax", "Secure"]);
    cloud.stop().await;
}

#[tokio::test]
async fn the_cookies_name_is_the_templates() {
    let cloud = TestCloud::with(|options| {
        options.parameters.insert("SessionCookie".into(), "__Host-other".into());
    })
    .await;
    let guest = Client::guest(&cloud);
    let answer = guest.sign_up(credentials("ada", PASSWORD)).await;
    assert!(answer.cookie().starts_with("__Host-other="), "{answer:?}");
    guest.with_cookie(answer.cookie()).who_am_i().await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn a_session_says_who_and_until_when() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let session = ada.who_am_i().await.json(200);
    assert_eq!(session.as_object().unwrap().len(), 3);
    assert_eq!((&session["username"], &session["displayName"]), (&json!("ada"), &json!("ada")));
    let expires: jiff::Timestamp = session["expires"].as_str().unwrap().parse().unwrap();
    let left = expires.as_second() - jiff::Timestamp::now().as_second();
    // If it is not used before; its cookie is kept for as long as it can last at all.
    let lifetime = 14 * 24 * 60 * 60;
    assert!((lifetime - 60..=lifetime).contains(&left), "{session}");
    cloud.stop().await;
}

#[tokio::test]
async fn signing_in_makes_a_fresh_session_and_ends_the_one_of_the_requests_cookie() {
    let cloud = TestCloud::start().await;
    let first = Client::signed_up(&cloud, "ada").await;
    let answer = first.sign_in(credentials("ADA", PASSWORD)).await;
    assert_eq!(answer.json(200)["username"], "ada");
    let second = first.with_cookie(answer.cookie());
    second.who_am_i().await.json(200);
    first.who_am_i().await.problem(401);
    assert_eq!(cloud.rows("Sessions").await.len(), 1);
    cloud.stop().await;
}

#[tokio::test]
async fn a_username_is_the_same_in_every_spelling_wherever_it_is_typed() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    assert_eq!(guest.sign_up(credentials(" Name\t", PASSWORD)).await.json(201)["username"], "name");
    for spelling in ["name", "Name", "NAME", "name ", " name", "\u{feff}name\u{a0}", "name\n", "\u{85}Name "]
    {
        let answer = guest.sign_in(credentials(spelling, PASSWORD)).await;
        assert_eq!(answer.json(200)["username"], "name", "{spelling:?}");
        let taken = guest.sign_up(credentials(spelling, PASSWORD)).await;
        assert_eq!(taken.wrong_fields(409), ["username"], "{spelling:?}");
        let same = guest.sign_up(credentials(" Longer-Name ", " Longer-Name ".trim())).await;
        assert_eq!(same.wrong_fields(422), ["password"], "the username is no password");
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
async fn a_password_is_the_same_however_its_characters_are_composed() {
    const COMPOSED: &str = "pässwörter";
    const DECOMPOSED: &str = "pa\u{308}sswo\u{308}rter";
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    for (username, one, other) in [("ada", COMPOSED, DECOMPOSED), ("bob", DECOMPOSED, COMPOSED)] {
        let answer = guest.sign_up(credentials(username, one)).await;
        answer.json(201);
        guest.sign_in(credentials(username, other)).await.json(200);
        guest.sign_in(credentials(username, "passworter")).await.problem(401);
        let user = guest.with_cookie(answer.cookie());
        let changed = user.change_password(other, "u\u{308}ber die Berge").await;
        changed.json(200);
        let user = user.with_cookie(changed.cookie());
        user.delete_account("über die berge").await.problem(403);
        user.delete_account("über die Berge").await.empty(204);
    }
    // Seven characters are seven, in either form; the same form is looked up among the common ones.
    for short in ["ü".repeat(7), "u\u{308}".repeat(7)] {
        assert_eq!(guest.sign_up(credentials("carol", &short)).await.wrong_fields(422), ["password"]);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_cookie_that_somebody_planted_is_not_the_session_that_follows() {
    let cloud = TestCloud::start().await;
    Client::signed_up(&cloud, "ada").await;
    let planted = Client::guest(&cloud).with_cookie(&format!("__Host-notes-session=ada.{}", "A".repeat(43)));
    let answer = planted.sign_in(credentials("ada", PASSWORD)).await;
    answer.json(200);
    assert!(!answer.cookie().ends_with(&"A".repeat(43)));
    planted.who_am_i().await.problem(401);
    cloud.stop().await;
}

#[tokio::test]
async fn an_unknown_user_and_a_wrong_password_are_answered_alike() {
    let cloud = TestCloud::start().await;
    Client::signed_up(&cloud, "ada").await;
    let guest = Client::guest(&cloud);
    let wrong = guest.sign_in(credentials("ada", "wrong password")).await;
    // All but the name of the request.
    let told = |answer: &Answer| {
        let mut problem = answer.problem(401);
        assert!(problem.as_object_mut().unwrap().remove("requestId").is_some_and(|id| id != ""));
        problem
    };
    let said = told(&wrong);
    assert_eq!(wrong.header("set-cookie"), "");
    for attempt in [
        credentials("bob", PASSWORD),
        // Nobody can be called that, or have that password.
        credentials("no such name", PASSWORD),
        credentials("ada", "short"),
        credentials("ada", &"p".repeat(129)),
    ] {
        let answer = guest.sign_in(attempt).await;
        assert_eq!(told(&answer), said);
        assert_eq!(answer.header("set-cookie"), "");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn signing_in_with_the_wrong_members_is_refused_by_name() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    assert_eq!(guest.sign_in(json!({})).await.wrong_fields(422), ["password", "username"]);
    let numbers = json!({ "username": 1, "password": ["p"], "remember": true });
    assert_eq!(guest.sign_in(numbers).await.wrong_fields(422), ["password", "remember", "username"]);
    cloud.stop().await;
}

#[tokio::test]
async fn a_failed_sign_in_leaves_the_session_that_was() {
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
    let answer = ada.sign_out().await;
    answer.empty(204);
    let cleared = "__Host-notes-session=; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=0";
    assert_eq!(answer.header("set-cookie"), cleared);
    assert!(cloud.rows("Sessions").await.is_empty());
    ada.who_am_i().await.problem(401);
    ada.sign_out().await.problem(401);
    cloud.stop().await;
}

#[tokio::test]
async fn signing_out_ends_one_session_and_not_the_others() {
    let cloud = TestCloud::start().await;
    let laptop = Client::signed_up(&cloud, "ada").await;
    let answer = Client::guest(&cloud).sign_in(credentials("ada", PASSWORD)).await;
    let phone = laptop.with_cookie(answer.cookie());
    laptop.sign_out().await.empty(204);
    phone.who_am_i().await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn an_expired_session_is_none_though_its_row_still_stands() {
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
async fn the_first_use_after_a_while_is_put_down_in_the_row() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let before = cloud.leave_the_session_for_an_hour().await;
    ada.who_am_i().await.json(200);
    assert_ne!(cloud.rows("Sessions").await[0]["lastSeen"], before);
    assert_eq!(cloud.count("Http", "dynamodb:UpdateItem", "Sessions"), 1);
    cloud.stop().await;
}

#[tokio::test]
async fn all_but_signing_up_and_in_wants_a_session() {
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
        for answer in [
            nobody.who_am_i().await,
            nobody.sign_out().await,
            nobody.list("").await,
            nobody.list("select=count").await,
            nobody.create(note.clone()).await,
            nobody.write("a", crate::support::client::ABSENT, note).await,
            nobody.read("a").await,
            nobody.destroy("a", ("if-match", "\"1\"")).await,
        ] {
            answer.problem(401);
            assert_ne!(answer.header("www-authenticate"), "");
        }
    }
    assert!(cloud.rows("Notes").await.is_empty());
    cloud.stop().await;
}

#[tokio::test]
async fn no_token_stands_in_the_table() {
    let cloud = TestCloud::start().await;
    let answer = Client::guest(&cloud).sign_up(credentials("ada", PASSWORD)).await;
    let token = answer.cookie().split_once("=ada.").unwrap().1;
    assert!(!format!("{:?}", cloud.rows("Sessions").await).contains(token));
    cloud.stop().await;
}
