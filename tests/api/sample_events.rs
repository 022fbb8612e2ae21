//! The sample events of the HTTP function, in a cloud where their session and their note are there.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::support::client::{Client, credentials};
use crate::support::{TestCloud, begin_the_samples_session, sample_events, visit};

fn sample(name: &str) -> String {
    sample_events()
        .remove(&format!("http-{name}"))
        .unwrap_or_else(|| panic!("events/http-{name}.json is not there"))
}

#[test]
fn every_sample_event_is_part_of_the_visit() {
    let samples: BTreeSet<_> = sample_events().into_keys().collect();
    let visit: BTreeSet<_> = visit().into_iter().map(|step| step.event).collect();
    assert_eq!(samples, visit);
}

#[tokio::test]
async fn the_sample_events_make_a_visit() {
    let cloud = TestCloud::start().await;
    let events = sample_events();
    for step in visit().into_iter().filter(|step| step.event.starts_with("http-")) {
        // Some of them end it.
        begin_the_samples_session(&cloud).await;
        let answer = cloud.invoke("Http", &events[&step.event]).await;
        assert_eq!(answer["statusCode"], step.status.unwrap(), "{}: {answer}", step.event);
        // Text goes to the gateway as text, and cookies in their place. Lines of JSON are not text to it.
        let is_binary = ["http-page", "http-export", "http-import"].contains(&step.event.as_str());
        assert!(is_binary || answer["isBase64Encoded"] != Value::Bool(true), "{}: {answer}", step.event);
        let body = answer["body"].as_str().unwrap_or_default();
        assert!(is_binary || body.contains(&step.body), "{}: {answer}", step.event);
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
