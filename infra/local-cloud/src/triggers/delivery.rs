//! A batch on its way through the function: tried again, split, or given up on, until nothing of it is left.

use std::time::{Duration, Instant, SystemTime};

use axum::body::Bytes;
use serde_json::json;

use super::answer::Answer;
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

/// How long the first retry waits; each further one twice as long as the one before, up to the longest.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How a trigger's batches are delivered.
#[derive(Debug)]
pub(super) struct Delivery<I> {
    trigger: StreamTrigger,
    functions: I,
    queues: Queues,
    console: Console,
    faults: FaultInjector,
}

/// What became of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// Every record was handled, or given up on.
    Handled,
    /// Lambda is stopping: the next run goes on.
    Stopped,
}

/// Records that are tried together.
#[derive(Debug)]
struct Attempt {
    records: Vec<Record>,
    /// How often they failed together, splits not counted, as AWS has it.
    failures: u32,
    /// How often the function was invoked with them.
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

    /// Delivers records in order. What is handled is recorded in their source as it goes.
    pub(super) async fn deliver(
        &self,
        records: Vec<Record>,
        source: &mut Source,
    ) -> Result<Outcome, TriggerError> {
        // The last is the next: the second half of a split batch waits below the first.
        let mut waiting = vec![Attempt { records, failures: 0, invocations: 0 }];
        while let Some(mut attempt) = waiting.pop() {
            self.drop_aged(&mut attempt, source).await?;
            if attempt.records.is_empty() {
                continue;
            }
            let begun = Instant::now();
            let (served, invoked) = self.invoke(&attempt.records).await;
            let answer = match invoked {
                Err(InvokeError::Stopped) => return Ok(Outcome::Stopped),
                Err(_) => Answer::Failed,
                Ok(answer) if self.trigger.partial_responses => Answer::read(&answer, &attempt.records),
                Ok(_) => Answer::Done,
            };
            attempt.invocations += 1;
            let say = |outcome: &str| {
                let records = attempt.records.len();
                self.console.batch(&self.trigger.id, records, outcome, begun.elapsed(), &served);
            };
            match answer {
                Answer::Done => {
                    say("done");
                    mark_done(&attempt.records, source).await?;
                }
                Answer::FailedFrom(index @ 1..) => {
                    say(&format!("{index} done, the rest failed"));
                    let rest = attempt.records.split_off(index);
                    mark_done(&attempt.records, source).await?;
                    // Progress: what is left is a batch of its own.
                    waiting.push(Attempt { records: rest, failures: 0, invocations: 0 });
                    tokio::time::sleep(FIRST_WAIT).await;
                }
                Answer::Failed if self.trigger.bisect && attempt.records.len() > 1 => {
                    say("failed, and is split");
                    let half = attempt.records.split_off(attempt.records.len() / 2);
                    let Attempt { failures, invocations, .. } = attempt;
                    waiting.push(Attempt { records: half, failures, invocations });
                    waiting.push(attempt);
                    tokio::time::sleep(wait(failures)).await;
                }
                // Here AWS would split at the record that failed, which is the first, so there is nothing to split.
                Answer::Failed | Answer::FailedFrom(_) => {
                    attempt.failures += 1;
                    if self.trigger.maximum_retries.is_some_and(|most| attempt.failures > most) {
                        say("failed for good");
                        self.give_up(&attempt, Condition::RetryAttemptsExhausted, source).await?;
                    } else {
                        say(&format!("failed, retry {}", attempt.failures));
                        tokio::time::sleep(wait(attempt.failures - 1)).await;
                        waiting.push(attempt);
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
        if fault.is_double() {
            // As if the answer had been lost: only the second counts.
            let _ = self.functions.invoke(&self.trigger.function, event.clone()).await;
        }
        self.functions.invoke_named(&self.trigger.function, event).await
    }

    /// Gives up on the records that are too old by now: the first of them, since they are in order.
    async fn drop_aged(&self, attempt: &mut Attempt, source: &mut Source) -> Result<(), TriggerError> {
        let Some(most) = self.trigger.maximum_age else { return Ok(()) };
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let is_aged = |record: &Record| now.as_secs_f64() - record.created > most.as_secs_f64();
        let first_young = attempt.records.iter().position(|record| !is_aged(record));
        let young = attempt.records.split_off(first_young.unwrap_or(attempt.records.len()));
        if !attempt.records.is_empty() {
            self.give_up(attempt, Condition::RecordAgeExceeded, source).await?;
        }
        attempt.records = young;
        Ok(())
    }

    async fn give_up(
        &self,
        attempt: &Attempt,
        condition: Condition,
        source: &mut Source,
    ) -> Result<(), TriggerError> {
        let Attempt { records, invocations, .. } = attempt;
        let count = records.len();
        if let Some(queue) = &self.trigger.on_failure {
            let message =
                failure::message(&self.trigger.function, &source.arn()?, records, condition, *invocations);
            if let Err(error) = self.queues.send(queue, message.to_string()) {
                self.console.warning(&self.trigger.id, &error.to_string());
            }
            self.console.warning(&self.trigger.id, &format!("gave up on {count} ({condition}), see {queue}"));
        } else {
            self.console
                .warning(&self.trigger.id, &format!("gave up on {count} ({condition}), which are lost"));
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

/// How long to wait after this many failures.
fn wait(failures: u32) -> Duration {
    FIRST_WAIT.saturating_mul(2_u32.saturating_pow(failures)).min(LONGEST_WAIT)
}
