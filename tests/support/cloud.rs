//! A local cloud for one test: in memory, on free ports, with each function in its own process.

use std::collections::HashMap;
use std::path::Path;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use local_cloud::{Cloud, Options};
use local_service::Call;
use local_service::faults::{Fault, FaultInjector, Rule};

use super::{Socket, TestUser, in_time};

/// All of Notes, running in a local cloud.
pub struct TestCloud {
    cloud: Cloud,
}

impl TestCloud {
    /// Starts a cloud with the options of the template.
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// Starts a cloud without the template's distribution. Functions then accept events that did not come through it, such
    /// as the sample events.
    pub async fn without_edge() -> Self {
        Self::with(|options| {
            options.parameters.insert("Edge".to_owned(), "no".to_owned());
        })
        .await
    }

    /// Starts a cloud with early pushes, as they are by default.
    pub async fn with_early_pushes() -> Self {
        Self::with(|options| drop(options.parameters.remove("EarlyPushSockets"))).await
    }

    /// Starts a cloud with changed options.
    pub async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options {
            template: Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml"),
            program: Some(env!("CARGO_BIN_EXE_notes-under-test").into()),
            // All test users share one IP address, so the limit per address is out of the way. Without early pushes, each change
            // is pushed once: on a busy machine, the stream's function may push before an early push has its mark.
            parameters: [("SignUpsPerHour", "100000"), ("SignUp", "open"), ("EarlyPushSockets", "0")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
            ..Options::default()
        };
        change(&mut options);
        Self { cloud: Cloud::start(options).await.expect("the local cloud starts") }
    }

    /// Returns the address, `http://localhost:PORT`.
    pub fn address(&self) -> String {
        self.cloud.address()
    }

    /// Returns the host of an API's own address, which bypasses the distribution.
    pub fn own_host(&self, api_id: &str) -> String {
        self.address().replace("http://localhost", &format!("{api_id}.localhost"))
    }

    /// Creates an account, and returns its user.
    pub async fn sign_up(&self, username: &str) -> TestUser {
        TestUser::sign_up(&self.address(), username).await
    }

    /// Opens a socket with the session of a user.
    pub async fn socket(&self, user: &TestUser) -> Socket {
        Socket::open(&self.address(), Some(user.cookie())).await.expect("the handshake succeeds")
    }

    /// Invokes a function with an event, as `sam local invoke` does, and returns the result.
    pub async fn invoke(&self, function: &str, event: &str) -> serde_json::Value {
        let result = self.cloud.invoke(function, event.to_owned().into()).await;
        serde_json::from_slice(&result.expect("the function succeeds")).expect("the result is JSON")
    }

    /// Returns all calls of the functions to DynamoDB and `@connections`.
    pub fn calls(&self) -> Vec<Call> {
        self.cloud.ledger().calls()
    }

    /// Waits until no function runs and no event waits for one.
    pub async fn rests(&self) {
        in_time("the functions come to rest", self.cloud.rests()).await;
    }

    /// Waits until the functions are idle, then forgets the calls so far.
    pub async fn forget_calls(&self) {
        self.rests().await;
        self.cloud.ledger().clear();
    }

    /// Counts the calls of a function with an action, on resources whose names begin with `resource`.
    pub fn count(&self, function: &str, action: &str, resource: &str) -> usize {
        let matches = |call: &&Call| {
            call.caller == function && call.action == action && call.resource.starts_with(resource)
        };
        self.calls().iter().filter(matches).count()
    }

    /// Creates a `SocketIo` of this cloud, as a function does.
    pub fn socketio(&self, settings: socketio::Settings) -> socketio::SocketIo {
        let gateway = aws_sdk_apigatewaymanagement::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("operator", "secret", None, None, "test"))
            .endpoint_url(format!("{}/execute-api/websocketapi/live", self.cloud.connections_endpoint()));
        let gateway = aws_sdk_apigatewaymanagement::Client::from_conf(gateway.build());
        socketio::SocketIo::with_clients(&self.dynamodb(), &gateway, "Connections", settings)
    }

    /// Creates a client of the cloud's DynamoDB with an operator's permissions.
    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("operator", "secret", None, None, "test"))
            .endpoint_url(self.cloud.dynamodb_endpoint());
        aws_sdk_dynamodb::Client::from_conf(config.build())
    }

    /// Sets the last use of the only session to an hour ago, and returns the stored time.
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
            .expect("the row is updated");
        before
    }

    /// Returns all rows of a table.
    pub async fn rows(&self, table: &str) -> Vec<HashMap<String, AttributeValue>> {
        let scan = self.dynamodb().scan().table_name(table).consistent_read(true).into_paginator().items();
        scan.send().collect::<Result<_, _>>().await.expect("the table is read")
    }

    /// Makes a board look as if it had never changed. So its next change is told to its members.
    ///
    /// # Panics
    /// If there is no such board.
    pub async fn forget_activity(&self, board: &str) {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let update = self
            .dynamodb()
            .update_item()
            .table_name("Boards")
            .key("board", text(board))
            .key("member", text("#board"))
            .update_expression("REMOVE changed")
            .condition_expression("attribute_exists(board)");
        update.send().await.expect("the board exists");
    }

    /// Makes the first board look as if it had always changed just now. So its changes are not reported to other boards, and
    /// tests can count the calls of a push.
    ///
    /// # Panics
    /// If there is no account yet, and so no board.
    pub async fn silence_activity(&self) {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let update = self
            .dynamodb()
            .update_item()
            .table_name("Boards")
            .key("board", text("team"))
            .key("member", text("#board"))
            .update_expression("SET changed = :never")
            .condition_expression("attribute_exists(board)")
            .expression_attribute_values(":never", text("9000-01-01T00:00:00.000Z"));
        update.send().await.expect("the board exists");
    }

    /// Counts the rows of connections: their own rows and their rows in rooms.
    pub async fn socket_rows(&self) -> usize {
        let is_socket = |row: &HashMap<String, AttributeValue>| !row.contains_key("value");
        self.rows("Connections").await.iter().filter(|row| is_socket(row)).count()
    }

    /// Returns the usage so far, in the units that AWS bills.
    pub fn usage(&self) -> local_service::Usage {
        self.cloud.meter().usage()
    }

    /// Keeps expired items, as DynamoDB may for hours.
    pub fn keep_expired_items(&self) {
        self.faults().set(0, [Rule::new(Fault::ExpiryLate)]);
    }

    /// Returns the fault injector.
    pub fn faults(&self) -> &FaultInjector {
        self.cloud.faults()
    }

    /// Returns the messages about records of a table that exhausted their retries.
    pub fn given_up(&self, table: &str) -> Vec<String> {
        let mut messages = self.cloud.queues().messages("FailedRecords");
        messages.retain(|message| message.contains(&format!(":table/{table}/stream/")));
        messages
    }

    /// Stops the cloud and all its processes.
    pub async fn stop(self) {
        self.cloud.stop().await;
    }
}
