//! Work after the response: of the runtime, and of extensions in its process.

use std::time::{Duration, Instant};

use local_cloud::lambda::InvokeError;
use local_cloud::{Cloud, Console, Options};
use serde_json::{Value, json};

use crate::clock::{TICK, advance};
use crate::running::{Gate, options, start, until};

crate::trials![
    a_caller_does_not_wait_for_work_after_the_response_but_the_instance_does,
    a_caller_that_asks_again_at_once_finds_the_instance,
    an_invocation_is_reported_when_the_work_after_its_response_has_ended,
    a_process_that_ends_after_its_response_fails_no_caller,
    an_extension_that_fails_ends_its_instance,
    the_extensions_api_responds_as_on_lambda;
    in virtual time:
    work_after_the_response_is_stopped_at_the_functions_timeout,
];

/// The functions that work after the response: one in an extension, the other in its runtime.
const FUNCTIONS: [&str; 2] = ["Extended", "Lingering"];

async fn invoke(cloud: &Cloud, function: &str, after: Value) -> Result<Value, InvokeError> {
    let response = cloud.invoke(function, json!({"after": after}).to_string().into()).await?;
    Ok(serde_json::from_slice(&response).unwrap())
}

async fn start_with_console() -> (Cloud, Console) {
    let console = Console::keeping_logs();
    (Cloud::start(Options { console: console.clone(), ..options() }).await.unwrap(), console)
}

fn reports(console: &Console) -> Vec<String> {
    console.reports().into_iter().map(|line| line.text).collect()
}

async fn a_caller_does_not_wait_for_work_after_the_response_but_the_instance_does() {
    let cloud = start().await;
    for function in FUNCTIONS {
        let gate = Gate::new();
        let first = invoke(&cloud, function, json!({"gate": gate.path()})).await.unwrap();
        gate.reached_by(1).await;
        let second = invoke(&cloud, function, json!({})).await.unwrap();
        assert_ne!(second["process"], first["process"]);
        gate.open();
        cloud.rests().await;
        let processes = [&first["process"], &second["process"]];
        let third = invoke(&cloud, function, json!({})).await.unwrap();
        assert!(processes.contains(&&third["process"]), "an instance is used again after its work");
    }
    cloud.stop().await;
}

async fn a_caller_that_asks_again_at_once_finds_the_instance() {
    let cloud = start().await;
    for function in FUNCTIONS {
        let first = invoke(&cloud, function, json!({})).await.unwrap();
        for _ in 0..20 {
            assert_eq!(invoke(&cloud, function, json!({})).await.unwrap()["process"], first["process"]);
        }
    }
    cloud.stop().await;
}

async fn an_invocation_is_reported_when_the_work_after_its_response_has_ended() {
    for function in FUNCTIONS {
        let (cloud, console) = start_with_console().await;
        let gate = Gate::new();
        let response = invoke(&cloud, function, json!({"gate": gate.path()})).await.unwrap();
        gate.reached_by(1).await;
        assert_eq!(reports(&console), [""; 0]);
        let worked = Instant::now();
        tokio::time::sleep(Duration::from_millis(50)).await;
        let worked = worked.elapsed();
        gate.open();
        cloud.rests().await;
        let [report] = &reports(&console)[..] else { panic!("{:?}", reports(&console)) };
        let duration = report.split(['\t', ' ']).skip_while(|word| *word != "Duration:").nth(1).unwrap();
        assert!(report.contains(response["request"].as_str().unwrap()), "{report}");
        assert!(duration.parse::<f64>().unwrap() >= worked.as_secs_f64() * 1000.0, "{report}");
        cloud.stop().await;
    }
}

/// Lets a function do something after its response that ends its process. Checks that the next invocation has another process.
async fn end_after_response(cloud: &Cloud, function: &str, command: &str) {
    let gate = Gate::new();
    let first = invoke(cloud, function, json!({"do": command, "gate": gate.path()})).await.unwrap();
    gate.open();
    cloud.rests().await;
    let second = invoke(cloud, function, json!({})).await.unwrap();
    assert_ne!(second["process"], first["process"]);
    cloud.rests().await;
}

async fn a_process_that_ends_after_its_response_fails_no_caller() {
    for function in FUNCTIONS {
        let (cloud, console) = start_with_console().await;
        end_after_response(&cloud, function, "exit").await;
        let [failed, done] = &reports(&console)[..] else { panic!("{:?}", reports(&console)) };
        assert!(failed.ends_with("Status: error\tError Type: Runtime.ExitError"), "{failed}");
        assert!(!done.contains("Status:"), "{done}");
        cloud.stop().await;
    }
}

async fn an_extension_that_fails_ends_its_instance() {
    let (cloud, console) = start_with_console().await;
    end_after_response(&cloud, "Extended", "fail").await;
    let warnings = console.warnings();
    let is_named = |text: &str| text.contains("the extension after failed: ");
    assert!(warnings.iter().any(|warning| is_named(&warning.text)), "{warnings:?}");
    cloud.stop().await;
}

async fn work_after_the_response_is_stopped_at_the_functions_timeout() {
    for function in FUNCTIONS {
        let (cloud, console) = start_with_console().await;
        let gate = Gate::new();
        let first = invoke(&cloud, function, json!({"gate": gate.path()})).await.unwrap();
        gate.reached_by(1).await;
        advance(Duration::from_secs(5) + TICK).await;
        until("the invocation has ended", async || !reports(&console).is_empty()).await;
        let [report] = &reports(&console)[..] else { panic!("{:?}", reports(&console)) };
        assert!(report.ends_with("Status: timeout"), "{report}");
        assert_ne!(invoke(&cloud, function, json!({})).await.unwrap()["process"], first["process"]);
        cloud.stop().await;
    }
}

async fn the_extensions_api_responds_as_on_lambda() {
    let cloud = start().await;
    let content = cloud.invoke("RawExtension", "{}".into()).await.unwrap();
    let content: Value = serde_json::from_slice(&content).unwrap();
    let seen = content["seen"].as_array().unwrap();
    let kinds: Vec<_> = seen
        .iter()
        .map(|response| (&response[0], response[1]["errorType"].as_str().unwrap_or_default()))
        .collect();
    let expected = [
        (403, "Extension.InvalidExtensionName"),
        (403, "InvalidRequestFormat"),
        (403, "Extension.InvalidEventType"),
        (403, "Extension.InvalidExtensionState"),
        (200, ""),
        (403, "Extension.TooManyExtensions"),
        (403, "Extension.UnknownExtensionIdentifier"),
        (403, "Extension.MissingHeader"),
        (200, ""),
        (403, "Extension.RegistrationClosed"),
    ];
    assert_eq!(kinds.len(), expected.len(), "{content}");
    for (index, (status, kind)) in expected.into_iter().enumerate() {
        assert_eq!((kinds[index].0, kinds[index].1), (&json!(status), kind), "{index}: {content}");
    }
    let function =
        json!({"functionName": "RawExtension", "functionVersion": "$LATEST", "handler": "bootstrap"});
    assert_eq!(seen[4][1], function);
    let notice = json!({
        "eventType": "INVOKE",
        "deadlineMs": content["deadline"],
        "requestId": content["request"],
        "invokedFunctionArn": content["arn"],
        "tracing": {"type": "X-Amzn-Trace-Id", "value": content["trace"]},
    });
    assert_eq!(seen[8][1], notice);
    cloud.stop().await;
}
