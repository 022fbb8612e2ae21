//! A server that imitates a failing DynamoDB.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, Credentials, Region};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// The response of the server to a call.
#[derive(Clone)]
pub(super) enum Reply {
    /// An error with a status and DynamoDB's name for it.
    Error(u16, &'static str),
    /// None: the connection is closed.
    Reset,
    /// None: the connection stays open.
    Hang,
    /// The result of a successful call.
    Success(Value),
}

/// Starts a server that sends these replies in turn, and the last one forever, and returns a client of it.
pub(super) async fn failing_dynamodb(replies: Vec<Reply>) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let mut hanging = Vec::new();
        let last = replies.last().cloned().into_iter().cycle();
        for reply in replies.into_iter().chain(last) {
            let mut stream = listener.accept().await.unwrap().0;
            read_call(&mut stream).await;
            match reply {
                Reply::Error(status, name) => {
                    let name = format!("com.amazonaws.dynamodb.v20120810#{name}");
                    write_response(
                        &mut stream,
                        status,
                        &json!({ "__type": name, "message": "of the table Secrets" }),
                    )
                    .await;
                }
                Reply::Success(result) => write_response(&mut stream, 200, &result).await,
                Reply::Reset => drop(stream),
                Reply::Hang => hanging.push(stream),
            }
        }
    });
    let config = Builder::default()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(address)
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("TESTS", "secret", None, None, "tests"))
        .retry_config(aws::retries().with_initial_backoff(Duration::from_millis(1)))
        .timeout_config(aws::timeouts());
    notes::dynamodb(config)
}

/// Reads one call completely.
async fn read_call(stream: &mut TcpStream) {
    let (mut call, mut chunk) = (String::new(), [0; 4096]);
    loop {
        if let Some((head, body)) = call.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.unwrap().parse().unwrap() {
                return;
            }
        }
        let length = stream.read(&mut chunk).await.unwrap();
        call.push_str(std::str::from_utf8(&chunk[..length]).unwrap());
    }
}

async fn write_response(stream: &mut TcpStream, status: u16, body: &Value) {
    let body = body.to_string();
    let head = format!("HTTP/1.1 {status} -\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
}
