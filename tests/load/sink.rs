//! The sink: an `@connections` API that counts frames, and a table of connections with one room.
//!
//! It is a separate process, so that its CPU time counts for no contender.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::{get, post};
use serde_json::json;

use crate::{CONNECTIONS, FRAME, Result};

/// The sink's process. Dropping it ends the process.
pub(crate) struct Sink {
    process: Child,
    host: String,
}

impl Sink {
    /// Starts the sink on a free port.
    pub(crate) fn start() -> Result<Self> {
        // The sink ends when its standard input is closed, even if this process is killed.
        let mut process = Command::new(std::env::current_exe()?)
            .arg("sink")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut host = String::new();
        BufReader::new(process.stdout.take().ok_or("no output")?).read_line(&mut host)?;
        Ok(Self { process, host: host.trim().to_owned() })
    }

    /// Returns the address, `http://127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> String {
        format!("http://{}", self.host)
    }

    /// Returns the number of frames with the right size so far.
    pub(crate) fn count(&self) -> Result<usize> {
        let mut stream = TcpStream::connect(&self.host)?;
        write!(stream, "GET /count HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.host)?;
        let mut response = String::new();
        stream.read_to_string(&mut response)?;
        Ok(response.rsplit("\r\n").next().unwrap_or_default().parse()?)
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Serves the sink until standard input is closed.
#[tokio::main]
pub(crate) async fn serve() -> Result<()> {
    let count = Arc::new(AtomicUsize::new(0));
    let room = Bytes::from(room().to_string());
    let app = Router::new()
        .route(
            "/count",
            get(async |State(count): State<Arc<AtomicUsize>>| count.load(Ordering::Relaxed).to_string()),
        )
        .route("/@connections/{id}", post(count_frame).get(async || StatusCode::GONE))
        // DynamoDB: a push makes one request, the query of the room.
        .route("/", post(async move || ([("content-type", "application/x-amz-json-1.0")], room)))
        .with_state(count);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    std::thread::spawn(|| {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    Ok(axum::serve(listener, app).await?)
}

async fn count_frame(State(count): State<Arc<AtomicUsize>>, frame: Bytes) {
    if frame.len() == FRAME {
        count.fetch_add(1, Ordering::Relaxed);
    }
}

/// Returns the response to a query of the room.
fn room() -> serde_json::Value {
    let row = |n| {
        json!({
            "room": { "S": "/home#0" },
            "connectionId": { "S": connection_id(n) },
            "socket": { "S": format!("AA9AAA0AAzAA{n:04}") },
            "expires": { "N": "4102444800" },
        })
    };
    let rows: Vec<_> = (0..CONNECTIONS).map(row).collect();
    json!({ "Count": rows.len(), "ScannedCount": rows.len(), "Items": rows })
}

/// Returns a connection id in API Gateway's format.
pub(crate) fn connection_id(n: usize) -> String {
    format!("L0SM9cOFvHc{n:04}=")
}
