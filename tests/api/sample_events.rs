//! The sample events of the HTTP function, in a cloud with their session and their note.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::client::{Client, credentials};
use crate::support::{TestCloud, begin_the_samples_session, sample_events, visit};

fn sample(name: &str) -> String {
    sample_events()
        .remove(&format!("http-{name}"))
        .unwrap_or_else(|| panic!("events/http-{name}.json is missing"))
}

#[test]
fn the_visit_contains_every_sample_event() {
    let samples: BTreeSet<_> = sample_events().into_keys().collect();
    let visit: BTreeSet<_> = visit().into_iter().map(|step| step.event).collect();
    assert_eq!(samples, visit);
}

#[tokio::test]
async fn the_sample_events_can_be_sent_in_order() {
    let cloud = TestCloud::without_edge().await;
    let events = sample_events();
    for step in visit().into_iter().filter(|step| step.event.starts_with("http-")) {
        // Some events end the session.
        begin_the_samples_session(&cloud).await;
        let response = cloud.invoke("Http", &events[&step.event]).await;
        assert_eq!(response["statusCode"], step.status.unwrap(), "{}: {response}", step.event);
        // Text is not encoded in base64. The gateway treats newline-delimited JSON as binary.
        let is_binary = ["http-page", "http-export", "http-import"].contains(&step.event.as_str());
        assert!(is_binary || response["isBase64Encoded"] != Value::Bool(true), "{}: {response}", step.event);
        let body = response["body"].as_str().unwrap_or_default();
        assert!(is_binary || body.contains(&step.body), "{}: {response}", step.event);
    }
    cloud.stop().await;
}

#[tokio::test]
async fn the_password_of_the_samples_can_sign_in() {
    let cloud = TestCloud::without_edge().await;
    cloud.invoke("Http", &sample("sign-up")).await;
    let guest = Client::guest(&cloud);
    let session = guest.sign_in(credentials("ada", "correct horse battery")).await.json(200);
    assert_eq!(session["displayName"], "Ada Lovelace");
    cloud.stop().await;
}

#[tokio::test]
async fn a_badly_encoded_query_is_422() {
    let cloud = TestCloud::without_edge().await;
    begin_the_samples_session(&cloud).await;
    for query in
        ["limit=<1>", "limit=\"", "limit=ä", "limit= 1", "limit=\u{1}", "limit=#", "limit=%", "limit=%ff"]
    {
        let mut event: Value = serde_json::from_str(&sample("list-notes")).unwrap();
        event["rawQueryString"] = query.into();
        let response = cloud.invoke("Http", &event.to_string()).await;
        assert_eq!(response["statusCode"], 422, "{query:?}: {response}");
    }
    cloud.stop().await;
}
