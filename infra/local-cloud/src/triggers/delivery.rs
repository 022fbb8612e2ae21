//! The delivery of a batch: retries, splits or drops it until every record is settled.

use std::time::{Duration, Instant, SystemTime};

use axum::body::Bytes;
use serde_json::json;

use super::batch_response::BatchResponse;
use super::duplicate_delivery::DuplicateDelivery;
use super::error::TriggerError;
use super::failure::{self, Condition};
use super::invoke::Invoke;
use super::source::{Record, Source};
use crate::console::{Console, Served};
use crate::lambda::InvokeError;
use crate::queues::Queues;
use local_service::faults::FaultInjector;
use sam_template::StreamTrigger;

/// The delay of the first retry. It doubles with every further retry, up to the maximum.
const FIRST_DELAY: Duration = Duration::from_millis(100);
const MAXIMUM_DELAY: Duration = Duration::from_secs(10);

/// Delivers the batches of a trigger.
#[derive(Debug)]
pub(super) struct Delivery<I> {
    trigger: StreamTrigger,
    functions: I,
    queues: Queues,
    console: Console,
    faults: FaultInjector,
}

/// The outcome of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Every record was processed or dropped.
    Handled,
    /// Lambda is stopping. The next run continues.
    Stopped,
}

/// Records that the function receives together.
#[derive(Debug)]
struct Attempt {
    records: Vec<Record>,
    /// Number of failures. Splits do not count, as on AWS.
    failures: u32,
    /// Number of invocations with these records.
    invocations: u32,
}

impl<I: Invoke> Delivery<I> {
    pub(super) fn new(
        trigger: StreamTrigger,
        functions: I,
        queues: Queues,
        console: Console,
        faults: FaultInjector,
    ) -> Self {
        Self { trigger, functions, queues, console, faults }
    }

    /// Delivers records in order. It advances the source as records are settled.
    pub(super) async fn deliver(
        &self,
        records: Vec<Record>,
        source: &mut Source,
    ) -> Result<Outcome, TriggerError> {
        // A stack: the second half of a split batch lies below the first.
        let mut attempts = vec![Attempt { records, failures: 0, invocations: 0 }];
        while let Some(mut attempt) = attempts.pop() {
            self.drop_aged(&mut attempt, source).await?;
            if attempt.records.is_empty() {
                continue;
            }
            let begun = Instant::now();
            let (served, invoked) = self.invoke(&attempt.records).await;
            let response = match invoked {
                Err(InvokeError::Stopped) => return Ok(Outcome::Stopped),
                Err(_) => BatchResponse::Failed,
                Ok(response) if self.trigger.partial_responses => {
                    BatchResponse::read(&response, &attempt.records)
                }
                Ok(_) => BatchResponse::Done,
            };
            attempt.invocations += 1;
            let print = |outcome: &str| {
                let records = attempt.records.len();
                self.console.batch(&self.trigger.id, records, outcome, begun.elapsed(), &served);
            };
            match response {
                BatchResponse::Done => {
                    print("done");
                    mark_done(&attempt.records, source).await?;
                }
                BatchResponse::FailedFrom(index @ 1..) => {
                    print(&format!("{index} done, the rest failed"));
                    let rest = attempt.records.split_off(index);
                    mark_done(&attempt.records, source).await?;
                    // After progress, the rest counts as a new batch.
                    attempts.push(Attempt { records: rest, failures: 0, invocations: 0 });
                    tokio::time::sleep(FIRST_DELAY).await;
                }
                BatchResponse::Failed if self.trigger.bisect && attempt.records.len() > 1 => {
                    print("failed, split in two");
                    let half = attempt.records.split_off(attempt.records.len() / 2);
                    let Attempt { failures, invocations, .. } = attempt;
                    attempts.push(Attempt { records: half, failures, invocations });
                    attempts.push(attempt);
                    tokio::time::sleep(delay(failures)).await;
                }
                // AWS splits at the failed record. Here that is the first record, so there is nothing to split.
                BatchResponse::Failed | BatchResponse::FailedFrom(_) => {
                    attempt.failures += 1;
                    if self.trigger.maximum_retries.is_some_and(|most| attempt.failures > most) {
                        print("failed, no retries left");
                        self.drop_records(&attempt, Condition::RetryAttemptsExhausted, source).await?;
                    } else {
                        print(&format!("failed, retry {}", attempt.failures));
                        tokio::time::sleep(delay(attempt.failures - 1)).await;
                        attempts.push(attempt);
                    }
                }
            }
        }
        Ok(Outcome::Handled)
    }

    async fn invoke(&self, records: &[Record]) -> (Served, Result<Bytes, InvokeError>) {
        let fault = DuplicateDelivery::of(&self.trigger, &self.faults);
        fault.wait().await;
        let event = Bytes::from(json!({ "Records": fault.order(records) }).to_string());
        if fault.is_duplicate() {
            // As if the first response had been lost: only the second counts.
            let _ = self.functions.invoke(&self.trigger.function, event.clone()).await;
        }
        self.functions.invoke_named(&self.trigger.function, event).await
    }

    /// Drops the records that exceed the maximum age. They come first, since records are in order.
    async fn drop_aged(&self, attempt: &mut Attempt, source: &mut Source) -> Result<(), TriggerError> {
        let Some(most) = self.trigger.maximum_age else { return Ok(()) };
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let is_aged = |record: &Record| now.as_secs_f64() - record.created > most.as_secs_f64();
        let first_young = attempt.records.iter().position(|record| !is_aged(record));
        let young = attempt.records.split_off(first_young.unwrap_or(attempt.records.len()));
        if !attempt.records.is_empty() {
            self.drop_records(attempt, Condition::RecordAgeExceeded, source).await?;
        }
        attempt.records = young;
        Ok(())
    }

    /// Drops records. Describes them in a message to the `OnFailure` queue, if there is one.
    async fn drop_records(
        &self,
        attempt: &Attempt,
        condition: Condition,
        source: &mut Source,
    ) -> Result<(), TriggerError> {
        let Attempt { records, invocations, .. } = attempt;
        let count = match records.len() {
            1 => "1 record".to_owned(),
            count => format!("{count} records"),
        };
        if let Some(queue) = &self.trigger.on_failure {
            let message =
                failure::message(&self.trigger.function, &source.arn()?, records, condition, *invocations);
            if let Err(error) = self.queues.send(queue, message.to_string()) {
                self.console.warning(&self.trigger.id, &error.to_string());
            }
            let text = format!("dropped {count} ({condition}): see the queue {queue}");
            self.console.warning(&self.trigger.id, &text);
        } else {
            let text = format!(
                "dropped {count} ({condition}): add an OnFailure destination to the event to see which"
            );
            self.console.warning(&self.trigger.id, &text);
        }
        mark_done(records, source).await
    }
}

async fn mark_done(records: &[Record], source: &mut Source) -> Result<(), TriggerError> {
    match records.last() {
        Some(last) => source.done_with(last).await,
        None => Ok(()),
    }
}

/// Returns the delay of the retry after this many earlier failures.
fn delay(failures: u32) -> Duration {
    FIRST_DELAY.saturating_mul(2_u32.saturating_pow(failures)).min(MAXIMUM_DELAY)
}
