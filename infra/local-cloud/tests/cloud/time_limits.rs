//! Time limits of functions and connections: what is within a limit succeeds, and what exceeds it does not.

use std::path::Path;
use std::pin::pin;
use std::time::Duration;

use axum::http::StatusCode;
use local_cloud::lambda::InvokeError;
use local_cloud::{Cloud, Console, Options};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::clock::{StoppedClock, TICK, advance, advance_at_rest};
use crate::running::{Gate, PATIENCE, Socket, get, options, recorded, start};

crate::trials![in virtual time:
    an_http_api_waits_for_a_function_for_30_seconds,
    a_websocket_api_waits_for_a_function_for_29_seconds,
    a_connection_is_closed_after_ten_idle_minutes_and_a_busy_one_stays_open,
    a_connection_ends_after_two_hours,
    an_instance_is_removed_after_five_idle_minutes,
    a_timeout_kills_the_process_and_the_next_invocation_has_a_new_one,
    an_init_of_more_than_ten_seconds_is_restarted_within_the_invocation,
];

async fn with(time_scale: u32) -> Cloud {
    Cloud::start(Options { time_scale, ..options() }).await.unwrap()
}

async fn an_http_api_waits_for_a_function_for_30_seconds() {
    for (time_scale, limit) in [(1, Duration::from_secs(30)), (3, Duration::from_secs(10))] {
        let cloud = with(time_scale).await;
        let gates = [Gate::new(), Gate::new()];
        let [early_path, late_path] = gates.each_ref().map(|gate| format!("/patient?gate={}", gate.path()));
        let (mut early, mut late) = (pin!(get(&cloud, &early_path)), pin!(get(&cloud, &late_path)));
        let begun = Instant::now();
        tokio::select! {
            response = &mut early => panic!("{response:?}"),
            response = &mut late => panic!("{response:?}"),
            () = async { for gate in &gates { gate.reached_by(1).await } } => {}
        }
        let clock = StoppedClock::stop();
        let at_work = Instant::now();
        clock.set(begun + limit - TICK).await;
        gates[0].open();
        let early = tokio::select! {
            response = &mut early => response,
            response = &mut late => panic!("{response:?}"),
        };
        assert_eq!(early.status, StatusCode::OK);
        clock.set(at_work + limit + TICK).await;
        let late = late.await;
        assert_eq!(Instant::now(), at_work + limit + TICK, "the response comes at the limit");
        assert_eq!(late.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(late.json(), json!({"message": "Service Unavailable"}));
        drop(clock);
    }
}

async fn a_websocket_api_waits_for_a_function_for_29_seconds() {
    for (time_scale, limit) in [(1, Duration::from_secs(29)), (2, Duration::from_millis(14_500))] {
        let console = Console::keeping_logs();
        let cloud =
            Cloud::start(Options { time_scale, console: console.clone(), ..options() }).await.unwrap();
        let (mut early, mut late) = (connect(&cloud).await, connect(&cloud).await);
        let gates = [Gate::new(), Gate::new()];
        let begun = Instant::now();
        for (socket, gate) in [&mut early, &mut late].into_iter().zip(&gates) {
            socket.send(json!({"action": "patient", "gate": gate.path()}).to_string()).await;
            gate.reached_by(1).await;
        }
        let clock = StoppedClock::stop();
        let at_work = Instant::now();
        clock.set(begun + limit - TICK).await;
        gates[0].open();
        let responded = || console.reports().iter().any(|report| report.function == "Patient");
        clock.until("the early function has responded", responded).await;
        clock.set(at_work + limit + TICK).await;
        let error: Value = serde_json::from_str(&late.text().await).unwrap();
        assert_eq!(Instant::now(), at_work + limit + TICK, "the error comes at the limit");
        assert_eq!(error["message"], "Endpoint request timed out");
        drop(clock);
        assert_eq!(early.ask("hello").await, "hello", "the other client got no error");
        let limit = format!("timed out: Patient took longer than {} s", limit.as_secs_f64());
        assert!(console.warnings().iter().any(|warning| warning.text.starts_with(&limit)), "{limit}");
        cloud.stop().await;
    }
}

async fn connect(cloud: &Cloud) -> Socket {
    Socket::connect(cloud, "").await.unwrap()
}

async fn a_connection_is_closed_after_ten_idle_minutes_and_a_busy_one_stays_open() {
    for time_scale in [1, 5] {
        let limit = Duration::from_mins(10) / time_scale;
        let cloud = with(time_scale).await;
        let (mut busy, mut idle) = (connect(&cloud).await, connect(&cloud).await);
        let id = idle.id().await;
        advance_at_rest(&cloud, limit * 9 / 10).await;
        assert_eq!(busy.ask("hello").await, "hello");
        assert!(idle.is_silent(), "it is open");
        advance_at_rest(&cloud, limit / 5).await;
        assert_eq!(idle.closed().await, Some(1001));
        assert_eq!(busy.ask("hello").await, "hello");
        let context = &recorded(&cloud, &id, "disconnect").await["requestContext"];
        assert_eq!(
            (&context["disconnectStatusCode"], &context["disconnectReason"]),
            (&json!(1001), &json!("Going away"))
        );
        cloud.stop().await;
    }
}

async fn a_connection_ends_after_two_hours() {
    let cloud = with(2).await;
    let minute = Duration::from_mins(1) / 2;
    let mut socket = connect(&cloud).await;
    // It is never idle for ten minutes.
    for _ in 0..13 {
        advance_at_rest(&cloud, 9 * minute).await;
        assert_eq!(socket.ask("hello").await, "hello");
    }
    advance_at_rest(&cloud, 4 * minute).await;
    assert_eq!(socket.closed().await, Some(1001));
    cloud.stop().await;
}

async fn an_instance_is_removed_after_five_idle_minutes() {
    for time_scale in [1, 5] {
        let minute = Duration::from_mins(1) / time_scale;
        let cloud = with(time_scale).await;
        let invoke = async || {
            let response = cloud.invoke("Endless", "{}".into()).await.unwrap();
            serde_json::from_slice::<Value>(&response).unwrap()
        };
        let first = invoke().await;
        let files = Path::new(first["environment"]["TMPDIR"].as_str().unwrap());
        for _ in 0..2 {
            advance_at_rest(&cloud, 4 * minute).await;
            assert_eq!(invoke().await["process"], first["process"]);
        }
        // The idle time begins once the runtime asks for more work, which may be after the first minute.
        let begun = std::time::Instant::now();
        while files.exists() {
            assert!(begun.elapsed() < PATIENCE, "it is removed");
            advance(minute).await;
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert_ne!(invoke().await["process"], first["process"]);
        cloud.stop().await;
    }
}

async fn a_timeout_kills_the_process_and_the_next_invocation_has_a_new_one() {
    let cloud = start().await;
    let hasty = |command: Value| cloud.invoke("Hasty", command.to_string().into());
    let process = async || {
        let response = hasty(json!({})).await.unwrap();
        serde_json::from_slice::<Value>(&response).unwrap()["process"].clone()
    };
    let (before, gate) = (process().await, Gate::new());
    let (timeout, begun) = (Duration::from_secs(5), Instant::now());
    let mut late = pin!(hasty(json!({"do": "hang", "gate": gate.path()})));
    tokio::select! {
        outcome = &mut late => panic!("{outcome:?}"),
        () = gate.reached_by(1) => {}
    }
    let clock = StoppedClock::stop();
    let at_work = Instant::now();
    clock.set(begun + timeout - TICK).await;
    assert!(futures_util::poll!(&mut late).is_pending());
    clock.set(at_work + timeout + TICK).await;
    assert_eq!(late.await, Err(InvokeError::Timeout(timeout)));
    assert_eq!(Instant::now(), at_work + timeout + TICK, "the error comes at the timeout");
    drop(clock);
    assert_ne!(process().await, before);
}

async fn an_init_of_more_than_ten_seconds_is_restarted_within_the_invocation() {
    let gate = Gate::new();
    let parameters = [("Gate".to_owned(), gate.path().to_owned())].into();
    let console = Console::keeping_logs();
    let cloud = Cloud::start(Options { parameters, console: console.clone(), ..options() }).await.unwrap();
    let (limit, begun) = (Duration::from_secs(10), Instant::now());
    let mut invocation = pin!(cloud.invoke("Sleepy", "{}".into()));
    tokio::select! {
        outcome = &mut invocation => panic!("{outcome:?}"),
        () = gate.reached_by(1) => {}
    }
    let clock = StoppedClock::stop();
    let starting = Instant::now();
    clock.set(begun + limit - TICK).await;
    assert!(futures_util::poll!(&mut invocation).is_pending());
    clock.set(starting + limit + TICK).await;
    let is_restarted = || console.warnings().iter().any(|warning| warning.text.ends_with(", restarted"));
    // The second process may respond before the first look at the log.
    let outcome = tokio::select! {
        outcome = &mut invocation => Some(outcome),
        () = clock.until("the process is restarted", is_restarted) => None,
    };
    drop(clock);
    let outcome = match outcome {
        Some(outcome) => outcome,
        None => invocation.await,
    };
    assert!(is_restarted());
    assert!(outcome.is_ok(), "{outcome:?}");
}
