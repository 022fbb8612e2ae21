//! Limits for attempts to guess passwords and codes, and to create accounts.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};

use crate::support::client::{Client, PASSWORD, credentials};
use crate::support::{Response, TestCloud, sample_events};

async fn start_with(parameters: &[(&str, &str)]) -> TestCloud {
    let parameters = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    TestCloud::with(|options| options.parameters.extend(parameters)).await
}

/// Returns the seconds in `Retry-After`. Asserts that the detail mentions a wait too.
#[track_caller]
fn retry_after(response: &Response) -> u64 {
    let problem = response.problem(429);
    assert!(problem["detail"].as_str().unwrap().contains("Try again in "), "{problem}");
    response.header("retry-after").parse().unwrap()
}

/// Changes the end of the wait of a count that has five failures, so that the speed of the test does not matter. `prefix` is
/// the beginning of its name.
async fn set_end_of_wait(cloud: &TestCloud, prefix: &str, until: jiff::Timestamp) {
    let rows = cloud.rows("Users").await;
    let names = rows.iter().map(|row| row["username"].as_s().unwrap());
    let [name] = names.filter(|name| name.starts_with(prefix)).collect::<Vec<_>>()[..] else {
        panic!("no count {prefix} in {rows:?}")
    };
    let update = cloud.dynamodb().update_item().table_name("Users");
    let update = update.key("username", AttributeValue::S(name.clone()));
    let update = update.condition_expression("#count = :five").update_expression("SET #until = :until");
    let update =
        update.expression_attribute_names("#count", "count").expression_attribute_names("#until", "until");
    let update = update.expression_attribute_values(":five", AttributeValue::N("5".into()));
    let until = AttributeValue::S(until.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string());
    update.expression_attribute_values(":until", until).send().await.expect("five attempts are counted");
}

/// Makes a wait last.
async fn time_stands(cloud: &TestCloud, prefix: &str) {
    set_end_of_wait(cloud, prefix, jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1)).await;
}

/// Signs in from another address than this machine's, and returns the status.
async fn sign_in_from(cloud: &TestCloud, address: &str, credentials: Value) -> Value {
    let mut event: Value = serde_json::from_str(&sample_events()["http-sign-in"]).unwrap();
    // As CloudFront sends it: with its secret, and with the client's address before its own.
    event["headers"]["x-front-door"] = sam_template::STACK_ID.into();
    event["headers"]["x-forwarded-for"] = format!("{address}, 198.51.100.23").into();
    event["body"] = credentials.to_string().into();
    cloud.invoke("Http", &event.to_string()).await["statusCode"].take()
}

#[tokio::test]
async fn after_five_wrong_passwords_even_the_right_one_must_wait() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let guest = Client::guest(&cloud);
    for name in ["ada", "nobody"] {
        for _ in 0..5 {
            guest.sign_in(credentials(name, "battery staple")).await.problem(401);
        }
        time_stands(&cloud, &format!("attempts#{name}#network#")).await;
        let response = guest.sign_in(credentials(name, PASSWORD)).await;
        assert!((3000..=3600).contains(&retry_after(&response)), "{name}: {response:?}");
    }
    // Existing sessions continue, and other users do not wait.
    ada.who_am_i().await.json(200);
    Client::signed_up(&cloud, "bob").await;
    set_end_of_wait(&cloud, "attempts#ada#network#", jiff::Timestamp::UNIX_EPOCH).await;
    guest.sign_in(credentials("ada", PASSWORD)).await.json(200);
    guest.sign_in(credentials("ada", "battery staple")).await.problem(401);
    cloud.stop().await;
}

#[tokio::test]
async fn strangers_at_other_addresses_do_not_keep_a_user_out() {
    let cloud = TestCloud::start().await;
    Client::signed_up(&cloud, "ada").await;
    let elsewhere = "203.0.113.7";
    for _ in 0..5 {
        assert_eq!(sign_in_from(&cloud, elsewhere, credentials("ada", "battery staple")).await, 401);
    }
    time_stands(&cloud, "attempts#ada#network#203.0.113.7").await;
    assert_eq!(sign_in_from(&cloud, elsewhere, credentials("ada", PASSWORD)).await, 429);
    assert_eq!(sign_in_from(&cloud, "203.0.113.8", credentials("ada", PASSWORD)).await, 200);
    Client::guest(&cloud).sign_in(credentials("ada", PASSWORD)).await.json(200);
    assert_eq!(sign_in_from(&cloud, elsewhere, credentials("ada", PASSWORD)).await, 429);
    cloud.stop().await;
}

#[tokio::test]
async fn strangers_on_the_same_network_keep_neither_a_known_browser_nor_a_session_out() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    let signed_up = guest.sign_up(credentials("ada", PASSWORD)).await;
    let browser = guest.with_cookie(&signed_up.cookies());
    for _ in 0..5 {
        guest.sign_in(credentials("ada", "battery staple")).await.problem(401);
    }
    time_stands(&cloud, "attempts#ada#network#").await;
    guest.sign_in(credentials("ada", PASSWORD)).await.problem(429);
    // A browser that has signed out is still known.
    browser.sign_out().await.empty(204);
    let signed_in = browser.sign_in(credentials("ada", PASSWORD)).await;
    signed_in.json(200);
    let browser = browser.with_cookie(&signed_in.cookies());
    let changed = browser.change_password(PASSWORD, "another horse").await;
    changed.json(200);
    // The browser's former cookie is a stranger's from now on.
    browser.sign_in(credentials("ada", "another horse")).await.problem(429);
    let browser = browser.with_cookie(&changed.cookies());

    // The prompts of the session have their own count, even of this browser.
    for _ in 0..5 {
        browser.change_password("battery staple", PASSWORD).await.problem(403);
    }
    time_stands(&cloud, "attempts#ada#session#").await;
    retry_after(&browser.delete_account("another horse").await);
    let signed_in = browser.sign_in(credentials("ada", "another horse")).await;
    signed_in.json(200);
    browser.with_cookie(&signed_in.cookies()).change_password("another horse", PASSWORD).await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn sign_ups_per_address_are_limited() {
    let cloud = start_with(&[("SignUpsPerHour", "2")]).await;
    let guest = Client::guest(&cloud);
    // An invalid request does not count as an attempt.
    guest.sign_up(credentials("ada", "password")).await.problem(422);
    guest.sign_up(credentials("ada", PASSWORD)).await.json(201);
    guest.sign_up(credentials("ada", PASSWORD)).await.problem(409);
    let third = guest.sign_up(credentials("bob", PASSWORD)).await;
    assert!((3000..=3601).contains(&retry_after(&third)), "{third:?}");
    // A forwarded address that the client itself claims is ignored.
    let elsewhere =
        guest.request(reqwest::Method::POST, "/api/users").header("x-forwarded-for", "203.0.113.7");
    Response::to(elsewhere.json(&credentials("bob", PASSWORD))).await.problem(429);
    guest.sign_in(credentials("ada", PASSWORD)).await.json(200);
    cloud.stop().await;
}

fn with_code(code: Value) -> Value {
    let mut request = credentials("ada", PASSWORD);
    request["code"] = code;
    request
}

#[tokio::test]
async fn signing_up_requires_the_teams_code() {
    let cloud = start_with(&[("SignUp", "code"), ("SignUpCode", "open sesame")]).await;
    let guest = Client::guest(&cloud);
    for request in [credentials("ada", PASSWORD), with_code(json!("")), with_code(json!("open barley"))] {
        assert_eq!(guest.sign_up(request).await.wrong_fields(403), ["code"]);
    }
    assert_eq!(guest.sign_up(with_code(json!(7))).await.wrong_fields(422), ["code"]);
    let rows = cloud.rows("Users").await;
    assert!(rows.iter().all(|row| !row.contains_key("passwordHash")), "{rows:?}");
    guest.sign_up(with_code(json!("open sesame"))).await.json(201);
    guest.sign_in(credentials("ada", PASSWORD)).await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn wrong_codes_count_as_sign_up_attempts() {
    let parameters = [("SignUp", "code"), ("SignUpCode", "open sesame"), ("SignUpsPerHour", "3")];
    let cloud = start_with(&parameters).await;
    let guest = Client::guest(&cloud);
    for guess in ["a", "b", "c"] {
        guest.sign_up(with_code(json!(guess))).await.problem(403);
    }
    guest.sign_up(with_code(json!("open sesame"))).await.problem(429);
    cloud.stop().await;
}

#[tokio::test]
async fn composed_and_decomposed_codes_are_the_same() {
    let cloud = start_with(&[("SignUp", "code"), ("SignUpCode", "Öffne dich")]).await;
    let guest = Client::guest(&cloud);
    assert_eq!(guest.sign_up(with_code(json!("Offne dich"))).await.wrong_fields(403), ["code"]);
    guest.sign_up(with_code(json!("O\u{308}ffne dich"))).await.json(201);
    cloud.stop().await;
}
