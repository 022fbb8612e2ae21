//! Runs the triggers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use local_dynamodb::{Data, Streams};
use local_service::faults::FaultInjector;
use sam_template::StreamTrigger;
use tokio::task::JoinSet;

use super::checkpoint::Checkpoint;
use super::delivery::{Delivery, Outcome};
use super::error::TriggerError;
use super::invoke::Invoke;
use super::lane::Lane;
use super::source::Source;
use crate::console::Console;
use crate::options::Poll;
use crate::queues::Queues;

/// The delay after a failure of the stream or the checkpoint.
const RETRY_DELAY: Duration = Duration::from_secs(1);

/// The running triggers. They stop when this is dropped.
#[derive(Debug)]
pub struct Triggers {
    _running: JoinSet<()>,
    /// For each lane, the number of writes whose records were all delivered.
    delivered: Vec<Arc<AtomicU64>>,
}

/// The settings of triggers that the template does not contain.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// How often triggers poll.
    pub poll: Poll,
    /// Injects faults into deliveries.
    pub faults: FaultInjector,
}

impl Triggers {
    /// Starts all triggers. They receive every write from now on.
    ///
    /// # Errors
    /// If a checkpoint cannot be read or written, or a stream cannot be read.
    pub async fn start(
        triggers: &[StreamTrigger],
        streams: Streams,
        functions: impl Invoke,
        queues: Queues,
        console: Console,
        settings: Settings,
        data: &Data,
    ) -> Result<Self, TriggerError> {
        let (mut running, mut delivered) = (JoinSet::new(), Vec::new());
        let lanes = triggers
            .iter()
            .flat_map(|trigger| Lane::all(trigger.parallelization_factor).map(move |lane| (trigger, lane)));
        for (trigger, lane) in lanes {
            let checkpoint = Checkpoint::of(trigger, lane, data);
            let source =
                Source::open(trigger.clone(), lane, streams.clone(), settings.poll, checkpoint).await?;
            delivered.push(source.delivered());
            let (functions, queues, console) = (functions.clone(), queues.clone(), console.clone());
            let delivery =
                Delivery::new(trigger.clone(), functions, queues, console.clone(), settings.faults.clone());
            running.spawn(run(trigger.id.clone(), source, delivery, console));
        }
        Ok(Self { _running: running, delivered })
    }

    /// Returns whether all records of this many writes were delivered. See [`Streams::writes`].
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
                tokio::time::sleep(RETRY_DELAY).await;
            }
        }
    }
}

/// Delivers the next batch to the function.
async fn forward<I: Invoke>(source: &mut Source, delivery: &Delivery<I>) -> Result<Outcome, TriggerError> {
    let batch = source.next().await?;
    let outcome = delivery.deliver(batch.records, source).await?;
    if outcome == Outcome::Handled {
        source.done(batch.end)?;
    }
    Ok(outcome)
}
