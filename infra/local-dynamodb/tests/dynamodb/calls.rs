//! Calls and their responses, as the SDK sees them.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::error::ProvideErrorMetadata;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, KeySchemaElement, KeyType, ScalarAttributeType,
};
use local_dynamodb::Data;
use local_dynamodb::{DynamoDb, Options};
use local_service::CallContext;
use local_service::Ledger;
use local_service::faults::{Fault, FaultInjector, Rule};

use crate::tables::{ORDERS, client, code, put_note, start, tables, text};

#[tokio::test]
async fn titles_are_queried_consistently_from_the_local_index_newest_first_without_bodies() {
    let dynamodb = start();
    let client = client(&dynamodb);
    put_note(&client, "a", "2026-01-01", "first").await;
    put_note(&client, "b", "2026-01-02", "second").await;

    let answer = client
        .query()
        .table_name("Orders")
        .index_name("by-updated")
        .consistent_read(true)
        .scan_index_forward(false)
        .key_condition_expression("board = :board")
        .expression_attribute_values(":board", text("main"))
        .send()
        .await
        .unwrap();
    let titles: Vec<_> = answer.items().iter().map(|item| item["title"].as_s().unwrap().as_str()).collect();
    assert_eq!(titles, ["second", "first"]);
    assert!(answer.items().iter().all(|item| !item.contains_key("body")));
}

#[tokio::test]
async fn the_ledger_records_every_call_with_its_caller_and_resource() {
    let ledger = Ledger::default();
    let dynamodb =
        DynamoDb::start(Options::new(&tables("KEYS_ONLY"), &Data::Memory).context(ledger.clone())).unwrap();
    let client = client(&dynamodb);
    put_note(&client, "a", "2026-01-01", "first").await;
    let query =
        client.query().table_name("Orders").index_name("by-updated").key_condition_expression("board = :b");
    query.expression_attribute_values(":b", text("main")).send().await.unwrap();

    let calls: Vec<_> = ledger
        .calls()
        .into_iter()
        .map(|call| format!("{} {} {}", call.caller, call.action, call.resource))
        .collect();
    assert_eq!(calls, ["Http dynamodb:PutItem Orders", "Http dynamodb:Query Orders/index/by-updated"]);
}

#[tokio::test]
async fn a_failed_condition_returns_the_current_item() {
    let dynamodb = start();
    let client = client(&dynamodb);
    put_note(&client, "a", "2026-01-01", "first").await;
    let refusal = client
        .put_item()
        .table_name("Orders")
        .item("board", text("main"))
        .item("key", text("a"))
        .condition_expression("attribute_not_exists(#key)")
        .expression_attribute_names("#key", "key")
        .return_values_on_condition_check_failure("ALL_OLD".into())
        .send()
        .await
        .unwrap_err()
        .into_service_error();
    let aws_sdk_dynamodb::operation::put_item::PutItemError::ConditionalCheckFailedException(failed) =
        refusal
    else {
        panic!("{refusal:?}");
    };
    assert_eq!(failed.item().unwrap()["title"], text("first"));
}

#[tokio::test]
async fn a_table_description_has_the_region_account_and_stream_view() {
    let dynamodb =
        DynamoDb::start(Options::new(&tables("KEYS_ONLY"), &Data::Memory).context(Ledger::default()))
            .unwrap();
    let answer = client(&dynamodb).describe_table().table_name("Orders").send().await.unwrap();
    let table = answer.table().unwrap();
    assert_eq!(table.table_arn(), Some(ORDERS));
    assert_eq!(table.latest_stream_arn(), Some(&*format!("{ORDERS}/stream/2026-01-01T00:00:00.000")));
    assert_eq!(table.stream_specification().unwrap().stream_view_type().unwrap().as_str(), "KEYS_ONLY");
    assert_eq!(table.local_secondary_indexes()[0].index_arn(), Some(&*format!("{ORDERS}/index/by-updated")));
}

#[tokio::test]
async fn unsigned_undeclared_and_unavailable_calls_are_refused_as_on_aws() {
    let dynamodb = start();
    let client = client(&dynamodb);

    let unsigned = client
        .get_item()
        .table_name("Orders")
        .key("board", text("main"))
        .key("key", text("a"))
        .customize()
        .mutate_request(|request| {
            request.headers_mut().remove("authorization");
        })
        .config_override(aws_sdk_dynamodb::config::Builder::new().allow_no_auth())
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&unsigned), "MissingAuthenticationTokenException", "{unsigned:?}");

    let undeclared = client.get_item().table_name("Nowhere").key("id", text("a")).send().await.unwrap_err();
    assert_eq!(code(&undeclared), "ResourceNotFoundException");

    let create = client
        .create_table()
        .table_name("Mine")
        .billing_mode(BillingMode::PayPerRequest)
        .attribute_definitions(
            AttributeDefinition::builder()
                .attribute_name("id")
                .attribute_type(ScalarAttributeType::S)
                .build()
                .unwrap(),
        )
        .key_schema(KeySchemaElement::builder().attribute_name("id").key_type(KeyType::Hash).build().unwrap())
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&create), "UnknownOperationException");
    assert_eq!(
        create.message(),
        Some(
            "The local cloud does not support DynamoDB_20120810.CreateTable: the template creates tables, triggers \
             read streams, and statements are not supported"
        )
    );
}

#[tokio::test]
async fn faults_have_the_errors_of_aws_and_only_a_lost_response_has_an_effect() {
    let faults = FaultInjector::default();
    let context = CallContext { faults: faults.clone(), ..CallContext::default() };
    let dynamodb =
        DynamoDb::start(Options::new(&tables("KEYS_ONLY"), &Data::Memory).context(context)).unwrap();
    let client = client(&dynamodb);
    for (fault, exception, done) in [
        (Fault::DynamodbThrottled, "ProvisionedThroughputExceededException", false),
        (Fault::DynamodbFailing, "InternalServerError", false),
        (Fault::DynamodbAnswerLost, "InternalServerError", true),
    ] {
        faults.set(0, [Rule::new(fault).function("Http").operation("PutItem").resource("Sessions")]);
        let put = client.put_item().table_name("Sessions").item("id", text(exception));
        assert_eq!(code(&put.send().await.unwrap_err()), exception);
        // The rule does not apply to other operations and tables.
        put_note(&client, "a", "2026-01-01", "first").await;
        let get = client.get_item().table_name("Sessions").key("id", text(exception)).send().await.unwrap();
        assert_eq!(get.item().is_some(), done, "{fault:?}");
    }

    faults.set(0, [Rule::new(Fault::DynamodbSlow).delay_ms(300)]);
    let begun = Instant::now();
    put_note(&client, "a", "2026-01-02", "second").await;
    assert!(begun.elapsed() >= Duration::from_millis(300));
}
