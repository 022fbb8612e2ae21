//! A test's cloud, and its clients.

use std::path::Path;
use std::time::Duration;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::body::Bytes;
use axum::http::{HeaderMap, Request, StatusCode};
use futures_util::{FutureExt, SinkExt, StreamExt};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use local_cloud::lambda::InvokeError;
use local_cloud::{Cloud, Options};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{self, Message, protocol::CloseFrame};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

#[path = "../../../../tests/support/patience.rs"]
mod patience;

pub(crate) use patience::{PATIENCE, in_time, until};

/// Returns the options of a test's cloud.
pub(crate) fn options() -> Options {
    Options {
        template: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cloud/template.yaml").into(),
        ..Options::default()
    }
}

/// Starts a cloud with `template.yaml`.
pub(crate) async fn start() -> Cloud {
    Cloud::start(options()).await.unwrap()
}

/// Invokes the function `Direct` with a command.
pub(crate) async fn direct(cloud: &Cloud, command: Value) -> Result<Value, InvokeError> {
    let response = cloud.invoke("Direct", command.to_string().into()).await?;
    Ok(serde_json::from_slice(&response).unwrap())
}

/// Blocks functions until it is opened, so that a test controls how long they run.
pub(crate) struct Gate {
    folder: TempDir,
}

/// The file that marks an open gate.
const OPEN: &str = "open";

impl Gate {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Returns the path that a function needs to find the gate.
    pub(crate) fn path(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }

    /// Waits until this many processes have reached the gate.
    pub(crate) async fn reached_by(&self, count: usize) {
        let processes = || std::fs::read_dir(self.folder.path()).unwrap().count();
        until("the functions are at work", async || processes() >= count).await;
    }

    pub(crate) fn open(&self) {
        std::fs::write(self.folder.path().join(OPEN), "").unwrap();
    }

    /// Marks that this process has reached the gate. Functions call this.
    pub(crate) fn reach(path: &str) {
        std::fs::write(Path::new(path).join(std::process::id().to_string()), "").unwrap();
    }

    /// Reaches the gate and waits until it is open. Functions call this.
    pub(crate) async fn pass(path: &str) {
        Self::reach(path);
        while !Path::new(path).join(OPEN).exists() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// A complete response.
#[derive(Debug)]
pub(crate) struct TestResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl TestResponse {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// Sends a request.
pub(crate) async fn send(request: Request<Full<Bytes>>) -> TestResponse {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let (head, body) = client.request(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    TestResponse { status: head.status, headers: head.headers, body }
}

/// Sends a `GET` request to a path of a cloud's public port.
pub(crate) async fn get(cloud: &Cloud, path: &str) -> TestResponse {
    send(Request::get(format!("{}{path}", cloud.address())).body(Full::default()).unwrap()).await
}

/// A WebSocket client.
pub(crate) struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Socket {
    /// Connects to a cloud's WebSocket API. The error is the response to the handshake.
    pub(crate) async fn connect(cloud: &Cloud, query: &str) -> Result<Self, TestResponse> {
        let address = cloud.address().replace("http://", "ws://");
        let mut request = format!("{address}/socket/?{query}").into_client_request().unwrap();
        if let Some(protocol) = query.strip_prefix("protocol=") {
            request.headers_mut().insert("sec-websocket-protocol", protocol.parse().unwrap());
        }
        match tokio_tungstenite::connect_async(request).await {
            Ok((stream, response)) => {
                assert!(!response.headers().contains_key("set-cookie"));
                Ok(Self { stream })
            }
            Err(tungstenite::Error::Http(response)) => {
                let (head, body) = response.into_parts();
                Err(TestResponse {
                    status: head.status,
                    headers: head.headers,
                    body: body.unwrap_or_default().into(),
                })
            }
            Err(error) => panic!("{error}"),
        }
    }

    pub(crate) async fn send(&mut self, message: impl Into<Message>) {
        self.stream.send(message.into()).await.unwrap();
    }

    /// Sends text in several frames of this size.
    pub(crate) async fn send_in_frames(&mut self, text: &str, size: usize) {
        use tungstenite::protocol::frame::Frame;
        use tungstenite::protocol::frame::coding::{Data, OpCode};
        let count = text.len().div_ceil(size);
        for (number, part) in text.as_bytes().chunks(size).enumerate() {
            let kind = if number == 0 { Data::Text } else { Data::Continue };
            let frame = Frame::message(part.to_vec(), OpCode::Data(kind), number + 1 == count);
            self.stream.send(Message::Frame(frame)).await.unwrap();
        }
    }

    /// Returns the next message.
    pub(crate) async fn next(&mut self) -> Message {
        let next = in_time("a message arrives", self.stream.next()).await;
        next.expect("the connection is open").unwrap()
    }

    pub(crate) async fn text(&mut self) -> String {
        match self.next().await {
            Message::Text(text) => text.as_str().to_owned(),
            other => panic!("expected text, got {other:?}"),
        }
    }

    /// Sends text and returns the text of the next message.
    pub(crate) async fn ask(&mut self, text: &str) -> String {
        self.send(text).await;
        self.text().await
    }

    /// Returns the id of the connection.
    pub(crate) async fn id(&mut self) -> String {
        let event: Value = serde_json::from_str(&self.ask("event").await).unwrap();
        event["requestContext"]["connectionId"].as_str().unwrap().to_owned()
    }

    /// Returns whether no message or close frame has arrived.
    pub(crate) fn is_silent(&mut self) -> bool {
        self.stream.next().now_or_never().is_none()
    }

    /// Waits until the server closes the connection. Returns the close code.
    pub(crate) async fn closed(&mut self) -> Option<u16> {
        match self.next().await {
            Message::Close(frame) => frame.map(|frame| frame.code.into()),
            other => panic!("expected a close frame, got {other:?}"),
        }
    }

    /// Waits until the connection ends without a close frame.
    pub(crate) async fn cut_off(&mut self) {
        let next = in_time("the connection ends", self.stream.next()).await;
        assert!(matches!(next, None | Some(Err(_))), "expected no message, got {next:?}");
    }

    pub(crate) async fn close(&mut self, frame: Option<CloseFrame>) {
        self.stream.close(frame).await.unwrap();
    }
}

/// Creates a DynamoDB client of a cloud.
pub(crate) fn dynamodb(cloud: &Cloud) -> aws_sdk_dynamodb::Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("tester", "secret", None, None, "test"))
        .endpoint_url(cloud.dynamodb_endpoint());
    aws_sdk_dynamodb::Client::from_conf(config.build())
}

/// Waits for the record of an event by a function: `connect` or `disconnect` of a connection, or `read` of a letter.
pub(crate) async fn recorded(cloud: &Cloud, id: &str, event: &str) -> Value {
    let dynamodb = dynamodb(cloud);
    let row = || async {
        let get = dynamodb.get_item().table_name("Events").consistent_read(true);
        let get = get.key("connectionId", AttributeValue::S(id.to_owned()));
        let row = get.key("event", AttributeValue::S(event.to_owned())).send().await.unwrap().item?;
        Some(serde_json::from_str(row["detail"].as_s().unwrap()).unwrap())
    };
    let recorded = async {
        loop {
            if let Some(detail) = row().await {
                return detail;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    in_time(&format!("{event} is recorded"), recorded).await
}
