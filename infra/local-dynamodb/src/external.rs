//! The same endpoint in front of another engine, so that tests can tell what DynamoDB does from what ours does.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::http::HeaderMap;
use serde_json::Value;
use tokio::sync::{oneshot, watch};

use crate::endpoint::Endpoint;
use local_service::Ledger;
use local_service::loopback;
use sam_template::Table;

/// Tables that another engine keeps, in an account of their own there. It stops when dropped; the tables stay.
#[derive(Debug)]
pub struct External {
    address: SocketAddr,
    serving: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Why another engine can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ExternalError {
    /// No thread or port was to be had.
    #[error("cannot serve DynamoDB on a loopback port: {0}")]
    Serve(#[from] io::Error),
    /// It does not answer, or not in JSON.
    #[error("the engine at {engine} makes no table {table}: {reason}; start it, and name its host and port")]
    Table {
        /// Where it is.
        engine: SocketAddr,
        /// Which table.
        table: String,
        /// What it says.
        reason: String,
    },
}

impl External {
    /// Makes `tables` in an account that nobody else uses, and serves them on a free loopback port.
    pub fn start(engine: SocketAddr, tables: &[Table], ledger: Ledger) -> Result<Self, ExternalError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let front = {
            let _entered = runtime.enter();
            loopback::free()?
        };
        let address = front.local_addr()?;
        let by_name = tables.iter().map(|table| (table.name.clone(), table.clone())).collect();
        let endpoint =
            Endpoint::new(engine, by_name, ledger.into(), watch::channel(0).0).for_account(&account());
        let (serving, stopped) = oneshot::channel();
        let (made, are_made) = std::sync::mpsc::channel();
        let tables = tables.to_vec();
        let thread = std::thread::Builder::new().name("dynamodb-external".to_owned()).spawn(move || {
            runtime.block_on(async {
                // Who asked for this waits for it.
                let _ = made.send(make(&endpoint, engine, &tables).await);
                tokio::select! {
                    () = endpoint.serve(front) => {}
                    // An error means that the sender was dropped, which is how this ends.
                    _ = stopped => {}
                }
            });
        })?;
        are_made.recv().map_err(io::Error::other)??;
        Ok(Self { address, serving: Some(serving), thread: Some(thread) })
    }

    /// Where it answers, as an SDK wants it.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }
}

async fn make(endpoint: &Endpoint, engine: SocketAddr, tables: &[Table]) -> Result<(), ExternalError> {
    for table in tables {
        let failed = |reason: String| ExternalError::Table { engine, table: table.name.clone(), reason };
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("x-amz-target", "DynamoDB_20120810.CreateTable"),
            ("content-type", "application/x-amz-json-1.0"),
        ] {
            headers.insert(name, axum::http::HeaderValue::from_static(value));
        }
        let answer = endpoint.forward(headers, table.create.to_string().into()).await;
        let answer = answer.map_err(|refusal| failed(refusal.to_string()))?;
        let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
        let said: Value = body
            .map_err(|error| failed(error.to_string()))
            .and_then(|body| serde_json::from_slice(&body).map_err(|error| failed(error.to_string())))?;
        if said["TableDescription"].is_null() {
            return Err(failed(said.to_string()));
        }
    }
    Ok(())
}

/// An account's number: of twelve digits, and another for each call, in whatever process.
fn account() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let number = u64::from(now.subsec_nanos()) + now.as_secs() * 1_000_000_000;
    format!("{:012}", (number + NEXT.fetch_add(1, Ordering::Relaxed)) % 1_000_000_000_000)
}

impl Drop for External {
    fn drop(&mut self) {
        self.serving.take();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has said so on standard error.
            let _ = thread.join();
        }
    }
}
