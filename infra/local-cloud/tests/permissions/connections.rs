//! Calls of `@connections`. There are no connections, so that an allowed call fails with `GoneException`.

use std::time::SystemTime;

use aws_sdk_apigatewaymanagement::Client;
use aws_sdk_apigatewaymanagement::error::ProvideErrorMetadata;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use local_cloud::Cloud;

use crate::{credentials, start};

// An id in API Gateway's format. SDKs escape its `=` in the path, and escape it again for the signature.
const CONNECTION: &str = "L0SM9cOFvHcCIhw=";

fn client(cloud: &Cloud, credentials: Credentials) -> Client {
    let config = aws_sdk_apigatewaymanagement::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(credentials)
        .endpoint_url(format!("{}/execute-api/sockets/live", cloud.connections_endpoint()));
    Client::from_conf(config.build())
}

async fn post(client: &Client) -> aws_sdk_apigatewaymanagement::Error {
    client
        .post_to_connection()
        .connection_id(CONNECTION)
        .data(Blob::new("hi"))
        .send()
        .await
        .unwrap_err()
        .into()
}

#[tokio::test]
async fn a_function_may_use_the_methods_of_connections_that_its_policies_allow() {
    let cloud = start().await;
    let writer = client(&cloud, credentials(&cloud, "Writer"));
    assert_eq!(post(&writer).await.code(), Some("GoneException"));
    let delete = writer.delete_connection().connection_id(CONNECTION).send().await.unwrap_err();
    assert_eq!(delete.raw_response().unwrap().status().as_u16(), 403);
    assert_eq!(delete.code(), Some("AccessDeniedException"));
    let body = std::str::from_utf8(delete.raw_response().unwrap().body().bytes().unwrap()).unwrap();
    let message = "User: arn:aws:sts::123456789012:assumed-role/local-WriterRole/Writer is not authorized to \
                   perform: execute-api:ManageConnections on resource: arn:aws:execute-api:us-east-1:********9012:\
                   sockets/live/DELETE/@connections/{connectionId} because no identity-based policy allows the \
                   execute-api:ManageConnections action";
    assert_eq!(body, serde_json::json!({ "Message": message }).to_string());

    let keeper = client(&cloud, credentials(&cloud, "Keeper"));
    assert_eq!(post(&keeper).await.code(), Some("AccessDeniedException"));
    cloud.stop().await;
}

#[tokio::test]
async fn a_call_with_a_functions_key_needs_its_secret() {
    let cloud = start().await;
    let own = credentials(&cloud, "Writer");
    let token = own.session_token().map(str::to_owned);
    let forged = client(&cloud, Credentials::new(own.access_key_id(), "guessed", token, None, "test"));
    assert_eq!(post(&forged).await.code(), Some("InvalidSignatureException"));
    let stale = Credentials::new("ASIALOCALAAAAAAAAAAA", "old", Some("old".to_owned()), None, "test");
    assert_eq!(post(&client(&cloud, stale)).await.code(), Some("UnrecognizedClientException"));
    let operator = client(&cloud, Credentials::new("operator", "secret", None, None, "test"));
    assert_eq!(post(&operator).await.code(), Some("GoneException"));
    cloud.stop().await;
}

#[tokio::test]
async fn a_function_may_percent_encode_the_path_of_a_connection() {
    let cloud = start().await;
    for (function, exception) in [("Writer", "GoneException"), ("Keeper", "AccessDeniedException")] {
        for path in ["%40connections/L0SM9cOFvHcCIhw%3D", "@connections/L0SM9cOFvHcCIhw%3d"] {
            let address = format!("{}/execute-api/sockets/live/{path}", cloud.connections_endpoint());
            let response = signed_post(credentials(&cloud, function), &address).send().await.unwrap();
            assert_eq!(response.headers()["x-amzn-errortype"], exception, "{function} {path}");
        }
    }
    cloud.stop().await;
}

/// Creates a `POST` without a body. The signature covers the address as it is sent.
fn signed_post(credentials: Credentials, address: &str) -> reqwest::RequestBuilder {
    let identity = credentials.into();
    let params = SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name("execute-api")
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .unwrap();
    let request =
        SignableRequest::new("POST", address, std::iter::empty(), SignableBody::Bytes(b"")).unwrap();
    let (signed, _) = sign(request, &params.into()).unwrap().into_parts();
    let post = reqwest::Client::new().post(address);
    signed.headers().fold(post, |post, (name, value)| post.header(name, value))
}
