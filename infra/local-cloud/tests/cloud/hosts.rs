//! DNS rebinding: every port of the cloud refuses requests for another host, so that a foreign page whose name resolves
//! to this machine cannot reach it.

use axum::http::{Request, StatusCode};
use http_body_util::Full;
use local_cloud::{Cloud, Options};
use serde_json::json;

use crate::running::{direct, options, send};

crate::trials![every_port_refuses_requests_for_another_host];

async fn every_port_refuses_requests_for_another_host() {
    let cloud = Cloud::start(Options { faults: Some(0), ..options() }).await.unwrap();
    let function = direct(&cloud, json!({})).await.unwrap();
    let runtime = function["environment"]["AWS_LAMBDA_RUNTIME_API"].as_str().unwrap().to_owned();
    for address in [
        cloud.dynamodb_endpoint(),
        cloud.connections_endpoint(),
        cloud.faults_address().unwrap(),
        format!("http://{runtime}"),
    ] {
        let port = address.rsplit(':').next().unwrap().split('/').next().unwrap().to_owned();
        for host in ["evil.example", "localhost.evil.example", "0.0.0.0"] {
            for host in [host.to_owned(), format!("{host}:{port}")] {
                assert!(is_refused(&address, &host).await, "{address} {host}");
            }
        }
        for host in ["localhost", "127.0.0.1", "[::1]", "host.docker.internal"] {
            assert!(!is_refused(&address, &format!("{host}:{port}")).await, "{address} {host}");
        }
    }
    cloud.stop().await;
}

/// Returns whether a request is refused because of its host, not for another reason.
async fn is_refused(address: &str, host: &str) -> bool {
    let request = Request::get(address).header("host", host).body(Full::default()).unwrap();
    let response = send(request).await;
    response.status == StatusCode::FORBIDDEN && response.headers["content-type"] == "application/problem+json"
}
