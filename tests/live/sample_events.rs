//! Each event in `events/` is one that the function it is named after understands.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::support::TestCloud;

/// What the function answers to an event, as far as it is certain: in an empty cloud, nobody is signed in.
fn answer(event: &str) -> Value {
    match event {
        "websocket-connect" | "websocket-join-home" | "websocket-leave-home" | "websocket-ping"
        | "websocket-malformed" | "websocket-disconnect" => json!({ "statusCode": 200 }),
        "stream-note-created" | "stream-note-updated" | "stream-note-destroyed" | "stream-connection-opened"
        | "stream-session-ended" | "stream-session-expired" => json!({ "batchItemFailures": [] }),
        "http-page" => json!({ "statusCode": 200 }),
        "http-sign-up" => json!({ "statusCode": 201 }),
        // Every other route wants a session, which the sample's cookie does not have here.
        http if http.starts_with("http-") => json!({ "statusCode": 401 }),
        unknown => panic!("events/{unknown}.json is of no function"),
    }
}

fn function(event: &str) -> &'static str {
    match event.split('-').next() {
        Some("http") => "Http",
        Some("websocket") => "WebSocket",
        _ => "Stream",
    }
}

fn samples() -> BTreeMap<String, String> {
    let folder = format!("{}/../../events", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

#[tokio::test]
async fn every_sample_event_is_understood_by_its_function() {
    let cloud = TestCloud::start().await;
    for (name, event) in samples() {
        // The template's origin is a public one; here it is where the cloud serves.
        let event = event.replace("https://frontdoor.cloudfront.net", &cloud.address());
        let got = cloud.invoke(function(&name), &event).await;
        for (field, wanted) in answer(&name).as_object().unwrap() {
            assert_eq!(&got[field], wanted, "{name}: {got}");
        }
    }
    cloud.stop().await;
}

#[test]
fn there_is_a_sample_for_every_kind_of_event() {
    let samples = samples();
    for function in ["http-", "websocket-", "stream-"] {
        assert!(samples.keys().any(|name| name.starts_with(function)), "{function}");
    }
}
