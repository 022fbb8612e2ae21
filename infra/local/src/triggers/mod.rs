//! Stream triggers, which AWS calls event source mappings: what a table's stream records reaches a function, in
//! batches, in order, again if it fails, and into a queue if it fails for good.
//!
//! - `filter`: which records are wanted
//! - `source`: a trigger's place in its stream, and the batches from there on
//! - `delivery`: a batch on its way through the function
//! - `answer`: what a function's answer says of its batch
//! - `failure`: what a queue is told of records that were given up on
//! - `checkpoint`: places in streams that survive the process

mod answer;
mod checkpoint;
mod delivery;
mod failure;
mod filter;
mod invoke;
mod source;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use tokio::task::JoinSet;

pub use filter::{Pattern, PatternError};
pub use invoke::Invoke;

use crate::console::Console;
use crate::dynamodb::{StreamError, Streams};
use crate::options::Data;
use crate::queues::Queues;
use crate::template::StreamTrigger;
use checkpoint::Checkpoint;
use delivery::{Delivery, Outcome};
use source::Source;

/// How long a trigger rests when its stream or its checkpoint fails it.
const REST: Duration = Duration::from_secs(1);

/// The running triggers. They stop when this is dropped.
#[derive(Debug)]
pub struct Triggers {
    _running: JoinSet<()>,
}

/// Why a trigger cannot run.
#[derive(Debug, thiserror::Error)]
pub enum TriggerError {
    /// Its place in the stream cannot be read or kept.
    #[error("cannot keep a trigger's place in {}: {source}; choose another directory with --data, or use --memory", path.display())]
    Checkpoint {
        /// The file that holds it.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Its stream cannot be read.
    #[error(transparent)]
    Stream(#[from] StreamError),
}

impl Triggers {
    /// Starts all triggers. What is written from now on reaches them.
    pub async fn start(
        triggers: &[StreamTrigger],
        streams: Streams,
        functions: impl Invoke,
        queues: Queues,
        console: Console,
        data: &Data,
    ) -> Result<Self, TriggerError> {
        let mut running = JoinSet::new();
        for trigger in triggers {
            let checkpoint = Checkpoint::of(trigger, data);
            let source = Source::open(trigger.clone(), streams.clone(), checkpoint).await?;
            let delivery = Delivery::new(trigger.clone(), functions.clone(), queues.clone(), console.clone());
            running.spawn(run(trigger.id.clone(), source, delivery, console.clone()));
        }
        Ok(Self { _running: running })
    }
}

async fn run<I: Invoke>(trigger: String, mut source: Source, delivery: Delivery<I>, console: Console) {
    loop {
        match forward(&mut source, &delivery).await {
            Ok(Outcome::Handled) => {}
            Ok(Outcome::Stopped) => return,
            Err(error) => {
                console.warning(&trigger, &error.to_string());
                tokio::time::sleep(REST).await;
            }
        }
    }
}

/// Takes the next batch through the function.
async fn forward<I: Invoke>(source: &mut Source, delivery: &Delivery<I>) -> Result<Outcome, TriggerError> {
    let batch = source.next().await?;
    let outcome = delivery.deliver(batch.records, source).await?;
    if outcome == Outcome::Handled {
        source.done(batch.end)?;
    }
    Ok(outcome)
}
