//! Schedules, which AWS calls rules of EventBridge: a function is invoked every so often, whatever else happens.

use std::time::Duration;

use axum::body::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at, sleep};

use crate::console::Console;
use crate::lambda::InvokeError;
use crate::queues::Queues;
use crate::triggers::Invoke;
use sam_template::{ACCOUNT, AsynchronousInvocation, REGION, Schedule};

/// How long Lambda waits before it tries an event again that nobody waits for, after the first failure and the second.
const RETRIES: [Duration; 2] = [Duration::from_mins(1), Duration::from_mins(2)];

/// The running schedules. They stop when this is dropped.
#[derive(Debug)]
pub(crate) struct Schedules {
    _running: JoinSet<()>,
}

impl Schedules {
    /// Starts all schedules, so many times faster than on AWS. The first invocation is one interval away.
    pub(crate) fn start(
        schedules: &[Schedule],
        functions: &impl Invoke,
        queues: &Queues,
        console: &Console,
        time_scale: u32,
    ) -> Self {
        let time_scale = time_scale.max(1);
        let running = schedules.iter().map(|schedule| Running {
            schedule: schedule.clone(),
            functions: functions.clone(),
            queues: queues.clone(),
            console: console.clone(),
            time_scale,
        });
        Self { _running: running.map(Running::run).collect() }
    }
}

#[derive(Debug, Clone)]
struct Running<I> {
    schedule: Schedule,
    functions: I,
    queues: Queues,
    console: Console,
    time_scale: u32,
}

impl<I: Invoke> Running<I> {
    async fn run(self) {
        let every = self.schedule.every / self.time_scale;
        let mut times = interval_at(Instant::now() + every, every);
        let mut invocations = JoinSet::new();
        loop {
            times.tick().await;
            // An invocation that takes long delays no other.
            invocations.spawn(self.clone().invoke());
            while invocations.try_join_next().is_some() {}
        }
    }

    /// Invokes the function, and again if it fails, as Lambda does with events that nobody waits for; then gives up on it.
    async fn invoke(self) {
        let event = event(&self.schedule, Timestamp::now());
        let AsynchronousInvocation { retries, maximum_age, .. } = self.schedule.invocation;
        let begun = Instant::now();
        for failures in 0.. {
            let tried = Instant::now();
            let payload = Bytes::from(event.to_string());
            let (served, outcome) = self.functions.invoke_named(&self.schedule.function, payload).await;
            let say =
                |outcome: &str| self.console.scheduled(&self.schedule.id, outcome, tried.elapsed(), &served);
            let error = match outcome {
                Ok(_) => return say("done"),
                Err(InvokeError::Stopped) => return,
                Err(error) => error,
            };
            let wait =
                RETRIES.get(failures).filter(|_| failures < retries).map(|wait| *wait / self.time_scale);
            let condition = match wait {
                Some(wait) if begun.elapsed() + wait < maximum_age / self.time_scale => {
                    say(&format!("failed, retry {}", failures + 1));
                    sleep(wait).await;
                    continue;
                }
                Some(_) => "EventAgeExceeded",
                None => "RetriesExhausted",
            };
            say("failed for good");
            return self.give_up(&event, &served.request_id, condition, failures + 1, &error);
        }
    }

    /// Puts an event, and why it was given up on, into the function's queue, if it has one.
    fn give_up(&self, event: &Value, request_id: &str, condition: &str, tries: usize, error: &InvokeError) {
        let Schedule { id, function, invocation, .. } = &self.schedule;
        let Some(queue) = &invocation.on_failure else {
            return self.console.warning(id, &format!("gave up on an event ({condition}), which is lost"));
        };
        let message = json!({
            "version": "1.0",
            "timestamp": Timestamp::now().to_string(),
            "requestContext": {
                "requestId": request_id,
                "functionArn": format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}:$LATEST"),
                "condition": condition,
                "approximateInvokeCount": tries,
            },
            "requestPayload": event,
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
            "responsePayload": {"errorMessage": error.to_string()},
        });
        match self.queues.send(queue, message.to_string()) {
            Ok(()) => self.console.warning(id, &format!("gave up on an event ({condition}), see {queue}")),
            Err(error) => self.console.warning(id, &error.to_string()),
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
    use local_dynamodb::Data;

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

    /// A schedule that runs, with what becomes of it.
    struct World {
        running: Schedules,
        invocations: mpsc::UnboundedReceiver<Value>,
        queues: Queues,
    }

    /// Runs a schedule of nine minutes, of which each takes 6 ms. Time is the tests' own: it passes when nothing else is
    /// left to do.
    fn run(fails: bool, invocation: AsynchronousInvocation) -> World {
        let (id, function) = ("KeepAlive.EveryNineMinutes".to_owned(), "KeepAlive".to_owned());
        let schedule = Schedule { id, function, every: Duration::from_mins(9), invocation };
        let (events, invocations) = mpsc::unbounded_channel();
        let function = Function { fails, events };
        let queues =
            Queues::start(&[sam_template::Queue { id: "Failed".to_owned() }], &Data::Memory).unwrap();
        let running = Schedules::start(&[schedule], &function, &queues, &Console::quiet(), 10_000);
        World { running, invocations, queues }
    }

    #[tokio::test(start_paused = true)]
    async fn a_function_is_invoked_every_so_often_with_the_event_that_aws_sends() {
        let begun = Instant::now();
        let World { mut invocations, running: _running, .. } = run(false, AsynchronousInvocation::default());
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

    #[tokio::test(start_paused = true)]
    async fn an_event_that_fails_comes_twice_again() {
        let World { mut invocations, running: _running, .. } = run(true, AsynchronousInvocation::default());
        let first = invocations.recv().await.unwrap();
        for _ in 0..2 {
            assert_eq!(invocations.recv().await.unwrap(), first);
        }
        assert_ne!(invocations.recv().await.unwrap()["id"], first["id"]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_event_comes_as_often_again_as_it_may_and_then_is_in_the_queue_with_why() {
        let on_failure = Some("Failed".to_owned());
        for (retries, maximum_age, condition) in [
            (1, Duration::from_hours(6), "RetriesExhausted"),
            // The second retry would come three minutes after the event.
            (2, Duration::from_mins(2), "EventAgeExceeded"),
        ] {
            let invocation = AsynchronousInvocation { retries, maximum_age, on_failure: on_failure.clone() };
            let World { mut invocations, queues, running: _running } = run(true, invocation);
            let first = invocations.recv().await.unwrap();
            assert_eq!(invocations.recv().await.unwrap(), first);
            assert_ne!(invocations.recv().await.unwrap()["id"], first["id"], "{condition}");
            let message: Value = serde_json::from_str(&queues.messages("Failed")[0]).unwrap();
            assert_eq!(message["requestContext"]["condition"], condition);
            assert_eq!(message["requestContext"]["approximateInvokeCount"], 2);
            assert_eq!(message["requestPayload"], first);
        }
    }
}
