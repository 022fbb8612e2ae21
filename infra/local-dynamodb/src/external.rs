//! The same endpoint in front of another engine, so that tests can compare the two engines.

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

/// Tables in another engine, in a separate account. The endpoint stops when dropped. The tables remain.
#[derive(Debug)]
pub struct External {
    address: SocketAddr,
    serving: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// The other engine cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ExternalError {
    /// No thread or port is available.
    #[error("cannot serve DynamoDB on a loopback port: {0}")]
    Serve(#[from] io::Error),
    /// The engine does not respond, or not in JSON.
    #[error(
        "the engine at {engine} cannot create table {table}: {reason}; start the engine, and check its host and port"
    )]
    Table {
        /// The address of the engine.
        engine: SocketAddr,
        /// The table.
        table: String,
        /// The cause.
        reason: String,
    },
}

impl External {
    /// Creates `tables` in a new account, and serves them on a free loopback port.
    ///
    /// # Errors
    /// If no port is free, or the engine does not create a table.
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
                // The caller waits for the outcome.
                let _ = made.send(make(&endpoint, engine, &tables).await);
                tokio::select! {
                    () = endpoint.serve(front) => {}
                    // An error means that the sender was dropped, which stops the endpoint.
                    _ = stopped => {}
                }
            });
        })?;
        are_made.recv().map_err(io::Error::other)??;
        Ok(Self { address, serving: Some(serving), thread: Some(thread) })
    }

    /// Returns the endpoint URL for an SDK.
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
        let description: Value = body
            .map_err(|error| failed(error.to_string()))
            .and_then(|body| serde_json::from_slice(&body).map_err(|error| failed(error.to_string())))?;
        if description["TableDescription"].is_null() {
            return Err(failed(description.to_string()));
        }
    }
    Ok(())
}

/// Returns an account number of twelve digits, different for each call and process.
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
            // A panicked thread has printed its message.
            let _ = thread.join();
        }
    }
}
