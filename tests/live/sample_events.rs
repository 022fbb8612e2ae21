//! Each event in `events/` for a socket, a stream or a schedule is one that its function understands, though nobody is
//! connected. What they are for is tested by the whole visit, in `tests/samples`; those for HTTP also in `tests/api`.

use serde_json::{Value, json};

use crate::support::{TestCloud, sample_events, visit};

#[tokio::test]
async fn every_sample_event_is_understood_by_its_function() {
    let cloud = TestCloud::start().await;
    let events = sample_events();
    for step in visit().into_iter().filter(|step| !step.event.starts_with("http-")) {
        // The events' origin is a public one; here it is where the cloud serves.
        let event = events[&step.event].replace("https://frontdoor.cloudfront.net", &cloud.address());
        let name = &step.event;
        match name.split('-').next().unwrap() {
            "websocket" => {
                let answer = cloud.invoke("WebSocket", &event).await;
                assert_eq!(answer["statusCode"], step.status.unwrap(), "{name}: {answer}");
            }
            "stream" => {
                let answer = cloud.invoke("Stream", &event).await;
                assert_eq!(answer, json!({ "batchItemFailures": [] }), "{name}");
            }
            "keepalive" => assert_eq!(cloud.invoke("KeepAlive", &event).await, Value::Null, "{name}"),
            _ => panic!("events/{name}.json is of no function"),
        }
    }
    cloud.stop().await;
}
