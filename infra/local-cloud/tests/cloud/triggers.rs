//! Stream triggers whose function fails, exits or hangs.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use local_cloud::{Cloud, Console, Options};
use serde_json::Value;

use crate::clock::advance;
use crate::running::{Gate, dynamodb, options, recorded, until};

crate::trials![in virtual time: a_record_whose_function_fails_exits_or_hangs_is_retried_and_then_dropped];

/// The timeout of the function in the template.
const TIMEOUT: Duration = Duration::from_secs(5);

async fn a_record_whose_function_fails_exits_or_hangs_is_retried_and_then_dropped() {
    let console = Console::keeping_logs();
    let gate = Gate::new();
    let parameters = [("Gate".to_owned(), gate.path().to_owned())].into();
    let cloud = Cloud::start(Options { console: console.clone(), parameters, ..options() }).await.unwrap();
    for letter in ["fail", "exit", "hang", "a"] {
        let put = dynamodb(&cloud).put_item().table_name("Letters");
        put.item("letter", AttributeValue::S(letter.to_owned())).send().await.unwrap();
    }
    for invocation in 1..=2 {
        gate.reached_by(invocation).await;
        advance(TIMEOUT).await;
    }
    recorded(&cloud, "a", "read").await;
    let dropped: Vec<Value> = cloud
        .queues()
        .messages("Unread")
        .iter()
        .map(|message| serde_json::from_str(message).unwrap())
        .collect();
    assert_eq!(dropped.len(), 3, "{dropped:?}");
    for message in dropped {
        assert_eq!(message["requestContext"]["condition"], "RetryAttemptsExhausted");
        assert_eq!(message["requestContext"]["approximateInvokeCount"], 2);
        assert_eq!(message["DDBStreamBatchInfo"]["batchSize"], 1);
    }
    // The report follows what the function has recorded.
    let reports = || console.reports().into_iter().filter(|line| line.function == "Reader");
    until("the last invocation is reported", async || reports().count() == 7).await;
    let ends: Vec<String> = reports().map(|line| line.text.rsplit('\t').next().unwrap().to_owned()).collect();
    let exit = "Error Type: Runtime.ExitError";
    assert_eq!(ends, ["", "", exit, exit, "Status: timeout", "Status: timeout", ""]);
    cloud.stop().await;
}
