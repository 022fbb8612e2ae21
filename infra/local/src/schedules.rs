//! Schedules, which AWS calls rules of EventBridge: a function is invoked every so often, whatever else happens.

use std::time::{Duration, Instant};

use axum::body::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{interval_at, sleep};

use crate::console::Console;
use crate::lambda::InvokeError;
use crate::template::{ACCOUNT, REGION, Schedule};
use crate::triggers::Invoke;

/// How long Lambda waits before it tries an event again that nobody waits for, after the first failure and the second.
const RETRIES: [Duration; 2] = [Duration::from_mins(1), Duration::from_mins(2)];

/// The running schedules. They stop when this is dropped.
#[derive(Debug)]
pub struct Schedules {
    _running: JoinSet<()>,
}

impl Schedules {
    /// Starts all schedules, so many times faster than on AWS. The first invocation is one interval away.
    pub fn start(schedules: &[Schedule], functions: &impl Invoke, console: &Console, hurry: u32) -> Self {
        let hurry = hurry.max(1);
        let running = schedules.iter().map(|schedule| Running {
            schedule: schedule.clone(),
            functions: functions.clone(),
            console: console.clone(),
            hurry,
        });
        Self { _running: running.map(Running::run).collect() }
    }
}

#[derive(Debug, Clone)]
struct Running<I> {
    schedule: Schedule,
    functions: I,
    console: Console,
    hurry: u32,
}

impl<I: Invoke> Running<I> {
    async fn run(self) {
        let every = self.schedule.every / self.hurry;
        let mut times = interval_at(tokio::time::Instant::now() + every, every);
        let mut invocations = JoinSet::new();
        loop {
            times.tick().await;
            // An invocation that takes long delays no other.
            invocations.spawn(self.clone().invoke());
            while invocations.try_join_next().is_some() {}
        }
    }

    /// Invokes the function, and again if it fails, as Lambda does with events that nobody waits for.
    async fn invoke(self) {
        let event = Bytes::from(event(&self.schedule, Timestamp::now()).to_string());
        for failures in 0.. {
            let begun = Instant::now();
            let (served, outcome) = self.functions.invoke_named(&self.schedule.function, event.clone()).await;
            let say =
                |outcome: &str| self.console.scheduled(&self.schedule.id, outcome, begun.elapsed(), &served);
            match (outcome, RETRIES.get(failures)) {
                (Ok(_), _) => return say("done"),
                (Err(InvokeError::Stopped), _) => return,
                (Err(_), None) => return say("failed for good"),
                (Err(_), Some(wait)) => {
                    say(&format!("failed, retry {}", failures + 1));
                    sleep(*wait / self.hurry).await;
                }
            }
        }
    }
}

/// What EventBridge sends.
fn event(schedule: &Schedule, time: Timestamp) -> Value {
    let rule = schedule.id.replace('.', "");
    json!({
        "version": "0",
        "id": uuid::Uuid::new_v4().to_string(),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "region": REGION,
        "resources": [format!("arn:aws:events:{REGION}:{ACCOUNT}:rule/{rule}")],
        "detail": {},
    })
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    /// A function that fails, or not.
    #[derive(Clone)]
    struct Function {
        fails: bool,
        events: mpsc::UnboundedSender<Value>,
    }

    impl Invoke for Function {
        async fn invoke(&self, function: &str, payload: Bytes) -> Result<Bytes, InvokeError> {
            assert_eq!(function, "KeepAlive");
            self.events.send(serde_json::from_slice(&payload).unwrap()).unwrap();
            if self.fails { Err(InvokeError::TooLarge) } else { Ok(Bytes::from("null")) }
        }
    }

    /// Runs a schedule of nine minutes, of which each takes 6 ms.
    fn run(fails: bool) -> (Schedules, mpsc::UnboundedReceiver<Value>) {
        let id = "KeepAlive.EveryNineMinutes".to_owned();
        let schedule = Schedule { id, function: "KeepAlive".to_owned(), every: Duration::from_mins(9) };
        let (events, invocations) = mpsc::unbounded_channel();
        let function = Function { fails, events };
        (Schedules::start(&[schedule], &function, &Console::quiet(), 10_000), invocations)
    }

    #[tokio::test]
    async fn a_function_is_invoked_every_so_often_with_the_event_that_aws_sends() {
        let begun = Instant::now();
        let (_schedules, mut invocations) = run(false);
        let first = invocations.recv().await.unwrap();
        assert!(begun.elapsed() >= Duration::from_millis(54), "not at once");
        assert_eq!(
            (&first["source"], &first["detail-type"]),
            (&json!("aws.events"), &json!("Scheduled Event"))
        );
        let rule = "arn:aws:events:us-east-1:123456789012:rule/KeepAliveEveryNineMinutes";
        assert_eq!(first["resources"], json!([rule]));
        assert!(first["time"].as_str().unwrap().parse::<Timestamp>().is_ok(), "{first}");
        let second = invocations.recv().await.unwrap();
        assert!(begun.elapsed() >= Duration::from_millis(2 * 54));
        assert_ne!(first["id"], second["id"]);
    }

    #[tokio::test]
    async fn an_event_that_fails_comes_twice_again() {
        let (_schedules, mut invocations) = run(true);
        let first = invocations.recv().await.unwrap();
        for _ in 0..2 {
            assert_eq!(invocations.recv().await.unwrap(), first);
        }
        assert_ne!(invocations.recv().await.unwrap()["id"], first["id"]);
    }
}
