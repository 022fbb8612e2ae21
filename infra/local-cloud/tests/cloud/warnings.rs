//! Warnings of failures that also happen on AWS: they say what to do, and where in the template.

use axum::body::Bytes;
use axum::http::Request;
use http_body_util::Full;
use local_cloud::{Cloud, Console, Options};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::clock::exceed_timeout;
use crate::running::{Gate, Socket, direct, get, options, send};

crate::trials![
    a_request_that_an_http_api_refuses_is_a_warning_with_the_reason,
    a_message_that_a_websocket_api_refuses_is_a_warning_with_the_reason;
    in virtual time:
    a_failed_function_is_a_warning_that_names_the_property,
];

async fn start() -> (Cloud, Console) {
    let console = Console::keeping_logs();
    (Cloud::start(Options { console: console.clone(), ..options() }).await.unwrap(), console)
}

/// Asserts the warnings in any order: the subject of each, and a part of its text.
fn assert_warnings(console: &Console, expected: &[(&str, &str)]) {
    let warnings = console.warnings();
    for (subject, part) in expected {
        let is_expected =
            |line: &&local_cloud::LogLine| line.function == *subject && line.text.contains(part);
        assert!(warnings.iter().any(|line| is_expected(&line)), "{subject}: {part} in {warnings:#?}");
    }
    assert_eq!(warnings.len(), expected.len(), "{warnings:#?}");
}

async fn a_failed_function_is_a_warning_that_names_the_property() {
    let (cloud, console) = start().await;
    exceed_timeout(&cloud).await.unwrap_err();
    let reserved = |command: serde_json::Value| cloud.invoke("Reserved", command.to_string().into());
    let gate = Gate::new();
    let refused = async {
        gate.reached_by(1).await;
        reserved(json!({})).await.unwrap_err();
        gate.open();
    };
    let _ = tokio::join!(reserved(json!({"do": "pass", "gate": gate.path()})), refused);
    for command in ["fail", "exit"] {
        direct(&cloud, json!({"do": command})).await.unwrap_err();
    }
    cloud.invoke("Direct", Bytes::from(vec![b' '; 7_000_000])).await.unwrap_err();
    assert_warnings(
        &console,
        &[
            ("Hasty", "Hasty.Timeout is 5 s: raise it"),
            ("Reserved", "Reserved.ReservedConcurrentExecutions is 1: raise it"),
            ("Direct", "the test asked for a failure (its log may show the reason)"),
            ("Direct", "Runtime exited with error: exit status 3 (its log may show the reason)"),
            ("Direct", "make it smaller"),
        ],
    );
    if cfg!(target_os = "linux") {
        direct(&cloud, json!({"do": "allocate", "mb": 256})).await.unwrap_err();
        let last = console.warnings().pop().unwrap().text;
        assert!(last.ends_with("(Direct.MemorySize is 128 MB: raise it, or use less memory)"), "{last}");
    }
    cloud.stop().await;
}

async fn a_request_that_an_http_api_refuses_is_a_warning_with_the_reason() {
    let (cloud, console) = start().await;
    for _ in 0..3 {
        get(&cloud, "/throttled").await;
    }
    let large = Full::from(vec![b'x'; 10 * 1024 * 1024 + 1]);
    send(Request::post(format!("{}/", cloud.address())).body(large).unwrap()).await;
    assert_warnings(
        &console,
        &[
            ("HttpApi", "responded 429: GET /throttled is over its limit"),
            ("HttpApi", "responded 413: a request is larger than 10 MB"),
        ],
    );
    cloud.stop().await;
}

async fn a_message_that_a_websocket_api_refuses_is_a_warning_with_the_reason() {
    let (cloud, console) = start().await;
    let mut socket = Socket::connect(&cloud, "").await.unwrap();
    for _ in 0..2 {
        socket.ask(r#"{"action": "throttled"}"#).await;
    }
    socket.send(Message::binary(vec![0])).await;
    socket.closed().await;
    let mut socket = Socket::connect(&cloud, "").await.unwrap();
    socket.send("x".repeat(128 * 1024 + 1)).await;
    socket.closed().await;
    assert_warnings(
        &console,
        &[
            (
                "SocketApi",
                "dropped a message: throttled is over its limit (see the throttling settings of SocketApi)",
            ),
            ("SocketApi", "closed a connection with 1003: API Gateway accepts only text"),
            ("SocketApi", "closed a connection with 1009: a message is larger than 128 KiB"),
        ],
    );
    cloud.stop().await;
}
