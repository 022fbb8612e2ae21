//! WebSocket APIs: handshake, messages, `@connections`, limits, and the end of a connection.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, StatusCode};
use http_body_util::Full;
use local_cloud::{Cloud, Options};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::running::{Gate, Socket, options, recorded, send, start};

crate::trials![
    a_message_reaches_the_function_and_its_post_reaches_the_client,
    only_the_connect_event_has_headers_and_query,
    a_connection_is_gone_until_connect_has_returned,
    the_response_to_connect_is_the_status_of_the_handshake,
    connect_chooses_the_subprotocol,
    a_client_that_leaves_during_connect_gets_a_disconnect_event,
    frames_arrive_in_the_order_in_which_they_were_posted,
    invocations_start_in_the_order_of_the_messages,
    the_disconnect_event_has_the_code_and_the_reason,
    a_client_that_disappears_gets_a_disconnect_event,
    a_deleted_connection_is_closed_and_gets_a_disconnect_event,
    a_connection_that_ended_is_gone,
    a_failed_function_is_an_error_message_to_the_client,
    a_message_takes_the_route_that_it_names_and_its_event_has_stage_variables,
    a_route_is_throttled_by_its_settings,
    connections_are_throttled_by_the_settings,
    binary_frames_close_the_connection,
    a_message_has_at_most_128_kib_and_a_frame_32,
    a_post_has_at_most_128_kib,
    a_slow_client_fills_its_buffer_and_gets_all_of_it,
    pings_are_answered,
    a_connection_can_be_described,
    unsigned_and_misdirected_calls_are_refused,
];

async fn connect(cloud: &Cloud) -> Socket {
    Socket::connect(cloud, "").await.unwrap()
}

async fn a_message_reaches_the_function_and_its_post_reaches_the_client() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    assert_eq!(socket.ask("hello").await, "hello");
    let posts = cloud.ledger().count(|call| call.caller == "Socket" && call.action == "execute-api:POST");
    assert_eq!(posts, 2, "one of them before the connection was open");
    cloud.stop().await;
}

async fn only_the_connect_event_has_headers_and_query() {
    let cloud = start().await;
    let mut socket = Socket::connect(&cloud, "a=1&b=2&a=3").await.unwrap();
    let message: Value = serde_json::from_str(&socket.ask("event").await).unwrap();
    assert_eq!(message["body"], "event");
    assert_eq!(message["requestContext"]["routeKey"], "$default");
    assert!(message.get("headers").is_none() && message.get("queryStringParameters").is_none());
    let id = message["requestContext"]["connectionId"].as_str().unwrap();
    let connect = &recorded(&cloud, id, "connect").await["event"];
    assert_eq!(connect["queryStringParameters"], json!({"a": "3", "b": "2"}));
    assert_eq!(connect["multiValueQueryStringParameters"]["a"], json!(["1", "3"]));
    assert_eq!(connect["headers"]["Host"], "socketapi.execute-api.us-east-1.amazonaws.com");
    assert_eq!(connect["headers"]["sec-websocket-version"], "13");
    assert_eq!(connect["requestContext"]["stage"], "live");
    cloud.stop().await;
}

async fn a_connection_is_gone_until_connect_has_returned() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    let id = socket.id().await;
    assert_eq!(recorded(&cloud, &id, "connect").await["early"], "GoneException");
    cloud.stop().await;
}

async fn the_response_to_connect_is_the_status_of_the_handshake() {
    let cloud = start().await;
    for (query, status) in
        [("response=401", 401), ("response=403", 403), ("response=503", 503), ("response=fail", 502)]
    {
        let response = Socket::connect(&cloud, query).await.err().unwrap();
        assert_eq!(response.status.as_u16(), status);
        assert!(response.body.is_empty() && !response.headers.contains_key("set-cookie"), "{response:?}");
    }
    assert!(Socket::connect(&cloud, "response=204").await.is_ok());
    cloud.stop().await;
}

async fn connect_chooses_the_subprotocol() {
    let cloud = start().await;
    // The client fails without a subprotocol, or with another one.
    let mut socket = Socket::connect(&cloud, "protocol=orders").await.unwrap();
    assert_eq!(socket.ask("hello").await, "hello");
    cloud.stop().await;
}

async fn a_client_that_leaves_during_connect_gets_a_disconnect_event() {
    let cloud = start().await;
    // The client leaves once the function is at work, which its post shows.
    let posted = async {
        loop {
            let calls = cloud.ledger().calls();
            if let Some(post) = calls.into_iter().find(|call| call.action == "execute-api:POST") {
                return post.resource;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let gate = Gate::new();
    let query = format!("gate={}", gate.path());
    let id = &tokio::select! {
        _ = Socket::connect(&cloud, &query) => panic!("it was accepted before it left"),
        id = posted => id,
    };
    gate.open();
    assert_eq!(recorded(&cloud, id, "disconnect").await["requestContext"]["disconnectStatusCode"], 1006);
    cloud.stop().await;
}

async fn frames_arrive_in_the_order_in_which_they_were_posted() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    socket.send("count 200").await;
    for number in 0..200 {
        assert_eq!(socket.text().await, number.to_string());
    }
    cloud.stop().await;
}

async fn invocations_start_in_the_order_of_the_messages() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    for number in 0..30 {
        socket.send(format!("event {number}")).await;
    }
    let mut started = Vec::new();
    for _ in 0..30 {
        let event: Value = serde_json::from_str(&socket.text().await).unwrap();
        started.push((
            event["requestContext"]["requestTimeEpoch"].as_u64(),
            event["body"].as_str().unwrap().to_owned(),
        ));
    }
    // Invocations overlap, so their posts may arrive in any order. The order of the invocations counts.
    started.sort_by_key(|(_, body)| body["event ".len()..].parse::<u32>().unwrap());
    assert!(started.is_sorted_by_key(|(time, _)| *time), "{started:?}");
    cloud.stop().await;
}

async fn the_disconnect_event_has_the_code_and_the_reason() {
    let cloud = start().await;
    let frame = CloseFrame { code: CloseCode::Library(4001), reason: "enough".into() };
    for (frame, code, reason) in
        [(Some(frame), 4001, "enough"), (None, 1005, "Client-side close frame status not set")]
    {
        let mut socket = connect(&cloud).await;
        let id = socket.id().await;
        socket.close(frame).await;
        let context = &recorded(&cloud, &id, "disconnect").await["requestContext"];
        assert_eq!(
            (&context["disconnectStatusCode"], &context["disconnectReason"]),
            (&json!(code), &json!(reason))
        );
        assert_eq!(context["routeKey"], "$disconnect");
    }
    cloud.stop().await;
}

async fn a_client_that_disappears_gets_a_disconnect_event() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    let id = socket.id().await;
    drop(socket);
    assert_eq!(recorded(&cloud, &id, "disconnect").await["requestContext"]["disconnectStatusCode"], 1006);
    cloud.stop().await;
}

async fn a_deleted_connection_is_closed_and_gets_a_disconnect_event() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    let id = socket.id().await;
    socket.send("delete").await;
    assert_eq!(socket.closed().await, Some(1000));
    assert_eq!(recorded(&cloud, &id, "disconnect").await["requestContext"]["disconnectStatusCode"], 1000);
    cloud.stop().await;
}

async fn a_connection_that_ended_is_gone() {
    let cloud = start().await;
    let (mut one, mut other) = (connect(&cloud).await, connect(&cloud).await);
    let id = other.id().await;
    assert_eq!(one.ask(&format!("post {id} hi")).await, "posted");
    assert_eq!(other.text().await, "hi");
    other.close(None).await;
    recorded(&cloud, &id, "disconnect").await;
    assert_eq!(one.ask(&format!("post {id} hi")).await, "GoneException");
    cloud.stop().await;
}

async fn a_failed_function_is_an_error_message_to_the_client() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    let id = socket.id().await;
    for failure in ["fail", "exit"] {
        let error: Value = serde_json::from_str(&socket.ask(failure).await).unwrap();
        assert_eq!(
            (&error["message"], &error["connectionId"]),
            (&json!("Internal server error"), &json!(id))
        );
        assert!(error["requestId"].is_string());
    }
    // Without a route response, the client does not get the function's response.
    socket.send("quiet").await;
    assert_eq!(socket.ask("still here").await, "still here");
    cloud.stop().await;
}

async fn a_message_takes_the_route_that_it_names_and_its_event_has_stage_variables() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    let named = r#"{"action": "echo"}"#;
    assert_eq!(socket.ask(named).await, named);
    let event: Value = serde_json::from_str(&socket.ask("event").await).unwrap();
    assert_eq!(event["requestContext"]["routeKey"], "$default");
    assert_eq!(event["stageVariables"], json!({"greeting": "hello"}));
    cloud.stop().await;
}

async fn a_route_is_throttled_by_its_settings() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    let id = socket.id().await;
    let message = r#"{"action": "throttled"}"#;
    assert_eq!(socket.ask(message).await, message);
    let error: Value = serde_json::from_str(&socket.ask(message).await).unwrap();
    assert_eq!((&error["message"], &error["connectionId"]), (&json!("Too Many Requests"), &json!(id)));
    assert_eq!(socket.ask("hello").await, "hello");
    cloud.stop().await;
}

async fn connections_are_throttled_by_the_settings() {
    let parameters = [("ConnectRate", "0.001"), ("ConnectBurst", "2")];
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let cloud = Cloud::start(Options { parameters, ..options() }).await.unwrap();
    let mut first = connect(&cloud).await;
    connect(&cloud).await;
    let Err(refused) = Socket::connect(&cloud, "").await else { panic!("a third was accepted") };
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(first.ask("hello").await, "hello");
    cloud.stop().await;
}

async fn binary_frames_close_the_connection() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    let id = socket.id().await;
    socket.send(Message::binary(vec![1, 2, 3])).await;
    assert_eq!(socket.closed().await, Some(1003));
    assert_eq!(recorded(&cloud, &id, "disconnect").await["requestContext"]["disconnectStatusCode"], 1003);
    cloud.stop().await;
}

async fn a_message_has_at_most_128_kib_and_a_frame_32() {
    let cloud = start().await;
    let text = |size: usize| format!("length {}", "x".repeat(size - "length ".len()));
    let mut socket = connect(&cloud).await;
    assert_eq!(socket.ask(&text(32 * 1024)).await, "32768");
    socket.send_in_frames(&text(128 * 1024), 32 * 1024).await;
    assert_eq!(socket.text().await, "131072");
    socket.send_in_frames(&text(128 * 1024 + 1), 32 * 1024).await;
    assert_eq!(socket.closed().await, Some(1009));
    let mut socket = connect(&cloud).await;
    socket.send(text(32 * 1024 + 1)).await;
    assert_eq!(socket.closed().await, Some(1009));
    cloud.stop().await;
}

async fn a_post_has_at_most_128_kib() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    assert_eq!(socket.ask("large 131072").await.len(), 131_072);
    let error = socket.ask("large 131073").await;
    assert!(error.contains("Internal server error"), "the function fails with the post: {error}");
    cloud.stop().await;
}

async fn a_slow_client_fills_its_buffer_and_gets_all_of_it() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    let id = socket.id().await;
    socket.send("flood").await;
    let flood = recorded(&cloud, &id, "flood").await;
    assert_eq!(flood["end"], "LimitExceededException");
    for _ in 0..flood["posted"].as_u64().unwrap() {
        assert_eq!(socket.text().await.len(), 64 * 1024);
    }
    cloud.stop().await;
}

async fn pings_are_answered() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    socket.send(Message::Ping("are you there".into())).await;
    assert_eq!(socket.next().await, Message::Pong("are you there".into()));
    cloud.stop().await;
}

async fn a_connection_can_be_described() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    assert_eq!(socket.ask("get").await, "", "this client sends no user agent");
    cloud.stop().await;
}

async fn unsigned_and_misdirected_calls_are_refused() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    let id = socket.id().await;
    let environment = crate::running::direct(&cloud, json!({})).await.unwrap()["environment"].clone();
    assert_eq!(environment.get("AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"), None, "only Socket has it");
    // At the public port, the path belongs to the HTTP API.
    let path = format!("{}/execute-api/socketapi/live/@connections/{id}", cloud.address());
    let request = Request::post(path).body(Full::<Bytes>::from("hi")).unwrap();
    let response = send(request).await;
    assert_eq!(response.status, StatusCode::OK);
    assert_eq!(response.json()["method"], "POST", "the HTTP function returns the request");
    let endpoint = cloud.connections_endpoint();
    let call = |stage: &str, authorization: &str| {
        let request = Request::post(format!("{endpoint}/execute-api/socketapi/{stage}/@connections/{id}"));
        send(request.header("authorization", authorization).body(Full::<Bytes>::from("hi")).unwrap())
    };
    let signed = "AWS4-HMAC-SHA256 Credential=me/20261123/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0";
    assert_eq!(call("live", "").await.headers["x-amzn-errortype"], "MissingAuthenticationTokenException");
    assert_eq!(call("dead", signed).await.headers["x-amzn-errortype"], "ForbiddenException");
    assert_eq!(call("live", signed).await.status, StatusCode::OK);
    assert_eq!(socket.text().await, "hi");
    cloud.stop().await;
}
