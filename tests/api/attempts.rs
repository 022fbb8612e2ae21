//! Guessing passwords and codes, and making accounts by the dozen.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::{Value, json};

use crate::support::client::{Client, PASSWORD, credentials};
use crate::support::{Answer, TestCloud};

async fn with(parameter: &str, value: &str) -> TestCloud {
    let parameter = (parameter.to_owned(), value.to_owned());
    TestCloud::with(|options| options.parameters.extend([parameter])).await
}

/// How many seconds a refused attempt is told to wait, by the header and in words.
#[track_caller]
fn retry_after(answer: &Answer) -> u64 {
    let problem = answer.problem(429);
    assert!(problem["detail"].as_str().unwrap().contains("Try again in "), "{problem}");
    answer.header("retry-after").parse().unwrap()
}

/// Changes until when somebody has to wait, which they have to: so that it is of no account how fast the test is.
async fn wait_until(cloud: &TestCloud, name: &str, until: jiff::Timestamp) {
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
async fn after_five_wrong_passwords_even_the_right_one_waits() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let guest = Client::guest(&cloud);
    for name in ["ada", "nobody"] {
        for _ in 0..5 {
            guest.sign_in(credentials(name, "battery staple")).await.problem(401);
        }
        wait_until(&cloud, name, jiff::Timestamp::now() + jiff::SignedDuration::from_hours(1)).await;
        let answer = guest.sign_in(credentials(name, PASSWORD)).await;
        assert!((3000..=3600).contains(&retry_after(&answer)), "{name}: {answer:?}");
    }
    // Whoever is in is still in, and nobody else waits.
    ada.who_am_i().await.json(200);
    Client::signed_up(&cloud, "bob").await;
    wait_until(&cloud, "ada", jiff::Timestamp::UNIX_EPOCH).await;
    guest.sign_in(credentials("ada", PASSWORD)).await.json(200);
    guest.sign_in(credentials("ada", "battery staple")).await.problem(401);
    cloud.stop().await;
}

#[tokio::test]
async fn so_many_accounts_may_be_made_from_one_address() {
    let cloud = with("SignUpsPerHour", "2").await;
    let guest = Client::guest(&cloud);
    // What is refused before it is tried is no try.
    guest.sign_up(credentials("ada", "password")).await.problem(422);
    guest.sign_up(credentials("ada", PASSWORD)).await.json(201);
    guest.sign_up(credentials("ada", PASSWORD)).await.problem(409);
    let third = guest.sign_up(credentials("bob", PASSWORD)).await;
    assert!((3000..=3601).contains(&retry_after(&third)), "{third:?}");
    // Who says to come from elsewhere does not.
    let elsewhere =
        guest.request(reqwest::Method::POST, "/api/users").header("x-forwarded-for", "203.0.113.7");
    Answer::to(elsewhere.json(&credentials("bob", PASSWORD))).await.problem(429);
    guest.sign_in(credentials("ada", PASSWORD)).await.json(200);
    cloud.stop().await;
}

fn with_code(code: Value) -> Value {
    let mut newcomer = credentials("ada", PASSWORD);
    newcomer["code"] = code;
    newcomer
}

#[tokio::test]
async fn where_a_team_has_a_code_nobody_signs_up_without() {
    let cloud = with("SignUpCode", "open sesame").await;
    let guest = Client::guest(&cloud);
    for newcomer in [credentials("ada", PASSWORD), with_code(json!("")), with_code(json!("open barley"))] {
        assert_eq!(guest.sign_up(newcomer).await.wrong_fields(403), ["code"]);
    }
    assert_eq!(guest.sign_up(with_code(json!(7))).await.wrong_fields(422), ["code"]);
    let rows = cloud.rows("Users").await;
    assert!(rows.iter().all(|row| !row.contains_key("passwordHash")), "{rows:?}");
    guest.sign_up(with_code(json!("open sesame"))).await.json(201);
    guest.sign_in(credentials("ada", PASSWORD)).await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn guessing_the_code_is_counted() {
    let cloud = TestCloud::with(|options| {
        options.parameters.insert("SignUpCode".into(), "open sesame".into());
        options.parameters.insert("SignUpsPerHour".into(), "3".into());
    })
    .await;
    let guest = Client::guest(&cloud);
    for guess in ["a", "b", "c"] {
        guest.sign_up(with_code(json!(guess))).await.problem(403);
    }
    guest.sign_up(with_code(json!("open sesame"))).await.problem(429);
    cloud.stop().await;
}

#[tokio::test]
async fn a_code_is_the_same_however_its_characters_are_composed() {
    let cloud = with("SignUpCode", "Öffne dich").await;
    let guest = Client::guest(&cloud);
    assert_eq!(guest.sign_up(with_code(json!("Offne dich"))).await.wrong_fields(403), ["code"]);
    guest.sign_up(with_code(json!("O\u{308}ffne dich"))).await.json(201);
    cloud.stop().await;
}
