//! Each event in `events/` for a socket, a stream or a schedule is one that its function understands. Those for HTTP make a visit,
//! in `tests/api`.

use serde_json::{Value, json};

use crate::support::{TestCloud, sample_events};

/// The function that an event is for, and what it answers in an empty cloud.
fn answer(event: &str) -> (&'static str, Value) {
    match event {
        "websocket-connect"
        | "websocket-join-home"
        | "websocket-leave-home"
        | "websocket-join-note"
        | "websocket-create-message"
        | "websocket-delete-message"
        | "websocket-ping"
        | "websocket-malformed"
        | "websocket-disconnect" => ("WebSocket", json!({ "statusCode": 200 })),
        "stream-note-created"
        | "stream-note-updated"
        | "stream-note-destroyed"
        | "stream-comment-created"
        | "stream-comment-destroyed"
        | "stream-connection-opened"
        | "stream-reader-joined"
        | "stream-reader-left"
        | "stream-session-ended"
        | "stream-session-expired" => ("Stream", json!({ "batchItemFailures": [] })),
        "keepalive-scheduled" => ("KeepAlive", Value::Null),
        unknown => panic!("events/{unknown}.json is of no function"),
    }
}

#[tokio::test]
async fn every_sample_event_is_understood_by_its_function() {
    let cloud = TestCloud::start().await;
    for (name, event) in sample_events().into_iter().filter(|(name, _)| !name.starts_with("http-")) {
        // The template's origin is a public one; here it is where the cloud serves.
        let event = event.replace("https://frontdoor.cloudfront.net", &cloud.address());
        let (function, wanted) = answer(&name);
        let got = cloud.invoke(function, &event).await;
        match wanted.as_object() {
            Some(fields) => {
                for (field, wanted) in fields {
                    assert_eq!(&got[field], wanted, "{name}: {got}");
                }
            }
            None => assert_eq!(got, wanted, "{name}"),
        }
    }
    cloud.stop().await;
}
