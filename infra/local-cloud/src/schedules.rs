//! Schedules (EventBridge rules): invoke a function at a fixed interval.

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

/// The delays of Lambda's two retries of an asynchronous event.
const RETRY_DELAYS: [Duration; 2] = [Duration::from_mins(1), Duration::from_mins(2)];

/// The running schedules. They stop when this is dropped.
#[derive(Debug)]
pub(crate) struct Schedules {
    _running: JoinSet<()>,
}

impl Schedules {
    /// Starts all schedules. Intervals and delays are divided by `time_scale`. The first invocation is one interval
    /// away.
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
            // A slow invocation does not delay the next one.
            invocations.spawn(self.clone().invoke());
            while invocations.try_join_next().is_some() {}
        }
    }

    /// Invokes the function, with Lambda's retries of asynchronous events. Drops the event when they are used up.
    async fn invoke(self) {
        let event = event(&self.schedule, Timestamp::now());
        let AsynchronousInvocation { retries, maximum_age, .. } = self.schedule.invocation;
        let begun = Instant::now();
        for failures in 0.. {
            let tried = Instant::now();
            let payload = Bytes::from(event.to_string());
            let (served, outcome) = self.functions.invoke_named(&self.schedule.function, payload).await;
            let print =
                |outcome: &str| self.console.scheduled(&self.schedule.id, outcome, tried.elapsed(), &served);
            let error = match outcome {
                Ok(_) => return print("done"),
                Err(InvokeError::Stopped) => return,
                Err(error) => error,
            };
            let delay = RETRY_DELAYS
                .get(failures)
                .filter(|_| failures < retries)
                .map(|delay| *delay / self.time_scale);
            let condition = match delay {
                Some(delay) if begun.elapsed() + delay < maximum_age / self.time_scale => {
                    print(&format!("failed, retry {}", failures + 1));
                    sleep(delay).await;
                    continue;
                }
                Some(_) => "EventAgeExceeded",
                None => "RetriesExhausted",
            };
            print("failed, no retries left");
            return self.drop_event(&event, &served.request_id, condition, failures + 1, &error);
        }
    }

    /// Drops an event. Sends it and the reason to the function's `OnFailure` queue, if there is one.
    fn drop_event(
        &self,
        event: &Value,
        request_id: &str,
        condition: &str,
        tries: usize,
        error: &InvokeError,
    ) {
        let Schedule { id, function, invocation, .. } = &self.schedule;
        let Some(queue) = &invocation.on_failure else {
            let text = format!(
                "dropped an event ({condition}): add an OnFailure destination to {function}.EventInvokeConfig to keep it"
            );
            return self.console.warning(id, &text);
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
            Ok(()) => {
                self.console.warning(id, &format!("dropped an event ({condition}): see the queue {queue}"));
            }
            Err(error) => self.console.warning(id, &error.to_string()),
        }
    }
}

/// Returns the event that EventBridge sends.
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

    /// A function that always succeeds or always fails.
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

    /// A running schedule, its invocations and its queue.
    struct Fixture {
        running: Schedules,
        invocations: mpsc::UnboundedReceiver<Value>,
        queues: Queues,
    }

    /// Runs a schedule of nine minutes, which take 54 ms. Time is virtual: it advances when every task is idle.
    fn run(fails: bool, invocation: AsynchronousInvocation) -> Fixture {
        let (id, function) = ("KeepAlive.EveryNineMinutes".to_owned(), "KeepAlive".to_owned());
        let schedule = Schedule { id, function, every: Duration::from_mins(9), invocation };
        let (events, invocations) = mpsc::unbounded_channel();
        let function = Function { fails, events };
        let queues =
            Queues::start(&[sam_template::Queue { id: "Failed".to_owned() }], &Data::Memory).unwrap();
        let running = Schedules::start(&[schedule], &function, &queues, &Console::quiet(), 10_000);
        Fixture { running, invocations, queues }
    }

    #[tokio::test(start_paused = true)]
    async fn a_function_is_invoked_at_each_interval_with_the_event_of_aws() {
        let begun = Instant::now();
        let Fixture { mut invocations, running: _running, .. } =
            run(false, AsynchronousInvocation::default());
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
    async fn a_failed_event_is_retried_twice() {
        let Fixture { mut invocations, running: _running, .. } = run(true, AsynchronousInvocation::default());
        let first = invocations.recv().await.unwrap();
        for _ in 0..2 {
            assert_eq!(invocations.recv().await.unwrap(), first);
        }
        assert_ne!(invocations.recv().await.unwrap()["id"], first["id"]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_event_without_retries_left_goes_to_the_queue_with_the_reason() {
        let on_failure = Some("Failed".to_owned());
        for (retries, maximum_age, condition) in [
            (1, Duration::from_hours(6), "RetriesExhausted"),
            // The second retry would be three minutes after the event.
            (2, Duration::from_mins(2), "EventAgeExceeded"),
        ] {
            let invocation = AsynchronousInvocation { retries, maximum_age, on_failure: on_failure.clone() };
            let Fixture { mut invocations, queues, running: _running } = run(true, invocation);
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
