//! The sample events in `events/` for sockets, streams and the schedule: each function handles its events, although no
//! client is connected. `tests/samples` tests their effects in one visit, and `tests/api` tests those for HTTP.

use serde_json::{Value, json};

use crate::support::{TestCloud, sample_events, visit};

#[tokio::test]
async fn each_sample_event_is_handled_by_its_function() {
    let cloud = TestCloud::without_edge().await;
    let events = sample_events();
    for step in visit().into_iter().filter(|step| !step.event.starts_with("http-")) {
        // The events have a public origin. It becomes the local cloud's.
        let event = events[&step.event].replace("https://frontdoor.cloudfront.net", &cloud.address());
        let name = &step.event;
        match name.split('-').next().unwrap() {
            "websocket" => {
                let result = cloud.invoke("WebSocket", &event).await;
                assert_eq!(result["statusCode"], step.status.unwrap(), "{name}: {result}");
            }
            function @ ("merge" | "stream") => {
                let function = if function == "merge" { "Merge" } else { "Stream" };
                let result = cloud.invoke(function, &event).await;
                assert_eq!(result, json!({ "batchItemFailures": [] }), "{name}");
            }
            "keepalive" => assert_eq!(cloud.invoke("KeepAlive", &event).await, Value::Null, "{name}"),
            _ => panic!("events/{name}.json belongs to no function"),
        }
    }
    cloud.stop().await;
}
