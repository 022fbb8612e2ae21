//! Limits for attempts to guess passwords and codes, and to create accounts.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};

use crate::support::client::{Client, PASSWORD, credentials};
use crate::support::{Response, TestCloud};

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

/// Changes the end of an existing wait, so that the speed of the test does not matter.
async fn set_end_of_wait(cloud: &TestCloud, name: &str, until: jiff::Timestamp) {
    let update = cloud.dynamodb().update_item().table_name("Users");
    let update = update.key("username", AttributeValue::S(format!("attempts#{name}")));
    let update = update.condition_expression("#count = :five").update_expression("SET #until = :until");
    let update =
        update.expression_attribute_names("#count", "count").expression_attribute_names("#until", "until");
    let update = update.expression_attribute_values(":five", AttributeValue::N("5".into()));
    let until = AttributeValue::S(until.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string());
    update.expression_attribute_values(":until", until).send().await.expect("five attempts are counted");
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
        set_end_of_wait(&cloud, name, jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1)).await;
        let response = guest.sign_in(credentials(name, PASSWORD)).await;
        assert!((3000..=3600).contains(&retry_after(&response)), "{name}: {response:?}");
    }
    // Existing sessions continue, and other users do not wait.
    ada.who_am_i().await.json(200);
    Client::signed_up(&cloud, "bob").await;
    set_end_of_wait(&cloud, "ada", jiff::Timestamp::UNIX_EPOCH).await;
    guest.sign_in(credentials("ada", PASSWORD)).await.json(200);
    guest.sign_in(credentials("ada", "battery staple")).await.problem(401);
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
