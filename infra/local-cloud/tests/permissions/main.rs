//! Permissions: policies, signatures, and the report of used permissions.

#![allow(clippy::unwrap_used, reason = "a test whose setup fails has failed")]

mod calls;
mod connections;
mod keys;
mod policies;
mod report;
mod signatures;

use std::path::{Path, PathBuf};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::AttributeValue;
use local_cloud::{Cloud, Options};

fn template() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/permissions/template.yaml")
}

async fn start() -> Cloud {
    Cloud::start(Options { template: template(), ..Options::default() }).await.unwrap()
}

/// Returns the credentials of a function.
fn credentials(cloud: &Cloud, function: &str) -> Credentials {
    let own = cloud.iam().registry().get(function).unwrap();
    let token = Some(own.session_token.clone());
    Credentials::new(&own.access_key_id, &own.secret_access_key, token, None, "test")
}

/// Creates a client with these credentials.
fn signing_with(cloud: &Cloud, credentials: Credentials) -> Client {
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(credentials)
        .endpoint_url(cloud.dynamodb_endpoint());
    Client::from_conf(config.build())
}

/// Creates a client with the credentials of a function.
fn client(cloud: &Cloud, function: &str) -> Client {
    signing_with(cloud, credentials(cloud, function))
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

/// Returns the exception and the message of a failed call.
fn refusal<R: std::fmt::Debug, E: ProvideErrorMetadata + std::fmt::Debug>(
    outcome: Result<R, SdkError<E>>,
) -> (String, String) {
    let error = outcome.unwrap_err();
    (error.code().unwrap_or_default().to_owned(), error.message().unwrap_or_default().to_owned())
}

/// Returns the exception and the message of AWS for a call that the policies do not allow.
fn denied(function: &str, action: &str, resource: &str) -> (String, String) {
    let message = format!(
        "User: arn:aws:sts::123456789012:assumed-role/local-{function}Role/{function} is not authorized to perform: \
         {action} on resource: arn:aws:dynamodb:us-east-1:123456789012:table/{resource} because no identity-based \
         policy allows the {action} action"
    );
    ("AccessDeniedException".to_owned(), message)
}
