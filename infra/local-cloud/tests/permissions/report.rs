//! The report of unused and refused permissions.

use std::path::Path;

use local_cloud::{Cloud, Options};
use local_service::iam::Report;

use crate::{client, template, text};

async fn start_writing_to(usage: &Path, template: &Path) -> Cloud {
    let usage = Some(usage.to_owned());
    Cloud::start(Options { template: template.to_owned(), usage, ..Options::default() }).await.unwrap()
}

/// A template of one function with two permissions.
const TEMPLATE: &str = r#"
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: key, AttributeType: S }]
      KeySchema: [{ AttributeName: key, KeyType: HASH }]
      BillingMode: PAY_PER_REQUEST
  Reader:
    Type: AWS::Serverless::Function
    Metadata: { BuildProperties: { Binary: reader } }
    Properties:
      CodeUri: .
      Runtime: provided.al2023
      Policies:
        Statement: { Effect: Allow, Action: ["dynamodb:Get*", dynamodb:Scan], Resource: !GetAtt Orders.Arn }
"#;

#[tokio::test]
async fn a_permission_is_reported_as_unused_until_some_cloud_uses_it() {
    let directory = tempfile::tempdir().unwrap();
    let (own, usage) = (directory.path().join("template.yaml"), directory.path().join("usage"));
    std::fs::write(&own, TEMPLATE).unwrap();

    let cloud = start_writing_to(&usage, &own).await;
    let get = client(&cloud, "Reader").get_item().table_name("Orders").key("key", text("a"));
    get.send().await.unwrap();
    // The use is recorded at once, so that a killed cloud loses nothing.
    let report = Report::read(&own, &usage).unwrap();
    assert!(!report.is_clean());
    assert_eq!(
        report.to_string(),
        "Reader: 1 of 2 permissions used\n  allowed and never used: dynamodb:Scan on \
         arn:aws:dynamodb:us-east-1:123456789012:table/Orders\n    remove it from Reader.Policies.Statement, or \
         add a test that needs it\n"
    );
    cloud.stop().await;

    let another = start_writing_to(&usage, &own).await;
    client(&another, "Reader").scan().table_name("Orders").send().await.unwrap();
    let report = Report::read(&own, &usage).unwrap();
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.to_string(), "Reader: 2 of 2 permissions used\n");
    another.stop().await;
}

#[tokio::test]
async fn a_refused_call_is_reported_once() {
    let directory = tempfile::tempdir().unwrap();
    let (own, usage) = (directory.path().join("template.yaml"), directory.path().join("usage"));
    std::fs::write(&own, TEMPLATE).unwrap();
    let cloud = start_writing_to(&usage, &own).await;
    let reader = client(&cloud, "Reader");
    reader.get_item().table_name("Orders").key("key", text("a")).send().await.unwrap();
    reader.scan().table_name("Orders").send().await.unwrap();
    for _ in 0..2 {
        reader.put_item().table_name("Orders").item("key", text("a")).send().await.unwrap_err();
    }
    let report = Report::read(&own, &usage).unwrap();
    assert!(!report.is_clean());
    assert_eq!(
        report.to_string(),
        "Reader: 2 of 2 permissions used\n  refused: dynamodb:PutItem on \
         arn:aws:dynamodb:us-east-1:123456789012:table/Orders\n    allow it in Reader.Policies, or remove the call\n"
    );
    cloud.stop().await;
}

#[tokio::test]
async fn clouds_of_other_templates_and_calls_of_operators_do_not_count() {
    let directory = tempfile::tempdir().unwrap();
    let (own, usage) = (directory.path().join("template.yaml"), directory.path().join("usage"));
    std::fs::write(&own, TEMPLATE).unwrap();
    let other = start_writing_to(&usage, &template()).await;
    client(&other, "Idler").scan().table_name("Orders").send().await.unwrap_err();
    other.stop().await;
    let no_usage = Report::read(&own, &usage).unwrap_err().to_string();
    assert!(no_usage.contains("LOCAL_CLOUD_USAGE"), "{no_usage}");

    let cloud = start_writing_to(&usage, &own).await;
    let operator = crate::signing_with(
        &cloud,
        aws_sdk_dynamodb::config::Credentials::new("operator", "secret", None, None, "test"),
    );
    operator.scan().table_name("Orders").send().await.unwrap();
    let report = Report::read(&own, &usage).unwrap();
    assert!(report.to_string().starts_with("Reader: 0 of 2 permissions used\n"), "{report}");
    cloud.stop().await;
}
