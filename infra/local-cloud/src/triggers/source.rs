//! The position of a trigger in its stream, and its next batch.

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

/// The maximum size of a batch in bytes: Lambda's 6 MB, less the envelope of the event.
const MAXIMUM_BATCH_SIZE: usize = 6 * 1024 * 1024 - 1024;

/// A stream, read for a trigger.
#[derive(Debug)]
pub(super) struct Source {
    trigger: StreamTrigger,
    streams: Streams,
    lane: Lane,
    pace: Pace,
    checkpoint: Checkpoint,
    /// The position after the last settled record.
    position: Position,
    /// Number of writes whose records were all delivered.
    delivered: Arc<AtomicU64>,
}

/// A record that passes the trigger's filters.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Record {
    /// The record as the event contains it.
    pub(super) json: Value,
    /// Its sequence number in the stream.
    pub(super) sequence_number: String,
    /// Creation time in Unix seconds.
    pub(super) created: f64,
}

/// The next records for the function. It is empty if no record passed the filters.
#[derive(Debug)]
pub(super) struct Batch {
    /// The records, oldest first.
    pub(super) records: Vec<Record>,
    /// The position after the last record, including the records that the filters removed.
    pub(super) end: Position,
}

impl Source {
    /// Opens the stream at the checkpoint, or at the starting position of the trigger.
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
        // Saved at once: with `LATEST`, the next run must not skip the records that are written from now on.
        checkpoint.save(&position)?;
        let delivered = Arc::default();
        Ok(Self { trigger, lane, pace: Pace::new(poll), streams, checkpoint, position, delivered })
    }

    /// Returns the number of writes whose records were all delivered or filtered out. See [`Streams::writes`].
    pub(super) fn delivered(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.delivered)
    }

    /// Waits for the next batch. It is complete when it is full or when the batching window closes. Without a window,
    /// the first read that finds records completes it.
    pub(super) async fn next(&mut self) -> Result<Batch, StreamError> {
        let (mut batch, mut size) = (Batch { records: Vec::new(), end: self.position.clone() }, 0);
        let mut closes = None;
        self.pace.read().await;
        loop {
            let missing = self.trigger.batch_size - batch.records.len();
            let writes = self.streams.writes();
            let page = self.streams.read(&self.trigger.table, &batch.end, missing).await?;
            for json in page.records.into_iter().filter(|record| self.wants(record)) {
                size += json.to_string().len() + 1;
                if size > MAXIMUM_BATCH_SIZE && !batch.records.is_empty() {
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
            // A timer takes at least a millisecond. Without a window, the next read would win.
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

    /// Records that everything before this position is settled.
    pub(super) fn done(&mut self, position: Position) -> Result<(), TriggerError> {
        if position != self.position {
            self.checkpoint.save(&position)?;
            self.position = position;
        }
        Ok(())
    }

    /// Records that this record and all earlier ones are settled.
    pub(super) async fn done_with(&mut self, record: &Record) -> Result<(), TriggerError> {
        let position = self.streams.after(&self.trigger.table, &record.sequence_number).await?;
        self.done(position)
    }

    /// Returns the ARN of the stream.
    pub(super) fn arn(&self) -> Result<String, StreamError> {
        self.streams.arn(&self.trigger.table)
    }

    fn wants(&self, record: &Value) -> bool {
        let filters = &self.trigger.filters;
        self.lane.has(record) && (filters.is_empty() || filters.iter().any(|filter| filter.matches(record)))
    }

    /// Returns a batch that ends with the last of these records, although more were read.
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
