//! A trigger's place in its stream, and the batches from there on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;
use tokio::time::Instant;

use super::checkpoint::Checkpoint;
use super::error::TriggerError;
use super::lane::Lane;
use super::pace::Pace;
use crate::options::Poll;
use local_dynamodb::{Position, StreamError, Streams};
use sam_template::{StartingPosition, StreamTrigger};

/// How large the records of one invocation may be: Lambda takes 6 MB, their mapping included.
const LARGEST_BATCH: usize = 6 * 1024 * 1024 - 1024;

/// A stream, read for a trigger.
#[derive(Debug)]
pub(super) struct Source {
    trigger: StreamTrigger,
    streams: Streams,
    lane: Lane,
    pace: Pace,
    checkpoint: Checkpoint,
    /// How far the function has come.
    position: Position,
    /// Of how many writes all records were delivered.
    delivered: Arc<AtomicU64>,
}

/// A record that the trigger wants.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record {
    /// As it stands in the event.
    pub(super) json: Value,
    /// Its place in the stream.
    pub(super) sequence_number: String,
    /// When it was written, in seconds since 1970.
    pub(super) created: f64,
}

/// The next records for the function. None, if the trigger wanted none of those that there were.
#[derive(Debug)]
pub(super) struct Batch {
    /// The records, oldest first.
    pub(super) records: Vec<Record>,
    /// The place behind the last of them, and behind those that nobody wanted.
    pub(super) end: Position,
}

impl Source {
    /// Goes on where an earlier run came to, or begins where the trigger says.
    pub(super) async fn open(
        trigger: StreamTrigger,
        lane: Lane,
        streams: Streams,
        poll: Poll,
        checkpoint: Checkpoint,
    ) -> Result<Self, TriggerError> {
        let position = match (checkpoint.load()?, trigger.starting_position) {
            (Some(position), _) => position,
            (None, StartingPosition::TrimHorizon) => streams.beginning(&trigger.table).await?,
            (None, StartingPosition::Latest) if checkpoint.had_other_lanes() => {
                streams.beginning(&trigger.table).await?
            }
            (None, StartingPosition::Latest) => streams.end(&trigger.table).await?,
        };
        // Kept at once: what the next run finds behind the newest record of now is not to be skipped.
        checkpoint.save(&position)?;
        let delivered = Arc::default();
        Ok(Self { trigger, lane, pace: Pace::new(poll), streams, checkpoint, position, delivered })
    }

    /// Of how many writes all records were delivered, or not wanted. See [`Streams::writes`].
    pub(super) fn delivered(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.delivered)
    }

    /// Waits for the next batch: a full one, or the records there are when the batching window closes. Without a window,
    /// the read that finds records completes the batch.
    pub(super) async fn next(&mut self) -> Result<Batch, StreamError> {
        let (mut batch, mut size) = (Batch { records: Vec::new(), end: self.position.clone() }, 0);
        let mut closes = None;
        self.pace.read().await;
        loop {
            let wanted = self.trigger.batch_size - batch.records.len();
            let writes = self.streams.writes();
            let page = self.streams.read(&self.trigger.table, &batch.end, wanted).await?;
            for json in page.records.into_iter().filter(|record| self.wants(record)) {
                size += json.to_string().len() + 1;
                if size > LARGEST_BATCH && !batch.records.is_empty() {
                    return self.cut(batch.records).await;
                }
                batch.records.push(Record::of(json));
            }
            let moved = batch.end != page.end;
            batch.end = page.end;
            if batch.records.len() >= self.trigger.batch_size || (moved && batch.records.is_empty()) {
                return Ok(batch);
            }
            let next_read = self.pace.next_read(&mut self.streams, page.more);
            if batch.records.is_empty() {
                if !page.more {
                    self.delivered.store(writes, Ordering::Relaxed);
                }
                next_read.await;
                continue;
            }
            let closes = *closes.get_or_insert_with(|| Instant::now() + self.trigger.batching_window);
            // A timer needs at least a millisecond: without a window, the next read would come first.
            if closes <= Instant::now() {
                return Ok(batch);
            }
            tokio::select! {
                biased;
                () = tokio::time::sleep_until(closes) => return Ok(batch),
                () = next_read => {}
            }
        }
    }

    /// Orders that the function has come to this place.
    pub(super) fn done(&mut self, position: Position) -> Result<(), TriggerError> {
        if position != self.position {
            self.checkpoint.save(&position)?;
            self.position = position;
        }
        Ok(())
    }

    /// Orders that the function has handled this record and all before it.
    pub(super) async fn done_with(&mut self, record: &Record) -> Result<(), TriggerError> {
        let position = self.streams.after(&self.trigger.table, &record.sequence_number).await?;
        self.done(position)
    }

    /// The ARN of the stream.
    pub(super) fn arn(&self) -> Result<String, StreamError> {
        self.streams.arn(&self.trigger.table)
    }

    fn wants(&self, record: &Value) -> bool {
        let filters = &self.trigger.filters;
        self.lane.has(record) && (filters.is_empty() || filters.iter().any(|filter| filter.matches(record)))
    }

    /// A batch that ends with the last of these records, although more were read.
    async fn cut(&self, records: Vec<Record>) -> Result<Batch, StreamError> {
        let end = match records.last() {
            Some(last) => self.streams.after(&self.trigger.table, &last.sequence_number).await?,
            None => self.position.clone(),
        };
        Ok(Batch { records, end })
    }
}

impl Record {
    fn of(json: Value) -> Self {
        let change = &json["dynamodb"];
        let sequence_number = change["SequenceNumber"].as_str().unwrap_or_default().to_owned();
        let created = change["ApproximateCreationDateTime"].as_f64().unwrap_or_default();
        Self { json, sequence_number, created }
    }
}
