//! Injected faults of posts, functions and connections, and the HTTP endpoint that sets them.

use axum::http::{Request, StatusCode};
use local_cloud::Cloud;
use local_cloud::lambda::InvokeError;
use local_service::faults::{Fault, Rule};
use serde_json::json;
use std::time::{Duration, Instant};

use crate::running::{Socket, TestResponse, direct, options, recorded, send, start, until};

crate::trials![
    a_post_fails_as_the_rule_says_and_is_not_delivered,
    a_lost_post_succeeds_and_is_not_delivered,
    a_slow_post_takes_as_long_as_the_rule_says,
    a_function_killed_before_its_work_has_no_effect,
    a_function_killed_after_its_work_has_its_effect,
    a_function_is_killed_during_its_work,
    a_client_is_cut_off_without_a_close_frame_and_disconnect_is_invoked,
    disconnect_is_not_invoked,
    faults_are_read_set_and_cleared_over_http,
    an_invalid_fault_is_an_error_that_says_what_to_send,
    the_endpoint_is_off_by_default,
];

/// Connects two clients. Returns them and the id of the second.
async fn pair(cloud: &Cloud) -> (Socket, Socket, String) {
    let one = Socket::connect(cloud, "").await.unwrap();
    let mut other = Socket::connect(cloud, "").await.unwrap();
    let id = other.id().await;
    (one, other, id)
}

async fn a_post_fails_as_the_rule_says_and_is_not_delivered() {
    let cloud = start().await;
    let (mut one, mut other, id) = pair(&cloud).await;
    for (fault, exception) in [
        (Fault::PostGone, "GoneException"),
        (Fault::PostThrottled, "LimitExceededException"),
        (Fault::PostFailing, "InternalServerErrorException"),
    ] {
        cloud.faults().set(0, [Rule::new(fault).function("Socket").resource(&id)]);
        assert_eq!(one.ask(&format!("post {id} unheard")).await, exception);
    }
    cloud.faults().clear();
    assert_eq!(one.ask(&format!("post {id} heard")).await, "posted");
    assert_eq!(other.text().await, "heard");
    cloud.stop().await;
}

async fn a_lost_post_succeeds_and_is_not_delivered() {
    let cloud = start().await;
    let (mut one, mut other, id) = pair(&cloud).await;
    cloud.faults().set(0, [Rule::new(Fault::PostLost).resource(&id).times(1)]);
    for text in ["lost", "heard"] {
        assert_eq!(one.ask(&format!("post {id} {text}")).await, "posted");
    }
    assert_eq!(other.text().await, "heard");
    cloud.stop().await;
}

async fn a_slow_post_takes_as_long_as_the_rule_says() {
    let cloud = start().await;
    let (mut one, mut other, id) = pair(&cloud).await;
    cloud.faults().set(0, [Rule::new(Fault::PostSlow).resource(&id).delay_ms(300)]);
    let begun = Instant::now();
    assert_eq!(one.ask(&format!("post {id} late")).await, "posted");
    assert!(begun.elapsed() >= Duration::from_millis(300));
    assert_eq!(other.text().await, "late");
    cloud.stop().await;
}

/// Sends a message under a rule that kills the function. Returns whether its post arrived, and whether the function
/// responded before the gateway's error message.
async fn kill(fault: Fault) -> (bool, bool) {
    let cloud = start().await;
    let (mut one, mut other, id) = pair(&cloud).await;
    cloud.faults().set(0, [Rule::new(fault).function("Socket").times(1)]);
    let response = one.ask(&format!("post {id} done")).await;
    let mut error = response.clone();
    if response == "posted" {
        error = one.text().await;
    }
    assert!(error.contains("Internal server error"), "{error}");
    // A new process handles the next message.
    assert_eq!(one.ask(&format!("post {id} next")).await, "posted");
    let first = other.text().await;
    cloud.stop().await;
    (first == "done", response == "posted")
}

async fn a_function_killed_before_its_work_has_no_effect() {
    assert_eq!(kill(Fault::FunctionKilledBefore).await, (false, false));
}

async fn a_function_killed_after_its_work_has_its_effect() {
    assert_eq!(kill(Fault::FunctionKilledAfter).await, (true, true));
}

async fn a_function_is_killed_during_its_work() {
    let cloud = start().await;
    cloud.faults().set(0, [Rule::new(Fault::FunctionKilledDuring).function("Direct").delay_ms(100)]);
    let begun = Instant::now();
    let killed = direct(&cloud, json!({"do": "hang"})).await;
    assert!(
        matches!(&killed, Err(InvokeError::Exit(how)) if how.contains("by an injected fault")),
        "{killed:?}"
    );
    assert!(begun.elapsed() >= Duration::from_millis(100));
    cloud.faults().clear();
    assert!(direct(&cloud, json!({})).await.is_ok());
    cloud.stop().await;
}

async fn a_client_is_cut_off_without_a_close_frame_and_disconnect_is_invoked() {
    let cloud = start().await;
    let (mut one, mut other, id) = pair(&cloud).await;
    cloud.faults().set(0, [Rule::new(Fault::ClientCutOff).resource(&id)]);
    // The post succeeds: the gateway does not know yet.
    assert_eq!(one.ask(&format!("post {id} unheard")).await, "posted");
    other.cut_off().await;
    assert_eq!(recorded(&cloud, &id, "disconnect").await["requestContext"]["disconnectStatusCode"], 1006);
    assert_eq!(one.ask(&format!("post {id} unheard")).await, "GoneException");
    cloud.stop().await;
}

async fn disconnect_is_not_invoked() {
    let cloud = start().await;
    let (mut one, mut other, id) = pair(&cloud).await;
    cloud.faults().set(0, [Rule::new(Fault::DisconnectUnsent).times(1)]);
    other.close(None).await;
    until("the fault is injected", async || cloud.faults().plan().rules[0].injected == 1).await;
    // By the time of the next disconnect event, the first would have arrived.
    let next = one.id().await;
    one.close(None).await;
    recorded(&cloud, &next, "disconnect").await;
    let calls = cloud.ledger().calls();
    let recorded = calls.iter().filter(|call| call.action == "dynamodb:PutItem").count();
    assert_eq!(recorded, 3, "two connects and one disconnect, none of {id}");
    cloud.stop().await;
}

async fn with_endpoint() -> (Cloud, String) {
    let cloud = Cloud::start(local_cloud::Options { faults: Some(0), ..options() }).await.unwrap();
    let address = cloud.faults_address().unwrap();
    (cloud, address)
}

async fn ask(method: &str, address: &str, body: &'static str) -> TestResponse {
    send(Request::builder().method(method).uri(address).body(body.into()).unwrap()).await
}

async fn faults_are_read_set_and_cleared_over_http() {
    let (cloud, address) = with_endpoint().await;
    let nothing = json!({"seed": 0, "rules": []});
    assert_eq!(ask("GET", &address, "").await.json(), nothing);
    let set = r#"{"rules": [{"fault": "function-killed-before", "function": "Direct", "times": 1}]}"#;
    assert_eq!(ask("PUT", &address, set).await.status, StatusCode::OK);
    assert!(matches!(direct(&cloud, json!({})).await, Err(InvokeError::Exit(_))));
    assert!(direct(&cloud, json!({})).await.is_ok());
    let rule = json!({
        "fault": "function-killed-before", "function": "Direct", "rate": 1.0, "times": 1, "calls": 1, "injected": 1
    });
    assert_eq!(ask("GET", &address, "").await.json(), json!({"seed": 0, "rules": [rule]}));
    assert_eq!(ask("DELETE", &address, "").await.status, StatusCode::NO_CONTENT);
    assert_eq!(ask("GET", &address, "").await.json(), nothing);
    cloud.stop().await;
}

async fn an_invalid_fault_is_an_error_that_says_what_to_send() {
    let (cloud, address) = with_endpoint().await;
    for (body, detail) in [
        ("rules", "expected value at line 1 column 1"),
        (
            r#"{"rules": [{"fault": "flood"}]}"#,
            "unknown variant `flood`, expected one of `dynamodb-throttled`",
        ),
        (
            r#"{"rules": [{"fault": "post-gone", "chance": 1}]}"#,
            "unknown field `chance`, expected one of `fault`",
        ),
        (
            r#"{"rules": [{"fault": "post-gone", "rate": 50}]}"#,
            "rules[0]: `rate` is a share from 0 (never) to 1",
        ),
        (
            r#"{"rules": [{"fault": "post-gone", "operation": "PutItem"}]}"#,
            "rules[0]: `operation` of this fault",
        ),
        (
            r#"{"rules": [{"fault": "client-cut-off", "function": "Http"}]}"#,
            "rules[0]: `function` does not apply",
        ),
    ] {
        let response = ask("PUT", &address, body).await;
        assert_eq!(response.status, StatusCode::BAD_REQUEST);
        assert_eq!(response.headers["content-type"], "application/problem+json");
        let text = response.json()["detail"].as_str().unwrap().to_owned();
        assert!(text.starts_with(detail) && text.contains(r#"Send for example {"seed": 7, "#), "{text}");
        assert_eq!(cloud.faults().plan().rules, []);
    }
    assert_eq!(ask("POST", &address, "{}").await.status, StatusCode::METHOD_NOT_ALLOWED);
    let foreign = Request::put(&address).header("host", "rebound.example").body("{}".into()).unwrap();
    assert_eq!(send(foreign).await.status, StatusCode::FORBIDDEN);
    cloud.stop().await;
}

async fn the_endpoint_is_off_by_default() {
    let cloud = start().await;
    assert_eq!(cloud.faults_address(), None);
    cloud.stop().await;
}
