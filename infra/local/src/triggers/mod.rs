//! Stream triggers, which AWS calls event source mappings: what a table's stream records reaches a function, in
//! batches, in order, again if it fails, and into a queue if it fails for good.
//!
//! - `filter`: which records are wanted
//! - `source`: a trigger's place in its stream, and the batches from there on
//! - `lane`: a part of its records, so that several batches are under way at once
//! - `pace`: how often it looks for records
//! - `delivery`: a batch on its way through the function
//! - `misdelivery`: batches that come late, twice, or in another order, on purpose
//! - `answer`: what a function's answer says of its batch
//! - `failure`: what a queue is told of records that were given up on
//! - `checkpoint`: places in streams that survive the process

mod answer;
mod checkpoint;
mod delivery;
mod failure;
mod filter;
mod invoke;
mod lane;
mod misdelivery;
mod pace;
mod source;

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinSet;

pub use filter::{Pattern, PatternError};
pub use invoke::Invoke;

use crate::console::Console;
use crate::dynamodb::{StreamError, Streams};
use crate::faults::Faults;
use crate::options::{Data, Poll};
use crate::queues::Queues;
use crate::template::StreamTrigger;
use checkpoint::Checkpoint;
use delivery::{Delivery, Outcome};
use lane::Lane;
use source::Source;

/// How long a trigger rests when its stream or its checkpoint fails it.
const REST: Duration = Duration::from_secs(1);

/// The running triggers. They stop when this is dropped.
#[derive(Debug)]
pub struct Triggers {
    _running: JoinSet<()>,
    /// Of each lane, of how many writes all records were delivered.
    delivered: Vec<Arc<AtomicU64>>,
}

/// What a run decides, and no template says.
#[derive(Debug, Clone, Default)]
pub struct Setting {
    /// How often triggers look for records.
    pub poll: Poll,
    /// What goes wrong on purpose.
    pub faults: Faults,
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
        setting: Setting,
        data: &Data,
    ) -> Result<Self, TriggerError> {
        let (mut running, mut delivered) = (JoinSet::new(), Vec::new());
        let lanes = triggers
            .iter()
            .flat_map(|trigger| Lane::all(trigger.parallelization_factor).map(move |lane| (trigger, lane)));
        for (trigger, lane) in lanes {
            let checkpoint = Checkpoint::of(trigger, lane, data);
            let source =
                Source::open(trigger.clone(), lane, streams.clone(), setting.poll, checkpoint).await?;
            delivered.push(source.delivered());
            let (functions, queues, console) = (functions.clone(), queues.clone(), console.clone());
            let delivery =
                Delivery::new(trigger.clone(), functions, queues, console.clone(), setting.faults.clone());
            running.spawn(run(trigger.id.clone(), source, delivery, console));
        }
        Ok(Self { _running: running, delivered })
    }

    /// Whether all records of this many writes were delivered. See [`Streams::writes`].
    pub(crate) fn have_delivered(&self, writes: u64) -> bool {
        self.delivered.iter().all(|lane| lane.load(Ordering::Relaxed) >= writes)
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
