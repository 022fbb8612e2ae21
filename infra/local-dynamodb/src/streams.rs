//! The streams of tables, for triggers. They are read in the process: over HTTP, the engine does not say whether TTL deleted
//! an item.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use dynoxide::actions::get_records::GetRecordsRequest;
use dynoxide::actions::get_shard_iterator::GetShardIteratorRequest;
use dynoxide::{Database, DynoxideError};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::watch;

use sam_template::stream_arn;
use sam_template::{REGION, Table};

/// Maximum number of records per request to the engine.
const STEP: usize = 25;
/// Maximum size of a page in DynamoDB: 1 MB.
const LARGEST_PAGE: usize = 1024 * 1024;
/// Maximum wait of a reader without a write.
const SAFETY_NET: Duration = Duration::from_secs(1);

/// The streams of all tables that have one. Cheap to clone; each clone waits for writes separately.
#[derive(Clone)]
pub struct Streams {
    database: Database,
    /// Streams by the logical id of the table.
    by_table: Arc<BTreeMap<String, Stream>>,
    writes: watch::Receiver<u64>,
}

#[derive(Debug, Clone)]
struct Stream {
    /// The table's name.
    table: String,
    /// The stream view type.
    view: String,
}

/// A position between two records of a stream. It stays valid after a restart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(String);

/// A page of records, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The records, as in a Lambda event.
    pub records: Vec<Value>,
    /// The position after the last record.
    pub end: Position,
    /// Whether the stream may have more records already.
    pub more: bool,
}

/// A stream cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// No table with a stream has this logical id.
    #[error("table {0} has no stream: declare its StreamSpecification")]
    NoStream(String),
    /// The engine failed.
    #[error("cannot read the stream: {0}")]
    Engine(#[from] DynoxideError),
    /// A record does not have the form of DynamoDB.
    #[error("cannot read a stream's record: {0}")]
    Record(#[from] serde_json::Error),
}

impl Streams {
    pub(crate) fn new(database: Database, tables: &[Table], writes: watch::Receiver<u64>) -> Self {
        let stream = |table: &Table| {
            let view = table.stream_view.clone()?;
            Some((table.id.clone(), Stream { table: table.name.clone(), view }))
        };
        Self { database, by_table: Arc::new(tables.iter().filter_map(stream).collect()), writes }
    }

    /// Returns the ARN of the stream of a table, by the logical id of the table.
    ///
    /// # Errors
    /// If no table with a stream has this logical id.
    pub fn arn(&self, table: &str) -> Result<String, StreamError> {
        Ok(stream_arn(&self.stream(table)?.table))
    }

    /// Returns the position before the oldest record.
    ///
    /// # Errors
    /// If there is no such stream, or the engine fails.
    pub async fn beginning(&self, table: &str) -> Result<Position, StreamError> {
        self.position(table, "TRIM_HORIZON", None).await
    }

    /// Returns the position after the newest record.
    ///
    /// # Errors
    /// If there is no such stream, or the engine fails.
    pub async fn end(&self, table: &str) -> Result<Position, StreamError> {
        self.position(table, "LATEST", None).await
    }

    /// Returns the position after the record with a sequence number.
    ///
    /// # Errors
    /// If there is no such stream, or the engine fails.
    pub async fn after(&self, table: &str, sequence_number: &str) -> Result<Position, StreamError> {
        self.position(table, "AFTER_SEQUENCE_NUMBER", Some(sequence_number.to_owned())).await
    }

    /// Reads records from a position: at most `limit`, and about 1 MB.
    ///
    /// # Errors
    /// If there is no such stream, or the engine fails.
    pub async fn read(&self, table: &str, from: &Position, limit: usize) -> Result<Page, StreamError> {
        let stream = self.stream(table)?.clone();
        let (database, mut end) = (self.database.clone(), from.clone());
        let read = move || {
            let (mut records, mut size, mut more) = (Vec::new(), 0, true);
            while more && records.len() < limit && size < LARGEST_PAGE {
                let step = STEP.min(limit - records.len());
                let request = GetRecordsRequest { shard_iterator: end.0, limit: Some(step) };
                let answer = database.get_records(request)?;
                more = answer.records.len() == step;
                end = Position(answer.next_shard_iterator.unwrap_or_default());
                for record in answer.records {
                    size += usize::try_from(record.dynamodb.size_bytes).unwrap_or(0);
                    records.extend(stream.word(serde_json::to_value(record)?));
                }
            }
            Ok(Page { records, end, more })
        };
        blocking(read).await
    }

    /// Waits for a write since the last call, or for a second, so that a write past the endpoint is noticed, too.
    pub async fn written(&mut self) {
        if let Ok(Err(_)) = tokio::time::timeout(SAFETY_NET, self.writes.changed()).await {
            // DynamoDB has stopped, and this task will stop soon. Waiting avoids a busy loop.
            tokio::time::sleep(SAFETY_NET).await;
        }
    }

    /// Returns the number of writes so far. A read that begins now finds their records.
    #[must_use]
    pub fn writes(&self) -> u64 {
        *self.writes.borrow()
    }

    fn stream(&self, table: &str) -> Result<&Stream, StreamError> {
        self.by_table.get(table).ok_or_else(|| StreamError::NoStream(table.to_owned()))
    }

    async fn position(
        &self,
        table: &str,
        kind: &str,
        sequence_number: Option<String>,
    ) -> Result<Position, StreamError> {
        let name = &self.stream(table)?.table;
        let request = GetShardIteratorRequest {
            stream_arn: stream_arn(name),
            shard_id: dynoxide::streams::shard_id(name),
            shard_iterator_type: kind.to_owned(),
            sequence_number,
        };
        let database = self.database.clone();
        let answer = blocking(move || database.get_shard_iterator(request)).await?;
        Ok(Position(answer.shard_iterator.unwrap_or_default()))
    }
}

/// Runs `work` on a thread that may block. If the runtime ends before the thread begins, this never returns: the task that
/// waits for it ends, too.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => std::future::pending().await,
        },
    }
}

impl fmt::Debug for Streams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streams").field("by_table", &self.by_table).finish_non_exhaustive()
    }
}

impl Stream {
    /// Corrects a record to AWS's form. Returns `None` for a write that changed nothing, for which AWS has no record.
    fn word(&self, mut record: Value) -> Option<Value> {
        let change = &mut record["dynamodb"];
        if change["NewImage"].is_object() && change["NewImage"] == change["OldImage"] {
            return None;
        }
        let shown: &[&str] = match self.view.as_str() {
            "NEW_IMAGE" => &["NewImage"],
            "OLD_IMAGE" => &["OldImage"],
            "NEW_AND_OLD_IMAGES" => &["NewImage", "OldImage"],
            _ => &[],
        };
        if let Some(change) = change.as_object_mut() {
            change.retain(|field, _| !field.ends_with("Image") || shown.contains(&field.as_str()));
        }
        change["StreamViewType"] = self.view.as_str().into();
        record["awsRegion"] = REGION.into();
        record["eventSourceARN"] = stream_arn(&self.table).into();
        Some(record)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn a_task_that_waits_for_a_thread_ends_with_its_runtime() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .max_blocking_threads(1)
            .build()
            .unwrap();
        let (end, ended) = mpsc::channel::<()>();
        runtime.spawn_blocking(move || ended.recv());
        let (signal, signalled) = mpsc::channel();
        let task = runtime.spawn(async move {
            signal.send(()).unwrap();
            blocking(|| ()).await;
        });
        signalled.recv().unwrap();
        runtime.shutdown_background();
        drop(end);
        let other = tokio::runtime::Builder::new_current_thread().build().unwrap();
        assert!(other.block_on(task).unwrap_err().is_cancelled());
    }
}
