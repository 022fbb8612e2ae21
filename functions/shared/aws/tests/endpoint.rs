//! Tests of the endpoint of the tables. The environment belongs to a process, so another process makes the calls: this
//! program, which runs the one ignored test.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;

use aws_sdk_dynamodb::error::DisplayErrorContext;

/// Lists the tables in a separate process with these environment variables. Returns its output.
fn call(variables: &[(&str, &str)]) -> String {
    let mut program = Command::new(std::env::current_exe().unwrap());
    program
        .args(["--exact", "the_call", "--ignored", "--nocapture"])
        .env_clear()
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ACCESS_KEY_ID", "test")
        .env("AWS_SECRET_ACCESS_KEY", "test")
        .env("AWS_MAX_ATTEMPTS", "1")
        .envs(variables.iter().copied());
    let output = program.output().unwrap();
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

/// An address without a listener.
const NOBODY: &str = "http://127.0.0.1:9";

/// Starts an endpoint that has one table, for one call.
fn endpoint() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let _ = connection.read(&mut [0; 8192]).unwrap();
        let response = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 24\r\n\r\n{\"TableNames\":[\"Found\"]} ";
        connection.write_all(response).unwrap();
    });
    address
}

#[tokio::test]
#[ignore = "the other tests run it in a separate process"]
async fn the_call() {
    tracing_subscriber::fmt().with_ansi(false).init();
    let config = aws::dynamodb(&aws::config(), aws::Environment::new(&[aws::DYNAMODB_ENDPOINT])).build();
    match aws_sdk_dynamodb::Client::from_conf(config).list_tables().send().await {
        Ok(tables) => println!("{:?}", tables.table_names()),
        Err(error) => aws::log_unreachable(&DisplayErrorContext(error)),
    }
}

#[test]
fn tables_are_at_the_endpoint_in_the_template() {
    let output = call(&[("DYNAMODB_ENDPOINT", &endpoint()), ("AWS_ENDPOINT_URL", NOBODY)]);
    assert!(output.contains("Found"), "{output}");
}

#[test]
fn the_sdk_chooses_if_the_endpoint_is_empty_or_missing() {
    for named in [&[("DYNAMODB_ENDPOINT", "")][..], &[]] {
        let sdks_own = endpoint();
        let output = call(&[named, &[("AWS_ENDPOINT_URL_DYNAMODB", sdks_own.as_str())]].concat());
        assert!(output.contains("Found"), "{output}");
        assert!(!output.contains("DynamoDbEndpoint"), "nothing is logged on AWS: {output}");
    }
}

#[test]
fn a_function_in_sam_local_without_tables_names_the_missing_setting() {
    const WHAT_TO_SET: &str = "--parameter-overrides DynamoDbEndpoint=";
    let elsewhere = endpoint();
    let unset =
        [("AWS_SAM_LOCAL", "true"), ("DYNAMODB_ENDPOINT", ""), ("AWS_ENDPOINT_URL_DYNAMODB", &elsewhere)];
    let output = call(&unset);
    assert!(output.contains(WHAT_TO_SET), "{output}");
    let output = call(&[("AWS_SAM_LOCAL", "true"), ("DYNAMODB_ENDPOINT", &endpoint())]);
    assert!(!output.contains(WHAT_TO_SET), "{output}");
    let output = call(&[("AWS_SAM_LOCAL", "true"), ("DYNAMODB_ENDPOINT", NOBODY)]);
    assert!(output.contains(WHAT_TO_SET) && output.contains("refused"), "{output}");
    let output = call(&[("DYNAMODB_ENDPOINT", NOBODY)]);
    assert!(!output.contains(WHAT_TO_SET) && output.contains("refused"), "{output}");
}
