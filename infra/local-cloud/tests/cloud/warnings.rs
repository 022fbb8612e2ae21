//! What the console says of things that fail here as they would on AWS: what to do, and where in the template.

use axum::body::Bytes;
use axum::http::Request;
use http_body_util::Full;
use local_cloud::{Cloud, Console, Options};
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;

use crate::running::{Gate, Socket, direct, get, options, send};

crate::trials![
    what_fails_in_a_function_is_said_with_its_property,
    what_an_http_api_refuses_is_said_with_why,
    what_a_websocket_api_refuses_is_said_with_why,
];

async fn start() -> (Cloud, Console) {
    let console = Console::keeping_logs();
    (Cloud::start(Options { console: console.clone(), ..options() }).await.unwrap(), console)
}

/// Its warnings must be these, in any order: what each is about, and words in it.
fn warned(console: &Console, expected: &[(&str, &str)]) {
    let warnings = console.warnings();
    for (about, words) in expected {
        let is_meant = |line: &&local_cloud::LogLine| line.function == *about && line.text.contains(words);
        assert!(warnings.iter().any(|line| is_meant(&line)), "{about}: {words} in {warnings:#?}");
    }
    assert_eq!(warnings.len(), expected.len(), "{warnings:#?}");
}

async fn what_fails_in_a_function_is_said_with_its_property() {
    let (cloud, console) = start().await;
    cloud.invoke("Hasty", json!({"do": "hang"}).to_string().into()).await.unwrap_err();
    let reserved = |what: serde_json::Value| cloud.invoke("Reserved", what.to_string().into());
    let gate = Gate::new();
    let refused = async {
        gate.reached_by(1).await;
        reserved(json!({})).await.unwrap_err();
        gate.open();
    };
    let _ = tokio::join!(reserved(json!({"do": "pass", "gate": gate.path()})), refused);
    for what in ["fail", "exit"] {
        direct(&cloud, json!({"do": what})).await.unwrap_err();
    }
    cloud.invoke("Direct", Bytes::from(vec![b' '; 7_000_000])).await.unwrap_err();
    warned(
        &console,
        &[
            ("Hasty", "Hasty.Timeout is 5 s: raise it"),
            ("Reserved", "Reserved.ReservedConcurrentExecutions is 1: raise it"),
            ("Direct", "it was told to fail (what it logged before may say why)"),
            ("Direct", "Runtime exited with error: exit status 3 (what it logged before may say why)"),
            ("Direct", "make it smaller"),
        ],
    );
    if cfg!(target_os = "linux") {
        direct(&cloud, json!({"do": "allocate", "mb": 256})).await.unwrap_err();
        let last = console.warnings().pop().unwrap().text;
        assert!(last.ends_with("(Direct.MemorySize is 128 MB: raise it, or hold less at once)"), "{last}");
    }
    cloud.stop().await;
}

async fn what_an_http_api_refuses_is_said_with_why() {
    let (cloud, console) = start().await;
    for _ in 0..3 {
        get(&cloud, "/throttled").await;
    }
    let large = Full::from(vec![b'x'; 10 * 1024 * 1024 + 1]);
    send(Request::post(format!("{}/", cloud.address())).body(large).unwrap()).await;
    warned(
        &console,
        &[
            ("HttpApi", "answers 429: GET /throttled takes no more now"),
            ("HttpApi", "answers 413: a request holds at most 10 MB"),
        ],
    );
    cloud.stop().await;
}

async fn what_a_websocket_api_refuses_is_said_with_why() {
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
    warned(
        &console,
        &[
            ("SocketApi", "drops a message: throttled takes no more now (throttling in SocketApi)"),
            ("SocketApi", "closes a connection with 1003: API Gateway takes text alone"),
            ("SocketApi", "closes a connection with 1009: a message holds at most 128 KiB"),
        ],
    );
    cloud.stop().await;
}
