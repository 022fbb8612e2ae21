//! A table of letters with a stream, and a trigger whose function a test plays.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::body::Bytes;
use local_cloud::lambda::InvokeError;
use local_cloud::queues::Queues;
use local_cloud::triggers::{Invoke, Setting, Triggers};
use local_cloud::{Console, Data, Poll};
use local_dynamodb::{DynamoDb, Options};
use local_service::Ledger;
use local_service::faults::FaultInjector;
use sam_template::{Queue, StartingPosition, StreamTrigger, Table};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::patience::in_time;

/// What a function does with records.
pub(crate) type Answer = dyn Fn(&[Value]) -> Result<Value, InvokeError> + Send + Sync;

/// A function that answers as it is told, and remembers the letters that it was invoked with.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) answer: Arc<Answer>,
    pub(crate) batches: watch::Sender<Vec<String>>,
}

impl Function {
    pub(crate) fn new(
        answer: impl Fn(&[Value]) -> Result<Value, InvokeError> + Send + Sync + 'static,
    ) -> Self {
        Self { answer: Arc::new(answer), batches: watch::Sender::default() }
    }

    /// Its batches, once there are this many: `ab` for one of two records.
    pub(crate) async fn batches(&self, count: usize) -> Vec<String> {
        let mut batches = self.batches.subscribe();
        let enough = batches.wait_for(|batches| batches.len() >= count);
        in_time("the batches come", enough).await.unwrap().clone()
    }
}

impl Invoke for Function {
    async fn invoke(&self, function: &str, payload: Bytes) -> Result<Bytes, InvokeError> {
        assert_eq!(function, "Stream");
        let mut event: Value = serde_json::from_slice(&payload).unwrap();
        let records: Vec<Value> = serde_json::from_value(event["Records"].take()).unwrap();
        self.batches.send_modify(|batches| batches.push(records.iter().map(letter).collect()));
        (self.answer)(&records).map(|answer| answer.to_string().into())
    }
}

pub(crate) fn letter(record: &Value) -> &str {
    record["dynamodb"]["Keys"]["letter"]["S"].as_str().unwrap()
}

pub(crate) fn succeed() -> Function {
    Function::new(|_| Ok(Value::Null))
}

/// Succeeds, and remembers what happened to each letter, in the order in which it came.
pub(crate) fn see() -> (Function, Seen) {
    let seen = Seen::default();
    let events = Arc::clone(&seen.events);
    let function = Function::new(move |records| {
        let event =
            |record: &Value| (letter(record).to_owned(), record["eventName"].as_str().unwrap().to_owned());
        events.lock().unwrap().extend(records.iter().map(event));
        Ok(Value::Null)
    });
    (function, seen)
}

/// What a function has seen happen.
#[derive(Default)]
pub(crate) struct Seen {
    events: Arc<Mutex<Vec<(String, String)>>>,
}

impl Seen {
    /// Holds what happened to each of these letters to that order.
    pub(crate) fn each_inserted_and_then_removed(&self, letters: &str) {
        let events = self.events.lock().unwrap();
        for letter in letters.chars() {
            let of_one = events.iter().filter(|(other, _)| *other == letter.to_string());
            assert_eq!(of_one.map(|(_, event)| event.as_str()).collect::<Vec<_>>(), ["INSERT", "REMOVE"]);
        }
    }
}

/// Fails whenever this letter is in the batch.
pub(crate) fn fail_with(poison: &'static str) -> Function {
    Function::new(move |records| {
        if records.iter().any(|record| letter(record) == poison) { Err(error()) } else { Ok(Value::Null) }
    })
}

pub(crate) fn error() -> InvokeError {
    InvokeError::Function { kind: "Poison".to_owned(), message: "no".to_owned() }
}

/// A table of letters with a stream, what the trigger needs, and the trigger.
pub(crate) struct World {
    pub(crate) data: Data,
    pub(crate) dynamodb: DynamoDb,
    pub(crate) queues: Queues,
    pub(crate) trigger: StreamTrigger,
    pub(crate) faults: FaultInjector,
    pub(crate) poll: Poll,
}

impl World {
    pub(crate) fn new(data: &Data) -> Self {
        let create = json!({
            "TableName": "Letters",
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "letter", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "letter", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamEnabled": true, "StreamViewType": "KEYS_ONLY"},
        });
        let table = Table {
            id: "Letters".to_owned(),
            name: "Letters".to_owned(),
            create,
            ttl_attribute: None,
            stream_view: Some("KEYS_ONLY".to_owned()),
        };
        let trigger = StreamTrigger {
            id: "Stream.LetterWritten".to_owned(),
            table: "Letters".to_owned(),
            function: "Stream".to_owned(),
            starting_position: StartingPosition::TrimHorizon,
            batch_size: 100,
            parallelization_factor: 1,
            batching_window: Duration::ZERO,
            maximum_retries: None,
            maximum_age: None,
            bisect: false,
            partial_responses: false,
            filters: vec![],
            on_failure: Some("Failed".to_owned()),
        };
        Self {
            data: data.clone(),
            dynamodb: DynamoDb::start(Options::new(&[table], data).context(Ledger::default())).unwrap(),
            queues: Queues::start(&[Queue { id: "Failed".to_owned() }], data).unwrap(),
            trigger,
            faults: FaultInjector::default(),
            poll: Poll::Fast,
        }
    }

    pub(crate) async fn start(&self, function: &Function) -> Triggers {
        let (triggers, streams) = (std::slice::from_ref(&self.trigger), self.dynamodb.streams());
        let (function, queues) = (function.clone(), self.queues.clone());
        let setting = Setting { poll: self.poll, faults: self.faults.clone() };
        Triggers::start(triggers, streams, function, queues, Console::quiet(), setting, &self.data)
            .await
            .unwrap()
    }

    pub(crate) fn client(&self) -> Client {
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("operator", "secret", None, None, "test"))
            .endpoint_url(self.dynamodb.endpoint())
            .build();
        Client::from_conf(config)
    }

    pub(crate) async fn delete(&self, letters: &str) {
        let client = self.client();
        for letter in letters.chars() {
            let delete = client.delete_item().table_name("Letters");
            delete.key("letter", AttributeValue::S(letter.to_string())).send().await.unwrap();
        }
    }

    pub(crate) async fn write(&self, letters: &str) {
        let client = self.client();
        for letter in letters.chars() {
            let put =
                client.put_item().table_name("Letters").item("letter", AttributeValue::S(letter.to_string()));
            put.send().await.unwrap();
        }
    }

    /// The messages in the queue, once there are this many.
    pub(crate) async fn failed(&self, count: usize) -> Vec<Value> {
        let arrive = async {
            loop {
                let messages = self.queues.messages("Failed");
                if messages.len() >= count {
                    return messages.iter().map(|message| serde_json::from_str(message).unwrap()).collect();
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        in_time("the messages are in the queue", arrive).await
    }
}
