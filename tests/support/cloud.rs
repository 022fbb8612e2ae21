//! A cloud of a test's own: in memory, on free ports, with functions in processes of their own.

use std::collections::HashMap;
use std::path::Path;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use local_cloud::{Cloud, Options};
use local_service::Call;
use local_service::faults::{Fault, FaultInjector, Rule};

use super::{Socket, Visitor, in_time};

/// The whole of Notes, running.
pub struct TestCloud {
    cloud: Cloud,
}

impl TestCloud {
    /// Starts it as the template says.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts it with options of the test's own.
    pub async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options {
            template: Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml"),
            program: Some(env!("CARGO_BIN_EXE_notes-under-test").into()),
            // Everybody in a test comes from one address.
            parameters: [("SignUpsPerHour".to_owned(), "100000".to_owned())].into(),
            ..Options::default()
        };
        change(&mut options);
        Self { cloud: Cloud::start(options).await.expect("the local cloud starts") }
    }

    /// `http://localhost:PORT`.
    pub fn address(&self) -> String {
        self.cloud.address()
    }

    /// Somebody who has just signed up.
    pub async fn sign_up(&self, username: &str) -> Visitor {
        Visitor::sign_up(&self.address(), username).await
    }

    /// Opens a socket with somebody's session.
    pub async fn socket(&self, visitor: &Visitor) -> Socket {
        Socket::open(&self.address(), Some(visitor.cookie())).await.expect("the handshake is taken")
    }

    /// Invokes a function with an event, as `sam local invoke` would.
    pub async fn invoke(&self, function: &str, event: &str) -> serde_json::Value {
        let answer = self.cloud.invoke(function, event.to_owned().into()).await;
        serde_json::from_slice(&answer.expect("the function answers")).expect("the answer is JSON")
    }

    /// All calls that functions have made of DynamoDB and of `@connections`.
    pub fn calls(&self) -> Vec<Call> {
        self.cloud.ledger().calls()
    }

    /// Waits until no function works, and none has anything left to do.
    pub async fn rests(&self) {
        in_time("the functions come to rest", self.cloud.rests()).await;
    }

    /// Forgets the calls so far, once no function is making any.
    pub async fn forget_calls(&self) {
        self.rests().await;
        self.cloud.ledger().clear();
    }

    /// How many calls a function has made of an action on a resource (the beginning of its name).
    pub fn count(&self, function: &str, action: &str, resource: &str) -> usize {
        let meant = |call: &&Call| {
            call.caller == function && call.action == action && call.resource.starts_with(resource)
        };
        self.calls().iter().filter(meant).count()
    }

    /// The library that reaches sockets, as some function of the cloud would use it.
    pub fn socketio(&self, settings: socketio::Settings) -> socketio::SocketIo {
        let gateway = aws_sdk_apigatewaymanagement::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("operator", "secret", None, None, "test"))
            .endpoint_url(format!("{}/execute-api/websocketapi/live", self.cloud.connections_endpoint()));
        let gateway = aws_sdk_apigatewaymanagement::Client::from_conf(gateway.build());
        socketio::SocketIo::with_clients(&self.dynamodb(), &gateway, "Connections", settings)
    }

    /// A client of the cloud's DynamoDB, as an operator would use it.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("operator", "secret", None, None, "test"))
            .endpoint_url(self.cloud.dynamodb_endpoint());
        aws_sdk_dynamodb::Client::from_conf(config.build())
    }

    /// Makes the only session one that was last used an hour ago, and gives the time that says so.
    pub async fn leave_the_session_for_an_hour(&self) -> AttributeValue {
        let row = self.rows("Sessions").await.remove(0);
        let before = jiff::Timestamp::now() - jiff::SignedDuration::from_hours(1);
        let before = AttributeValue::S(before.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string());
        let update = self.dynamodb().update_item().table_name("Sessions");
        let update = update.key("username", row["username"].clone()).key("id", row["id"].clone());
        let update = update.update_expression("SET lastSeen = :before");
        update
            .expression_attribute_values(":before", before.clone())
            .send()
            .await
            .expect("the row is changed");
        before
    }

    /// All rows of a table.
    pub async fn rows(&self, table: &str) -> Vec<HashMap<String, AttributeValue>> {
        let scan = self.dynamodb().scan().table_name(table).consistent_read(true).into_paginator().items();
        scan.send().collect::<Result<_, _>>().await.expect("the table is read")
    }

    /// How many rows of sockets there are, own rows and rows of rooms.
    pub async fn socket_rows(&self) -> usize {
        let is_socket = |row: &HashMap<String, AttributeValue>| !row.contains_key("value");
        self.rows("Connections").await.iter().filter(|row| is_socket(row)).count()
    }

    /// What was used so far, in the units that AWS bills.
    pub fn usage(&self) -> local_service::Usage {
        self.cloud.meter().usage()
    }

    /// Lets items expire and stay, as DynamoDB may for hours.
    pub fn keep_expired_items(&self) {
        self.faults().set(0, [Rule::new(Fault::ExpiryLate)]);
    }

    /// What goes wrong on purpose.
    pub fn faults(&self) -> &FaultInjector {
        self.cloud.faults()
    }

    /// What triggers gave up on, of the stream of a table.
    pub fn given_up(&self, table: &str) -> Vec<String> {
        let mut messages = self.cloud.queues().messages("FailedRecords");
        messages.retain(|message| message.contains(&format!(":table/{table}/stream/")));
        messages
    }

    /// Stops it, with all its processes.
    pub async fn stop(self) {
        self.cloud.stop().await;
    }
}
