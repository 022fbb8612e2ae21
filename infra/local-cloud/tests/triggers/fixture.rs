//! The fixture: a table of letters with a stream, and a trigger whose function runs inside the test.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::body::Bytes;
use local_cloud::lambda::InvokeError;
use local_cloud::queues::Queues;
use local_cloud::triggers::{Invoke, Settings, Triggers};
use local_cloud::{Console, Data, Poll};
use local_dynamodb::{DynamoDb, Options};
use local_service::Ledger;
use local_service::faults::FaultInjector;
use sam_template::{Queue, StartingPosition, StreamTrigger, Table};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::patience::in_time;

/// The handler of a function.
pub(crate) type Handler = dyn Fn(&[Value]) -> Result<Value, InvokeError> + Send + Sync;

/// A function with a handler of the test. It records the letters of each batch.
#[derive(Clone)]
pub(crate) struct Function {
    pub(crate) handler: Arc<Handler>,
    pub(crate) batches: watch::Sender<Vec<String>>,
}

impl Function {
    pub(crate) fn new(
        handler: impl Fn(&[Value]) -> Result<Value, InvokeError> + Send + Sync + 'static,
    ) -> Self {
        Self { handler: Arc::new(handler), batches: watch::Sender::default() }
    }

    /// Waits for this many batches and returns them. A batch of two records is `ab`.
    pub(crate) async fn batches(&self, count: usize) -> Vec<String> {
        let mut batches = self.batches.subscribe();
        let enough = batches.wait_for(|batches| batches.len() >= count);
        in_time("the batches arrive", enough).await.unwrap().clone()
    }
}

impl Invoke for Function {
    async fn invoke(&self, function: &str, payload: Bytes) -> Result<Bytes, InvokeError> {
        assert_eq!(function, "Stream");
        let mut event: Value = serde_json::from_slice(&payload).unwrap();
        let records: Vec<Value> = serde_json::from_value(event["Records"].take()).unwrap();
        self.batches.send_modify(|batches| batches.push(records.iter().map(letter).collect()));
        (self.handler)(&records).map(|response| response.to_string().into())
    }
}

pub(crate) fn letter(record: &Value) -> &str {
    record["dynamodb"]["Keys"]["letter"]["S"].as_str().unwrap()
}

pub(crate) fn succeed() -> Function {
    Function::new(|_| Ok(Value::Null))
}

/// Returns a function that succeeds, and the record of its events in order.
pub(crate) fn record() -> (Function, RecordedEvents) {
    let recorded = RecordedEvents::default();
    let events = Arc::clone(&recorded.events);
    let function = Function::new(move |records| {
        let event =
            |record: &Value| (letter(record).to_owned(), record["eventName"].as_str().unwrap().to_owned());
        events.lock().unwrap().extend(records.iter().map(event));
        Ok(Value::Null)
    });
    (function, recorded)
}

/// The events that a function has received.
#[derive(Default)]
pub(crate) struct RecordedEvents {
    events: Arc<Mutex<Vec<(String, String)>>>,
}

impl RecordedEvents {
    /// Asserts that each of these letters was inserted and then removed.
    pub(crate) fn assert_inserted_then_removed(&self, letters: &str) {
        let events = self.events.lock().unwrap();
        for letter in letters.chars() {
            let of_one = events.iter().filter(|(other, _)| *other == letter.to_string());
            assert_eq!(of_one.map(|(_, event)| event.as_str()).collect::<Vec<_>>(), ["INSERT", "REMOVE"]);
        }
    }
}

/// Returns a function that fails when a batch contains this letter.
pub(crate) fn fail_with(poison: &'static str) -> Function {
    Function::new(move |records| {
        if records.iter().any(|record| letter(record) == poison) { Err(error()) } else { Ok(Value::Null) }
    })
}

pub(crate) fn error() -> InvokeError {
    InvokeError::Function { kind: "Poison".to_owned(), message: "no".to_owned() }
}

/// A table of letters with a stream, a queue, and a trigger.
pub(crate) struct Fixture {
    pub(crate) data: Data,
    pub(crate) dynamodb: DynamoDb,
    pub(crate) queues: Queues,
    pub(crate) trigger: StreamTrigger,
    pub(crate) faults: FaultInjector,
    pub(crate) poll: Poll,
}

impl Fixture {
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
        let settings = Settings { poll: self.poll, faults: self.faults.clone() };
        Triggers::start(triggers, streams, function, queues, Console::quiet(), settings, &self.data)
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

    /// Waits for this many messages in the queue and returns them.
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
