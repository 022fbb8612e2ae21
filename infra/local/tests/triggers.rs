//! Stream triggers, with a function that a test plays.

#![allow(clippy::unwrap_used, reason = "a test whose setup fails has failed")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use axum::body::Bytes;
use local_cloud::dynamodb::DynamoDb;
use local_cloud::faults::{Fault, Faults, Rule};
use local_cloud::lambda::InvokeError;
use local_cloud::ledger::Ledger;
use local_cloud::queues::Queues;
use local_cloud::template::{Queue, StartingPosition, StreamTrigger, Table};
use local_cloud::triggers::{Invoke, Pattern, Setting, Triggers};
use local_cloud::{Console, Data, Poll};
use serde_json::{Value, json};
use tokio::sync::watch;

/// What a function does with records.
type Answer = dyn Fn(&[Value]) -> Result<Value, InvokeError> + Send + Sync;

/// A function that answers as it is told, and remembers the letters that it was invoked with.
#[derive(Clone)]
struct Function {
    answer: Arc<Answer>,
    batches: watch::Sender<Vec<String>>,
}

impl Function {
    fn new(answer: impl Fn(&[Value]) -> Result<Value, InvokeError> + Send + Sync + 'static) -> Self {
        Self { answer: Arc::new(answer), batches: watch::Sender::default() }
    }

    /// Its batches, once there are this many: `ab` for one of two records.
    async fn batches(&self, count: usize) -> Vec<String> {
        let mut batches = self.batches.subscribe();
        let enough = batches.wait_for(|batches| batches.len() >= count);
        tokio::time::timeout(Duration::from_mins(1), enough).await.unwrap().unwrap().clone()
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

fn letter(record: &Value) -> &str {
    record["dynamodb"]["Keys"]["letter"]["S"].as_str().unwrap()
}

fn succeed() -> Function {
    Function::new(|_| Ok(Value::Null))
}

/// Fails whenever this letter is in the batch.
fn fail_with(poison: &'static str) -> Function {
    Function::new(move |records| {
        if records.iter().any(|record| letter(record) == poison) { Err(error()) } else { Ok(Value::Null) }
    })
}

fn error() -> InvokeError {
    InvokeError::Function { kind: "Poison".to_owned(), message: "no".to_owned() }
}

/// A table of letters with a stream, what the trigger needs, and the trigger.
struct World {
    data: Data,
    dynamodb: DynamoDb,
    queues: Queues,
    trigger: StreamTrigger,
    faults: Faults,
    poll: Poll,
}

impl World {
    fn new(data: &Data) -> Self {
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
            dynamodb: DynamoDb::start(&[table], data, Ledger::default(), &Console::quiet()).unwrap(),
            queues: Queues::start(&[Queue { id: "Failed".to_owned() }], data).unwrap(),
            trigger,
            faults: Faults::default(),
            poll: Poll::Fast,
        }
    }

    async fn start(&self, function: &Function) -> Triggers {
        let (triggers, streams) = (std::slice::from_ref(&self.trigger), self.dynamodb.streams());
        let (function, queues) = (function.clone(), self.queues.clone());
        let setting = Setting { poll: self.poll, faults: self.faults.clone() };
        Triggers::start(triggers, streams, function, queues, Console::quiet(), setting, &self.data)
            .await
            .unwrap()
    }

    fn client(&self) -> Client {
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("operator", "secret", None, None, "test"))
            .endpoint_url(self.dynamodb.endpoint())
            .build();
        Client::from_conf(config)
    }

    async fn delete(&self, letters: &str) {
        let client = self.client();
        for letter in letters.chars() {
            let delete = client.delete_item().table_name("Letters");
            delete.key("letter", AttributeValue::S(letter.to_string())).send().await.unwrap();
        }
    }

    async fn write(&self, letters: &str) {
        let client = self.client();
        for letter in letters.chars() {
            let put =
                client.put_item().table_name("Letters").item("letter", AttributeValue::S(letter.to_string()));
            put.send().await.unwrap();
        }
    }

    /// The messages in the queue, once there are this many.
    async fn failed(&self, count: usize) -> Vec<Value> {
        let arrive = async {
            loop {
                let messages = self.queues.messages("Failed");
                if messages.len() >= count {
                    return messages.iter().map(|message| serde_json::from_str(message).unwrap()).collect();
                }
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        tokio::time::timeout(Duration::from_mins(1), arrive).await.unwrap()
    }
}

#[tokio::test]
async fn records_arrive_in_order_in_batches_of_the_size_that_the_trigger_says() {
    let mut world = World::new(&Data::Memory);
    world.trigger.batch_size = 2;
    world.write("abcde").await;
    let function = succeed();
    let _triggers = world.start(&function).await;
    assert_eq!(function.batches(3).await, ["ab", "cd", "e"]);
    world.write("f").await;
    assert_eq!(function.batches(4).await[3], "f");
}

#[tokio::test]
async fn a_trigger_that_starts_at_the_latest_sees_what_is_written_after_its_start() {
    let mut world = World::new(&Data::Memory);
    world.trigger.starting_position = StartingPosition::Latest;
    world.write("ab").await;
    let function = succeed();
    let _triggers = world.start(&function).await;
    world.write("c").await;
    assert_eq!(function.batches(1).await, ["c"]);
}

#[tokio::test]
async fn records_that_no_filter_lets_through_never_reach_the_function() {
    let mut world = World::new(&Data::Memory);
    let filter = |pattern: Value| Pattern::parse(&pattern).unwrap();
    world.trigger.filters = vec![
        filter(json!({"dynamodb": {"Keys": {"letter": {"S": ["b", "1"]}}}})),
        filter(json!({"eventName": ["INSERT"], "dynamodb": {"Keys": {"letter": {"S": [{"prefix": "d"}]}}}})),
    ];
    world.write("abcd").await;
    let function = succeed();
    let _triggers = world.start(&function).await;
    assert_eq!(function.batches(1).await, ["bd"]);
    // What is written again unchanged, or unwanted, leaves no gap and no batch.
    world.write("bxyd1").await;
    assert_eq!(function.batches(2).await, ["bd", "1"]);
}

#[tokio::test]
async fn a_batching_window_gathers_until_the_batch_is_full() {
    let mut world = World::new(&Data::Memory);
    world.trigger.batching_window = Duration::from_hours(1);
    world.trigger.batch_size = 3;
    let function = succeed();
    let _triggers = world.start(&function).await;
    world.write("ab").await;
    world.write("c").await;
    assert_eq!(function.batches(1).await, ["abc"]);
}

#[tokio::test]
async fn a_batching_window_gathers_until_it_closes() {
    let mut world = World::new(&Data::Memory);
    world.trigger.batching_window = Duration::from_secs(1);
    world.write("ab").await;
    let function = succeed();
    let begun = std::time::Instant::now();
    let _triggers = world.start(&function).await;
    assert_eq!(function.batches(1).await, ["ab"]);
    assert!(begun.elapsed() >= Duration::from_secs(1));
}

#[tokio::test]
async fn after_a_partial_failure_only_the_rest_is_tried_again() {
    let mut world = World::new(&Data::Memory);
    world.trigger.partial_responses = true;
    world.write("abcd").await;
    let failed_once = Mutex::new(false);
    let function = Function::new(move |records| {
        let failed = records.iter().find(|record| letter(record) == "c").filter(|_| {
            let mut failed_once = failed_once.lock().unwrap();
            !std::mem::replace(&mut *failed_once, true)
        });
        let failures: Vec<Value> = failed
            .map(|record| json!({"itemIdentifier": record["dynamodb"]["SequenceNumber"]}))
            .into_iter()
            .collect();
        Ok(json!({ "batchItemFailures": failures }))
    });
    let _triggers = world.start(&function).await;
    assert_eq!(function.batches(2).await, ["abcd", "cd"]);
    world.write("e").await;
    assert_eq!(function.batches(3).await[2], "e");
}

#[tokio::test]
async fn a_trigger_that_does_not_ask_for_partial_responses_takes_every_answer_for_success() {
    let world = World::new(&Data::Memory);
    world.write("a").await;
    let function = Function::new(|_| Ok(json!({"batchItemFailures": [{"itemIdentifier": ""}]})));
    let _triggers = world.start(&function).await;
    function.batches(1).await;
    world.write("b").await;
    assert_eq!(function.batches(2).await, ["a", "b"]);
}

#[tokio::test]
async fn a_failing_batch_is_split_until_the_poison_is_alone_and_goes_to_the_queue() {
    let mut world = World::new(&Data::Memory);
    world.trigger.bisect = true;
    world.trigger.maximum_retries = Some(1);
    world.write("abcd").await;
    let function = fail_with("c");
    let _triggers = world.start(&function).await;
    assert_eq!(function.batches(6).await, ["abcd", "ab", "cd", "c", "c", "d"]);

    let failed = world.failed(1).await;
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0]["requestContext"]["condition"], "RetryAttemptsExhausted");
    assert_eq!(
        failed[0]["requestContext"]["functionArn"],
        "arn:aws:lambda:us-east-1:123456789012:function:Stream"
    );
    let batch = &failed[0]["DDBStreamBatchInfo"];
    assert_eq!(batch["batchSize"], 1);
    assert_eq!(
        batch["streamArn"],
        "arn:aws:dynamodb:us-east-1:123456789012:table/Letters/stream/2026-01-01T00:00:00.000"
    );
    assert_eq!(batch["startSequenceNumber"], batch["endSequenceNumber"]);
}

#[tokio::test]
async fn a_failing_batch_is_tried_as_often_as_the_trigger_says_and_then_the_next_has_its_turn() {
    let mut world = World::new(&Data::Memory);
    world.trigger.maximum_retries = Some(2);
    world.trigger.batch_size = 2;
    world.write("abc").await;
    let function = fail_with("a");
    let _triggers = world.start(&function).await;
    assert_eq!(function.batches(4).await, ["ab", "ab", "ab", "c"]);
    let failed = world.failed(1).await;
    assert_eq!(failed[0]["DDBStreamBatchInfo"]["batchSize"], 2);
    assert_eq!(failed[0]["requestContext"]["approximateInvokeCount"], 3);
}

#[tokio::test]
async fn a_record_that_grows_too_old_is_given_up_on() {
    let mut world = World::new(&Data::Memory);
    world.trigger.maximum_age = Some(Duration::from_secs(1));
    world.write("a").await;
    let function = fail_with("a");
    let _triggers = world.start(&function).await;
    let failed = world.failed(1).await;
    assert_eq!(failed[0]["requestContext"]["condition"], "RecordAgeExceeded");
    world.write("b").await;
    let mut batches = function.batches.subscribe();
    batches.wait_for(|batches| batches.last().is_some_and(|batch| batch == "b")).await.unwrap();
    assert_eq!(world.queues.messages("Failed").len(), 1);
}

#[tokio::test]
async fn the_next_run_goes_on_where_the_last_one_came_to() {
    for starting_position in [StartingPosition::TrimHorizon, StartingPosition::Latest] {
        let directory = tempfile::tempdir().unwrap();
        let mut world = World::new(&Data::Directory(directory.path().to_owned()));
        world.trigger.starting_position = starting_position;
        let function = succeed();
        let triggers = world.start(&function).await;
        world.write("a").await;
        assert_eq!(function.batches(1).await, ["a"]);
        // A later batch shows that the checkpoint of the first one is kept.
        world.write("b").await;
        assert_eq!(function.batches(2).await, ["a", "b"]);
        drop(triggers);
        world.write("c").await;

        let next = succeed();
        let _triggers = world.start(&next).await;
        let again = next.batches(1).await.concat();
        // At least once: the last batch may have been handled and not yet noted.
        assert!(again == "c" || again == "bc", "{again}");
    }
}

#[tokio::test]
async fn records_that_lambda_did_not_take_because_it_stops_are_delivered_by_the_next_run() {
    let directory = tempfile::tempdir().unwrap();
    let mut world = World::new(&Data::Directory(directory.path().to_owned()));
    world.trigger.maximum_retries = Some(0);
    world.write("a").await;
    let stopping = Function::new(|_| Err(InvokeError::Stopped));
    let triggers = world.start(&stopping).await;
    stopping.batches(1).await;
    drop(triggers);

    let function = succeed();
    let _triggers = world.start(&function).await;
    assert_eq!(function.batches(1).await, ["a"]);
    assert_eq!(world.queues.messages("Failed").len(), 0);
}

#[tokio::test]
async fn a_fault_has_a_batch_come_twice() {
    let world = World::new(&Data::Memory);
    world.faults.set(0, [Rule::new(Fault::RecordsTwice).function("Stream").resource("Letters").times(1)]);
    world.write("ab").await;
    let function = succeed();
    let _triggers = world.start(&function).await;
    function.batches(2).await;
    world.write("c").await;
    assert_eq!(function.batches(3).await, ["ab", "ab", "c"]);
}

#[tokio::test]
async fn a_fault_has_a_batch_come_late() {
    let world = World::new(&Data::Memory);
    world.faults.set(0, [Rule::new(Fault::RecordsLate).delay_ms(500)]);
    world.write("a").await;
    let function = succeed();
    let begun = std::time::Instant::now();
    let _triggers = world.start(&function).await;
    function.batches(1).await;
    assert!(begun.elapsed() >= Duration::from_millis(500));
}

#[tokio::test]
async fn a_fault_has_records_come_in_another_order_but_for_those_of_one_item() {
    let world = World::new(&Data::Memory);
    world.faults.set(1, [Rule::new(Fault::RecordsReordered)]);
    world.write("abcdefgh").await;
    world.delete("abcdefgh").await;
    let events = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&events);
    let function = Function::new(move |records| {
        let event =
            |record: &Value| (letter(record).to_owned(), record["eventName"].as_str().unwrap().to_owned());
        seen.lock().unwrap().extend(records.iter().map(event));
        Ok(Value::Null)
    });
    let _triggers = world.start(&function).await;
    let order = function.batches(1).await.concat();
    assert_ne!(order, "abcdefghabcdefgh");
    let events = events.lock().unwrap();
    for letter in "abcdefgh".chars() {
        let of_one = events.iter().filter(|(other, _)| *other == letter.to_string());
        assert_eq!(of_one.map(|(_, event)| event.as_str()).collect::<Vec<_>>(), ["INSERT", "REMOVE"]);
    }
}

#[tokio::test]
async fn at_the_pace_of_aws_a_stream_is_read_four_times_a_second() {
    let mut world = World::new(&Data::Memory);
    world.poll = Poll::Aws;
    world.trigger.batch_size = 1;
    world.write("abcde").await;
    let function = succeed();
    let begun = std::time::Instant::now();
    let _triggers = world.start(&function).await;
    assert_eq!(function.batches(5).await, ["a", "b", "c", "d", "e"]);
    assert!(begun.elapsed() >= Duration::from_secs(1), "the first at once, four behind it");
}

/// Which letters share the lane of `a` does not change from run to run, and they are few.
#[tokio::test]
async fn with_a_parallelization_factor_one_items_poison_holds_up_no_other_lane() {
    let mut world = World::new(&Data::Memory);
    world.trigger.parallelization_factor = 10;
    world.trigger.batch_size = 1;
    let function = fail_with("a");
    let _triggers = world.start(&function).await;
    world.write("a").await;
    function.batches(1).await;
    world.write("bcdefghijklmnopqrstuvwxyz").await;
    let mut batches = function.batches.subscribe();
    let most = batches.wait_for(|batches| batches.iter().filter(|batch| *batch != "a").count() >= 13);
    tokio::time::timeout(Duration::from_secs(30), most).await.unwrap().unwrap();
}

#[tokio::test]
async fn with_a_parallelization_factor_one_items_records_stay_in_order() {
    let mut world = World::new(&Data::Memory);
    world.trigger.parallelization_factor = 4;
    world.trigger.batch_size = 1;
    world.write("abcdefgh").await;
    world.delete("abcdefgh").await;
    let events = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&events);
    let function = Function::new(move |records| {
        let event =
            |record: &Value| (letter(record).to_owned(), record["eventName"].as_str().unwrap().to_owned());
        seen.lock().unwrap().extend(records.iter().map(event));
        Ok(Value::Null)
    });
    let _triggers = world.start(&function).await;
    function.batches(16).await;
    let events = events.lock().unwrap();
    for letter in "abcdefgh".chars() {
        let of_one = events.iter().filter(|(other, _)| *other == letter.to_string());
        assert_eq!(of_one.map(|(_, event)| event.as_str()).collect::<Vec<_>>(), ["INSERT", "REMOVE"]);
    }
}

#[tokio::test]
async fn another_parallelization_factor_loses_nothing_that_was_not_delivered() {
    let directory = tempfile::tempdir().unwrap();
    let mut world = World::new(&Data::Directory(directory.path().to_owned()));
    world.trigger.starting_position = StartingPosition::Latest;
    let function = succeed();
    drop(world.start(&function).await);
    world.write("abc").await;
    for factor in [3, 1] {
        world.trigger.parallelization_factor = factor;
        let function = succeed();
        let _triggers = world.start(&function).await;
        let mut batches = function.batches.subscribe();
        let all = batches.wait_for(|batches| "abc".chars().all(|letter| batches.concat().contains(letter)));
        tokio::time::timeout(Duration::from_secs(30), all).await.unwrap().unwrap();
    }
}
