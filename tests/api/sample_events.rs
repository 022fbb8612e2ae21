//! The sample events of the HTTP function, in a cloud where their session and their note are there.

use aws_sdk_dynamodb::types::AttributeValue;
use serde_json::Value;

use crate::support::client::{Client, credentials};
use crate::support::{TestCloud, sample_events};

/// The id of the session whose token the samples carry: its SHA-256.
const SESSION: &str = "Do4m69Sljs2zNO3J-Ts4RJAwVGsPJQKZ6cfxJy8yejI";

/// The samples in the order of a visit, and what the function answers to each.
const VISIT: [(&str, u16); 23] = [
    ("page", 200),
    ("sign-up", 201),
    ("sign-in", 200),
    ("who-am-i", 200),
    ("show-user", 200),
    ("list-sessions", 200),
    ("end-other-sessions", 204),
    ("create-note", 201),
    ("create-note-under-key", 201),
    ("read-note", 200),
    ("list-comments", 200),
    ("list-notes", 200),
    ("count-notes", 200),
    ("update-note", 200),
    ("export", 200),
    ("import", 200),
    // Its version is the one before the update.
    ("destroy-note", 412),
    ("sign-out", 204),
    ("end-session", 204),
    ("change-password", 200),
    ("delete-account", 204),
    ("describe-problem", 200),
    ("describe-api", 200),
];

fn sample(name: &str) -> String {
    sample_events()
        .remove(&format!("http-{name}"))
        .unwrap_or_else(|| panic!("events/http-{name}.json is not there"))
}

#[test]
fn every_sample_event_is_part_of_the_visit() {
    let samples = sample_events().into_keys().filter_map(|name| Some(name.strip_prefix("http-")?.to_owned()));
    let mut visit = VISIT.map(|(name, _)| name.to_owned());
    visit.sort();
    assert_eq!(samples.collect::<Vec<_>>(), visit);
}

/// Gives the samples' token a session.
async fn begin_the_samples_session(cloud: &TestCloud) {
    let expires = jiff::Timestamp::now().as_second() + 60;
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let put = cloud
        .dynamodb()
        .put_item()
        .table_name("Sessions")
        .item("username", text("ada"))
        .item("id", text(SESSION))
        .item("displayName", text("Ada Lovelace"))
        .item("created", text(&jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()))
        .item("lastSeen", text(&jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()))
        .item("address", text("203.0.113.7"))
        .item("agent", text("A browser"))
        .item("expires", AttributeValue::N(expires.to_string()));
    put.send().await.unwrap();
}

#[tokio::test]
async fn the_sample_events_make_a_visit() {
    let cloud = TestCloud::start().await;
    for (name, status) in VISIT {
        // Some of them end it.
        begin_the_samples_session(&cloud).await;
        let answer = cloud.invoke("Http", &sample(name)).await;
        assert_eq!(answer["statusCode"], status, "{name}: {answer}");
        // Text goes to the gateway as text, and cookies in their place. Lines of JSON are not text to it.
        let is_binary = ["page", "export", "import"].contains(&name);
        assert!(is_binary || answer["isBase64Encoded"] != Value::Bool(true), "{name}: {answer}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn the_password_of_the_samples_is_one_that_can_sign_in() {
    let cloud = TestCloud::start().await;
    cloud.invoke("Http", &sample("sign-up")).await;
    let guest = Client::guest(&cloud);
    let session = guest.sign_in(credentials("ada", "correct horse battery")).await.json(200);
    assert_eq!(session["displayName"], "Ada Lovelace");
    cloud.stop().await;
}

#[tokio::test]
async fn a_badly_written_query_is_answered_like_any_other() {
    let cloud = TestCloud::start().await;
    begin_the_samples_session(&cloud).await;
    for query in
        ["limit=<1>", "limit=\"", "limit=ä", "limit= 1", "limit=\u{1}", "limit=#", "limit=%", "limit=%ff"]
    {
        let mut event: Value = serde_json::from_str(&sample("list-notes")).unwrap();
        event["rawQueryString"] = query.into();
        let answer = cloud.invoke("Http", &event.to_string()).await;
        assert_eq!(answer["statusCode"], 422, "{query:?}: {answer}");
    }
    cloud.stop().await;
}
