//! WebSocket APIs: handshake, messages, `@connections`, limits, and the end of a connection.

use std::time::{Duration, Instant};

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
    a_message_reaches_the_function_and_its_post_the_client,
    only_the_connect_event_carries_headers_and_query,
    a_connection_is_gone_until_connect_has_returned,
    what_connect_answers_becomes_the_status_of_the_handshake,
    connect_chooses_the_subprotocol,
    a_client_that_leaves_during_connect_is_disconnected_too,
    frames_arrive_in_the_order_in_which_they_were_posted,
    messages_start_in_the_order_in_which_they_were_sent,
    the_end_is_told_with_code_and_reason,
    a_client_that_vanishes_is_disconnected,
    a_deleted_connection_is_closed_and_disconnected,
    a_connection_that_ended_is_gone,
    a_failure_is_told_to_the_client,
    a_message_takes_the_route_that_it_names_and_carries_stage_variables,
    a_route_takes_as_many_messages_as_its_settings_say,
    more_connections_than_the_settings_say_are_refused,
    a_message_may_take_its_function_29_seconds,
    binary_frames_close_the_connection,
    a_message_may_hold_128_kib_and_a_frame_32,
    a_post_may_hold_128_kib,
    a_client_that_reads_too_slowly_fills_its_buffer_and_misses_nothing_of_it,
    pings_are_answered,
    a_connection_can_be_asked_about,
    unsigned_and_misdirected_calls_are_refused,
    an_idle_connection_is_closed_and_a_busy_one_stays,
    a_connection_ends_with_its_lifetime,
];

async fn connect(cloud: &Cloud) -> Socket {
    Socket::connect(cloud, "").await.unwrap()
}

async fn a_message_reaches_the_function_and_its_post_the_client() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    assert_eq!(socket.ask("hello").await, "hello");
    let posts = cloud.ledger().count(|call| call.caller == "Socket" && call.action == "execute-api:POST");
    assert_eq!(posts, 2, "one of them too early");
    cloud.stop().await;
}

async fn only_the_connect_event_carries_headers_and_query() {
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

async fn what_connect_answers_becomes_the_status_of_the_handshake() {
    let cloud = start().await;
    for (query, status) in
        [("answer=401", 401), ("answer=403", 403), ("answer=503", 503), ("answer=fail", 502)]
    {
        let answer = Socket::connect(&cloud, query).await.err().unwrap();
        assert_eq!(answer.status.as_u16(), status);
        assert!(answer.body.is_empty() && !answer.headers.contains_key("set-cookie"), "{answer:?}");
    }
    assert!(Socket::connect(&cloud, "answer=204").await.is_ok());
    cloud.stop().await;
}

async fn connect_chooses_the_subprotocol() {
    let cloud = start().await;
    // The client fails if it's given none, or another.
    let mut socket = Socket::connect(&cloud, "protocol=orders").await.unwrap();
    assert_eq!(socket.ask("hello").await, "hello");
    cloud.stop().await;
}

async fn a_client_that_leaves_during_connect_is_disconnected_too() {
    let cloud = start().await;
    // It leaves once the function is at work, which is seen by what it posts.
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
        _ = Socket::connect(&cloud, &query) => panic!("it was let in before it left"),
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

async fn messages_start_in_the_order_in_which_they_were_sent() {
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
    // The functions overlap, so their posts may come in any order: what counts is when each was invoked.
    started.sort_by_key(|(_, body)| body["event ".len()..].parse::<u32>().unwrap());
    assert!(started.is_sorted_by_key(|(time, _)| *time), "{started:?}");
    cloud.stop().await;
}

async fn the_end_is_told_with_code_and_reason() {
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

async fn a_client_that_vanishes_is_disconnected() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    let id = socket.id().await;
    drop(socket);
    assert_eq!(recorded(&cloud, &id, "disconnect").await["requestContext"]["disconnectStatusCode"], 1006);
    cloud.stop().await;
}

async fn a_deleted_connection_is_closed_and_disconnected() {
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

async fn a_failure_is_told_to_the_client() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    let id = socket.id().await;
    for failure in ["fail", "exit"] {
        let told: Value = serde_json::from_str(&socket.ask(failure).await).unwrap();
        assert_eq!((&told["message"], &told["connectionId"]), (&json!("Internal server error"), &json!(id)));
        assert!(told["requestId"].is_string());
    }
    // What a function answers that doesn't fail reaches nobody: no route response is configured.
    socket.send("quiet").await;
    assert_eq!(socket.ask("still here").await, "still here");
    cloud.stop().await;
}

async fn a_message_takes_the_route_that_it_names_and_carries_stage_variables() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    let named = r#"{"action": "echo"}"#;
    assert_eq!(socket.ask(named).await, named);
    let event: Value = serde_json::from_str(&socket.ask("event").await).unwrap();
    assert_eq!(event["requestContext"]["routeKey"], "$default");
    assert_eq!(event["stageVariables"], json!({"greeting": "hello"}));
    cloud.stop().await;
}

async fn a_route_takes_as_many_messages_as_its_settings_say() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    let id = socket.id().await;
    let message = r#"{"action": "throttled"}"#;
    assert_eq!(socket.ask(message).await, message);
    let told: Value = serde_json::from_str(&socket.ask(message).await).unwrap();
    assert_eq!((&told["message"], &told["connectionId"]), (&json!("Too Many Requests"), &json!(id)));
    assert_eq!(socket.ask("hello").await, "hello");
    cloud.stop().await;
}

async fn more_connections_than_the_settings_say_are_refused() {
    let parameters = [("ConnectRate", "0.001"), ("ConnectBurst", "2")];
    let parameters = parameters.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let cloud = Cloud::start(Options { parameters, ..options() }).await.unwrap();
    let mut first = connect(&cloud).await;
    connect(&cloud).await;
    let Err(refused) = Socket::connect(&cloud, "").await else { panic!("a third was let in") };
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(first.ask("hello").await, "hello");
    cloud.stop().await;
}

async fn a_message_may_take_its_function_29_seconds() {
    let cloud = start().await;
    let (mut late, mut early) = (connect(&cloud).await, connect(&cloud).await);
    let begun = Instant::now();
    late.send(r#"{"action": "patient", "wait": "35000"}"#).await;
    // Not so close to the limit that a machine at work needs what is left.
    early.send(r#"{"action": "patient", "wait": "20000"}"#).await;
    let told = late.text().await;
    assert!(begun.elapsed() >= Duration::from_secs(29), "{:?}", begun.elapsed());
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["message"], "Endpoint request timed out");
    assert_eq!(early.ask("hello").await, "hello", "the other heard of nothing");
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

async fn a_message_may_hold_128_kib_and_a_frame_32() {
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

async fn a_post_may_hold_128_kib() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    assert_eq!(socket.ask("large 131072").await.len(), 131_072);
    let told = socket.ask("large 131073").await;
    assert!(told.contains("Internal server error"), "the function fails with the post: {told}");
    cloud.stop().await;
}

async fn a_client_that_reads_too_slowly_fills_its_buffer_and_misses_nothing_of_it() {
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

async fn a_connection_can_be_asked_about() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    assert_eq!(socket.ask("get").await, "", "this client names no user agent");
    cloud.stop().await;
}

async fn unsigned_and_misdirected_calls_are_refused() {
    let cloud = start().await;
    let mut socket = connect(&cloud).await;
    let id = socket.id().await;
    let environment = crate::running::direct(&cloud, json!({})).await.unwrap()["environment"].clone();
    assert_eq!(environment.get("AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI"), None, "only Socket has it");
    // Through the front door, the path belongs to the HTTP API.
    let path = format!("{}/execute-api/socketapi/live/@connections/{id}", cloud.address());
    let request = Request::post(path).body(Full::<Bytes>::from("hi")).unwrap();
    let answer = send(request).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.json()["method"], "POST", "the HTTP function shows the request");
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

async fn an_idle_connection_is_closed_and_a_busy_one_stays() {
    // Ten minutes are six seconds, in which even a busy machine lets somebody speak.
    let cloud = Cloud::start(Options { time_scale: 100, ..options() }).await.unwrap();
    let (mut busy, mut idle) = (connect(&cloud).await, connect(&cloud).await);
    let id = idle.id().await;
    let speak = async {
        loop {
            assert_eq!(busy.ask("hello").await, "hello");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let code = tokio::select! {
        code = idle.closed() => code,
        () = speak => unreachable!("it speaks for ever"),
    };
    assert_eq!(code, Some(1001));
    // It has stood for longer than the other, and still does. What it said last may be answered only now.
    busy.send("still here").await;
    while busy.text().await != "still here" {}
    let context = &recorded(&cloud, &id, "disconnect").await["requestContext"];
    assert_eq!(
        (&context["disconnectStatusCode"], &context["disconnectReason"]),
        (&json!(1001), &json!("Going away"))
    );
    cloud.stop().await;
}

async fn a_connection_ends_with_its_lifetime() {
    // Two hours are half a minute, and ten minutes 2.5 s, in which even a busy machine lets somebody speak.
    let cloud = Cloud::start(Options { time_scale: 240, ..options() }).await.unwrap();
    let begun = Instant::now();
    let mut socket = connect(&cloud).await;
    loop {
        socket.send("hello").await;
        match socket.next().await {
            Message::Text(_) => {}
            Message::Close(frame) => break assert_eq!(u16::from(frame.unwrap().code), 1001),
            other => panic!("{other:?}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(begun.elapsed() >= Duration::from_secs(30), "it was idle");
    cloud.stop().await;
}
