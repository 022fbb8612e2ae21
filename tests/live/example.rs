//! The example of the socketio library, run with the command in its documentation: every handler, in exact bytes.

use std::sync::{Arc, Mutex, Weak};

use serde_json::Value;

use crate::support::{Frame, Program, Socket};

/// Returns the running example. Concurrent tests share one. Cargo builds it first if needed.
fn start() -> Arc<Program> {
    static RUNNING: Mutex<Weak<Program>> = Mutex::new(Weak::new());
    let template =
        concat!(env!("CARGO_MANIFEST_DIR"), "/../functions/shared/socketio/examples/template.yaml");
    let mut running = RUNNING.lock().unwrap();
    running.upgrade().unwrap_or_else(|| {
        let started = Arc::new(Program::start(&["--memory", "--template", template]));
        *running = Arc::downgrade(&started);
        started
    })
}

/// Opens a connection, and asserts its open packet.
async fn connect(example: &Program) -> Socket {
    let mut socket = Socket::open(&example.address, None).await.expect("the handshake succeeds");
    let open = socket.next().await.text();
    let sid = sid(open.strip_prefix('0').unwrap());
    assert_eq!(
        open,
        format!(
            r#"0{{"sid":"{sid}","upgrades":[],"pingInterval":300,"pingTimeout":200,"maxPayload":1000000}}"#
        )
    );
    socket
}

/// Sends a CONNECT packet, and asserts that the response is of this namespace (`/custom,`) with the socket's id.
async fn join(socket: &mut Socket, packet: &str, namespace: &str) {
    socket.send(packet).await;
    let frame = socket.next().await.text();
    let prefix = format!("40{namespace}");
    let sid = sid(frame.strip_prefix(&prefix).unwrap_or_else(|| panic!("{packet} caused {frame}")));
    assert_eq!(frame, format!(r#"{prefix}{{"sid":"{sid}"}}"#));
}

fn sid(json: &str) -> String {
    let packet: Value = serde_json::from_str(json).unwrap();
    packet["sid"].as_str().unwrap().to_owned()
}

/// Sends a packet, and returns the next frame.
async fn ask(socket: &mut Socket, packet: &str) -> String {
    socket.send(packet).await;
    socket.next().await.text()
}

#[tokio::test]
async fn each_namespace_is_joined_with_and_without_auth_and_returns_it() {
    let example = start();
    for (packet, namespace, auth) in [
        ("40", "", "{}"),
        (r#"40{"token":"123"}"#, "", r#"{"token":"123"}"#),
        ("40/custom", "/custom,", "{}"),
        ("40/custom,", "/custom,", "{}"),
        (r#"40/custom,{"token":"abc"}"#, "/custom,", r#"{"token":"abc"}"#),
    ] {
        let mut socket = connect(&example).await;
        join(&mut socket, packet, namespace).await;
        assert_eq!(socket.next().await.text(), format!(r#"42{namespace}["auth",{auth}]"#), "{packet}");
    }
}

#[tokio::test]
async fn any_json_auth_is_returned_unchanged_or_refused_once() {
    let example = start();
    let nested = |levels| format!(r#"{{"a":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
    for (auth, stored) in [
        (r#"{"":1}"#, r#"{"":1}"#),
        (r#"{"a":{"":[{"":null}]}}"#, r#"{"a":{"":[{"":null}]}}"#),
        (r#"{"a":1e200,"b":-1e-200,"c":0.1}"#, r#"{"a":1e+200,"b":-1e-200,"c":0.1}"#),
        (r#"{"a":123456789012345678901234567890123456789012345}"#, r#"{"a":1.2345678901234567e+44}"#),
        (r#"{"a":1e400}"#, r#"{"a":null}"#),
        (r#"{"a":"cut \ud83d"}"#, "{\"a\":\"cut \u{fffd}\"}"),
        (r#"{"\u0000":"\u0000","a":"","b":[],"c":{}}"#, r#"{"\u0000":"\u0000","a":"","b":[],"c":{}}"#),
        (&nested(60), &nested(60)),
        (&nested(126), &nested(126)),
    ] {
        let mut socket = connect(&example).await;
        join(&mut socket, &format!("40{auth}"), "").await;
        assert_eq!(socket.next().await.text(), format!(r#"42["auth",{stored}]"#), "{auth}");
        // Every event reads it again.
        assert_eq!(ask(&mut socket, r#"42["message",1]"#).await, r#"42["message-back",1]"#, "{auth}");
    }
    for auth in [nested(127), nested(10_000), format!(r#"{{"a":[{}1]}}"#, "1e9,".repeat(5_000))] {
        let mut socket = connect(&example).await;
        // A frame has at most 32 KiB, and some numbers become longer when they are serialized.
        let refusal = ask(&mut socket, &format!("40{auth}")).await;
        assert!(refusal.starts_with(r#"44{"message":""#), "{refusal}");
        join(&mut socket, "40/custom,", "/custom,").await;
    }
}

#[tokio::test]
async fn any_json_arguments_are_returned_or_acknowledged_with_an_error_and_the_connection_stays() {
    let example = start();
    let mut socket = connect(&example).await;
    join(&mut socket, "40", "").await;
    socket.next().await.text();
    let nested = |levels| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    for (sent, back) in [
        (r#""cut \ud83d","\udca9""#.to_owned(), "\"cut \u{fffd}\",\"\u{fffd}\"".to_owned()),
        ("1e400,-1e400,1e-400".into(), "null,null,0.0".into()),
        (nested(126), nested(126)),
    ] {
        assert_eq!(
            ask(&mut socket, &format!(r#"427["message-with-ack",{sent}]"#)).await,
            format!("437[{back}]")
        );
    }
    for levels in [128, 5_000] {
        let frame = ask(&mut socket, &format!(r#"428["message-with-ack",{}]"#, nested(levels))).await;
        assert!(frame.starts_with(r#"438[{"error":{"code":"too-deep""#), "{frame}");
        socket.send(&format!(r#"42["message",{}]"#, nested(levels))).await;
    }
    socket.was_sent_nothing().await;
}

#[tokio::test]
async fn messages_are_returned_and_acknowledged_with_their_arguments() {
    let example = start();
    let mut socket = connect(&example).await;
    join(&mut socket, "40", "").await;
    socket.next().await.text();
    for arguments in ["", r#","one""#, r#",1,"2",{"3":[true]},null"#] {
        let frame = ask(&mut socket, &format!(r#"42["message"{arguments}]"#)).await;
        assert_eq!(frame, format!(r#"42["message-back"{arguments}]"#));
    }
    for (id, arguments) in [("0", ""), ("456", r#"1,"2",{"3":[false]}"#)] {
        let comma = if arguments.is_empty() { "" } else { "," };
        let frame = ask(&mut socket, &format!(r#"42{id}["message-with-ack"{comma}{arguments}]"#)).await;
        assert_eq!(frame, format!("43{id}[{arguments}]"));
    }
    socket.was_sent_nothing().await;
}

#[tokio::test]
async fn leaving_one_namespace_keeps_the_other() {
    let example = start();
    let mut socket = connect(&example).await;
    join(&mut socket, "40", "").await;
    socket.next().await.text();
    join(&mut socket, "40/custom,", "/custom,").await;
    socket.next().await.text();
    socket.send("41/custom").await;
    assert_eq!(ask(&mut socket, r#"42["message","still here"]"#).await, r#"42["message-back","still here"]"#);
    socket.send("41").await;
    socket.was_sent_nothing().await;
}

#[tokio::test]
async fn an_unknown_namespace_is_refused_and_the_connection_stays() {
    let example = start();
    let mut socket = connect(&example).await;
    assert_eq!(ask(&mut socket, "40/random").await, r#"44/random,{"message":"Invalid namespace"}"#);
    join(&mut socket, "40", "").await;
}

#[tokio::test]
async fn malformed_and_early_packets_close_their_connection() {
    let example = start();
    let mut early = connect(&example).await;
    early.send(r#"42["message","not joined"]"#).await;
    assert!(matches!(early.next().await, Frame::Closed(_)));
    for malformed in ["4abc", "42{}", "42[]", "42[1]", r#"42abc["message-with-ack","1","2"]"#, "9"] {
        let mut socket = connect(&example).await;
        join(&mut socket, "40", "").await;
        socket.next().await.text();
        socket.send(malformed).await;
        assert!(matches!(socket.next().await, Frame::Closed(_)), "{malformed}");
    }
    connect(&example).await;
}

#[tokio::test]
async fn another_transport_or_protocol_is_refused() {
    let example = start();
    for query in ["EIO=4&transport=polling", "EIO=3&transport=websocket", "transport=websocket", ""] {
        assert_eq!(Socket::open_with(&example.address, query, &[]).await.err(), Some(400), "{query}");
    }
}
