//! Functions: their processes, and the outcomes of invocations.

use std::collections::BTreeSet;

use axum::body::Bytes;
use local_cloud::lambda::InvokeError;
use local_cloud::{Cloud, Console, Options};
use serde_json::{Value, json};

use crate::clock::exceed_timeout;
use crate::running::{Gate, direct, options, start, until};

crate::trials![
    an_instance_is_reused,
    concurrent_invocations_have_separate_processes,
    invocations_beyond_the_concurrency_wait,
    a_function_has_its_environment_and_its_context,
    an_error_of_the_handler_is_returned_and_the_instance_continues,
    a_crash_is_an_error_and_the_next_invocation_has_a_new_process,
    an_instance_that_ended_between_invocations_is_not_used,
    a_function_that_cannot_initialise_is_an_error,
    a_response_over_six_megabytes_is_an_error,
    an_event_over_six_megabytes_is_refused,
    a_function_that_does_not_exist_is_an_error,
    a_process_beyond_its_memory_size_is_killed,
    each_instance_has_its_own_temporary_directory,
    an_invocation_beyond_the_reserved_concurrency_is_throttled,
    the_runtime_api_responds_as_on_lambda,
    an_init_error_of_the_runtime_is_returned;
    in virtual time:
    each_invocation_has_a_report,
];

async fn an_instance_is_reused() {
    let cloud = start().await;
    let first = direct(&cloud, json!({})).await.unwrap();
    for invocation in 1..20 {
        let next = direct(&cloud, json!({})).await.unwrap();
        assert_eq!((&next["process"], &next["invocation"]), (&first["process"], &json!(invocation)));
        assert_ne!(next["request"], first["request"]);
    }
    cloud.stop().await;
}

async fn concurrent_invocations_have_separate_processes() {
    let cloud = start().await;
    let gate = Gate::new();
    let pass = || direct(&cloud, json!({"do": "pass", "gate": gate.path()}));
    let opening = async {
        gate.reached_by(3).await;
        gate.open();
    };
    let responses = tokio::join!(pass(), pass(), pass(), opening);
    let processes =
        [responses.0, responses.1, responses.2].map(|response| response.unwrap()["process"].to_string());
    let processes = BTreeSet::from(processes);
    assert_eq!(processes.len(), 3);
    let again = direct(&cloud, json!({})).await.unwrap();
    assert!(processes.contains(&again["process"].to_string()));
    cloud.stop().await;
}

async fn invocations_beyond_the_concurrency_wait() {
    let cloud = start().await;
    let all =
        futures_util::future::join_all((0..150).map(|_| direct(&cloud, json!({"do": "wait", "ms": 20}))))
            .await;
    let processes: BTreeSet<_> =
        all.into_iter().map(|response| response.unwrap()["process"].to_string()).collect();
    let concurrency = 8 * std::thread::available_parallelism().unwrap().get();
    assert!(processes.len() <= concurrency, "{} processes, {concurrency} allowed", processes.len());
    cloud.stop().await;
}

async fn a_function_has_its_environment_and_its_context() {
    let cloud = start().await;
    let seen = direct(&cloud, json!({})).await.unwrap();
    let variable = |name: &str| seen["environment"][name].as_str().unwrap_or("unset").to_owned();
    assert_eq!(variable("GREETING"), "hello");
    assert_eq!(variable("ADDRESS"), cloud.address());
    assert_eq!(variable("AWS_LAMBDA_FUNCTION_NAME"), "Direct");
    let own = cloud.iam().registry().get("Direct").unwrap();
    assert_eq!(variable("AWS_ACCESS_KEY_ID"), own.access_key_id);
    assert_eq!(variable("AWS_SECRET_ACCESS_KEY"), own.secret_access_key);
    assert_eq!(variable("AWS_SESSION_TOKEN"), own.session_token);
    assert_eq!(variable("AWS_ENDPOINT_URL_DYNAMODB"), cloud.dynamodb_endpoint());
    assert_eq!(variable("CARGO_PKG_NAME"), "unset");
    assert_eq!(seen["arn"], "arn:aws:lambda:us-east-1:123456789012:function:Direct");
    let remaining = seen["remaining"].as_u64().unwrap();
    assert!((1..=60_000).contains(&remaining), "{remaining}");
    cloud.stop().await;
}

async fn an_error_of_the_handler_is_returned_and_the_instance_continues() {
    let cloud = start().await;
    let before = direct(&cloud, json!({})).await.unwrap();
    let Err(InvokeError::Function { message, .. }) = direct(&cloud, json!({"do": "fail"})).await else {
        panic!()
    };
    assert_eq!(message, "the test asked for a failure");
    assert_eq!(direct(&cloud, json!({})).await.unwrap()["process"], before["process"]);
    cloud.stop().await;
}

async fn a_crash_is_an_error_and_the_next_invocation_has_a_new_process() {
    let cloud = start().await;
    let outcome = direct(&cloud, json!({"do": "exit"})).await;
    assert!(matches!(&outcome, Err(InvokeError::Exit(how)) if how.contains('3')), "{outcome:?}");
    assert_eq!(direct(&cloud, json!({})).await.unwrap()["invocation"], 0);
    cloud.stop().await;
}

async fn an_instance_that_ended_between_invocations_is_not_used() {
    let cloud = start().await;
    let first = direct(&cloud, json!({"do": "exit afterwards"})).await.unwrap();
    until("another instance responds", async || {
        // An exit during an invocation is a crash. An exit between two invocations has no effect.
        match direct(&cloud, json!({})).await {
            Ok(response) => response["process"] != first["process"],
            Err(InvokeError::Exit(_)) => false,
            Err(error) => panic!("{error}"),
        }
    })
    .await;
    cloud.stop().await;
}

async fn a_function_that_cannot_initialise_is_an_error() {
    let cloud = start().await;
    let outcome = cloud.invoke("Broken", "{}".into()).await;
    assert!(matches!(outcome, Err(InvokeError::Init { .. })), "{outcome:?}");
    cloud.stop().await;
}

async fn a_response_over_six_megabytes_is_an_error() {
    let cloud = start().await;
    let outcome = direct(&cloud, json!({"do": "large"})).await;
    assert!(
        matches!(&outcome, Err(InvokeError::Function { kind, .. }) if kind == "Function.ResponseSizeTooLarge"),
        "{outcome:?}"
    );
    cloud.stop().await;
}

async fn an_event_over_six_megabytes_is_refused() {
    let cloud = start().await;
    let event = |size: usize| Bytes::from(format!("{:?}", "x".repeat(size - 2)));
    assert_eq!(cloud.invoke("Direct", event(6 * 1024 * 1024 + 1)).await, Err(InvokeError::TooLarge));
    assert!(cloud.invoke("Direct", event(6 * 1024 * 1024)).await.is_ok());
    cloud.stop().await;
}

#[cfg(target_os = "linux")]
async fn a_process_beyond_its_memory_size_is_killed() {
    let cloud = start().await;
    let before = direct(&cloud, json!({"do": "allocate", "mb": 64})).await.unwrap();
    let outcome = direct(&cloud, json!({"do": "allocate", "mb": 256})).await;
    assert_eq!(outcome, Err(InvokeError::OutOfMemory));
    assert!(outcome.unwrap_err().to_string().starts_with("Runtime exited with error: signal: killed"));
    assert_ne!(direct(&cloud, json!({})).await.unwrap()["process"], before["process"]);
    // Another abort is not reported as out of memory.
    let outcome = direct(&cloud, json!({"do": "abort"})).await;
    assert_eq!(outcome, Err(InvokeError::Exit("with error: signal: aborted".to_owned())));
    cloud.stop().await;
}

#[cfg(not(target_os = "linux"))]
async fn a_process_beyond_its_memory_size_is_killed() {}

async fn each_instance_has_its_own_temporary_directory() {
    let cloud = start().await;
    let gate = Gate::new();
    let pass = || direct(&cloud, json!({"do": "pass", "gate": gate.path()}));
    let opening = async {
        gate.reached_by(2).await;
        gate.open();
    };
    let (one, other, ()) = tokio::join!(pass(), pass(), opening);
    let directory = |seen: &Value| seen["environment"]["TMPDIR"].as_str().unwrap().to_owned();
    let directories = [one.unwrap(), other.unwrap()].map(|seen| directory(&seen));
    assert_ne!(directories[0], directories[1]);
    // The instance that was idle last is used next.
    cloud.rests().await;
    let first = direct(&cloud, json!({"do": "write"})).await.unwrap();
    cloud.rests().await;
    assert_eq!(
        direct(&cloud, json!({})).await.unwrap()["recorded"],
        true,
        "the directory exists as long as the instance"
    );
    assert!(std::path::Path::new(&directory(&first)).join("written").exists());
    cloud.rests().await;
    let _ = direct(&cloud, json!({"do": "exit"})).await;
    assert_eq!(direct(&cloud, json!({})).await.unwrap()["recorded"], false);
    cloud.stop().await;
    assert!(directories.iter().all(|directory| !std::path::Path::new(directory).exists()));
}

async fn an_invocation_beyond_the_reserved_concurrency_is_throttled() {
    let cloud = start().await;
    let invoke = |command: Value| cloud.invoke("Reserved", command.to_string().into());
    let gate = Gate::new();
    let other = async {
        gate.reached_by(1).await;
        assert_eq!(invoke(json!({})).await, Err(InvokeError::Throttled));
        gate.open();
    };
    let (one, ()) = tokio::join!(invoke(json!({"do": "pass", "gate": gate.path()})), other);
    assert!(one.is_ok());
    assert!(invoke(json!({})).await.is_ok(), "the concurrency is free again");
    cloud.stop().await;
}

async fn each_invocation_has_a_report() {
    let console = Console::keeping_logs();
    let cloud = Cloud::start(Options { console: console.clone(), ..options() }).await.unwrap();
    let response = direct(&cloud, json!({})).await.unwrap();
    direct(&cloud, json!({})).await.unwrap();
    exceed_timeout(&cloud).await.unwrap_err();
    let reports = |function: &str| {
        let lines = console.reports().into_iter().filter(|line| line.function == function);
        lines.map(|line| line.text).collect::<Vec<_>>()
    };
    let [cold, warm] = &reports("Direct")[..] else { panic!("{:?}", reports("Direct")) };
    assert!(
        cold.starts_with(&format!("REPORT RequestId: {}\tDuration: ", response["request"].as_str().unwrap()))
    );
    assert!(cold.contains("\tMemory Size: 128 MB\t") && cold.contains("Init Duration: "), "{cold}");
    assert_eq!(cold.contains("Max Memory Used: "), cfg!(target_os = "linux"), "{cold}");
    assert!(!warm.contains("Init Duration"), "{warm}");
    let [late] = &reports("Hasty")[..] else { panic!("{:?}", reports("Hasty")) };
    assert!(late.ends_with("Status: timeout"), "{late}");
    cloud.stop().await;
}

async fn the_runtime_api_responds_as_on_lambda() {
    let cloud = start().await;
    let invoke = async || {
        // One process receives all invocations.
        cloud.rests().await;
        cloud.invoke("Raw", "{}".into()).await
    };
    let headers: Value = serde_json::from_slice(&invoke().await.unwrap()).unwrap();
    let text = |name: &str| headers[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(text("arn"), "arn:aws:lambda:us-east-1:123456789012:function:Raw");
    assert_eq!(text("type"), "application/json");
    assert!(text("trace").starts_with("Root=1-"), "{headers}");
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
    let deadline: u128 = text("deadline").parse().unwrap();
    assert!(deadline > now && deadline <= now + 60_000, "{headers}");

    let failed = Err(InvokeError::Function { kind: "Function.Raw".to_owned(), message: String::new() });
    assert_eq!(invoke().await, failed);

    let seen: Value = serde_json::from_slice(&invoke().await.unwrap()).unwrap();
    let refused = |status: u16, kind: &str, message: &str| json!([status, {"errorType": kind, "errorMessage": message}]);
    let unknown = refused(400, "InvalidRequestID", "Invalid request ID");
    let not_now = refused(403, "InvalidStateTransition", "State transition is not allowed");
    let accepted = json!([202, {"status": "OK"}]);
    assert_eq!(seen, json!([unknown, not_now, not_now, accepted, unknown, accepted]));
    cloud.stop().await;
}

async fn an_init_error_of_the_runtime_is_returned() {
    let cloud = start().await;
    let reason = "Runtime.Unable: no key".to_owned();
    let outcome = cloud.invoke("Unable", "{}".into()).await;
    assert_eq!(outcome, Err(InvokeError::Init { function: "Unable".to_owned(), reason }));
    cloud.stop().await;
}

async fn a_function_that_does_not_exist_is_an_error() {
    let cloud = start().await;
    assert_eq!(cloud.invoke("Nobody", "{}".into()).await, Err(InvokeError::Unknown("Nobody".to_owned())));
    cloud.stop().await;
}
