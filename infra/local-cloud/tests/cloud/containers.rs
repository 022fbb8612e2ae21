//! The address for containers: DynamoDB and `@connections` at an address other than the loopback address.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::Request;
use axum::http::header::HOST;
use http_body_util::Full;
use local_cloud::{Cloud, Options};

use crate::running::{options, send};

crate::trials![
    both_ports_respond_at_the_address_for_containers,
    an_address_of_another_machine_is_an_error_that_says_what_to_do
];

/// All of 127.0.0.0/8 is this machine on Linux, and only 127.0.0.1 elsewhere.
const BRIDGE: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, if cfg!(target_os = "linux") { 2 } else { 1 }));

async fn both_ports_respond_at_the_address_for_containers() {
    if BRIDGE == Ipv4Addr::LOCALHOST {
        return;
    }
    let cloud = Cloud::start(Options { containers: Some(BRIDGE), ..options() }).await.unwrap();
    for (endpoint, member) in [
        (cloud.dynamodb_endpoint(), "__type"),
        (format!("{}/execute-api/api/live/@connections/a", cloud.connections_endpoint()), "message"),
    ] {
        let address = endpoint.replace("127.0.0.1", &BRIDGE.to_string());
        let request = Request::post(address).header(HOST, "host.docker.internal");
        let response = send(request.body(Full::default()).unwrap()).await;
        assert!(response.json().get(member).is_some(), "{endpoint}: {response:?}");
    }
    cloud.stop().await;
}

async fn an_address_of_another_machine_is_an_error_that_says_what_to_do() {
    // An address for documentation, which no machine uses (RFC 5737).
    let containers = Some("198.51.100.1".parse().unwrap());
    let error = Cloud::start(Options { containers, ..options() }).await.unwrap_err();
    assert!(error.to_string().contains("--containers"), "{error}");
}
