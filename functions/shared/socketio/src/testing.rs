//! The fixture of the tests: the tables of a template in a DynamoDB engine, and a gateway that throttles and fails on
//! request.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::{self, State};
use axum::http::{HeaderName, Method, StatusCode};
use axum::response::IntoResponse;
use axum::routing::any;
use local_dynamodb::Data;
use local_dynamodb::{DynamoDb, External, Options};
use local_service::Ledger;
use sam_template::Table;

use crate::connection::{Connection, Joined};
use crate::entry::Entry;
use crate::handshake::Session;
use crate::{ConnectionId, Settings, SocketIo, clock};

pub(crate) const TABLE: &str = "Connections";
pub(crate) const HOME: &str = "/home";

/// A table, a gateway, and the library between them.
pub(crate) struct Fixture {
    pub(crate) io: SocketIo,
    pub(crate) gateway: Gateway,
    pub(crate) client: aws_sdk_dynamodb::Client,
    ledger: Ledger,
    _dynamodb: Engine,
}

/// The engine of the table: the local cloud's, or the one at `NOTES_TEST_DYNAMODB` (host and port), so that the library
/// does not depend on quirks of one engine.
enum Engine {
    Own(DynamoDb),
    Other(External),
}

impl Engine {
    fn start(tables: &[Table], ledger: Ledger) -> Self {
        match std::env::var("NOTES_TEST_DYNAMODB") {
            Ok(other) => {
                let other = other.parse().expect("NOTES_TEST_DYNAMODB is HOST:PORT");
                Self::Other(External::start(other, tables, ledger).unwrap())
            }
            Err(_) => {
                Self::Own(DynamoDb::start(Options::new(tables, &Data::Memory).context(ledger)).unwrap())
            }
        }
    }

    fn endpoint(&self) -> String {
        match self {
            Self::Own(own) => own.endpoint(),
            Self::Other(other) => other.endpoint(),
        }
    }
}

/// A gateway that accepts every frame, unless [`respond`](Gateway::respond) says otherwise.
#[derive(Clone, Default)]
pub(crate) struct Gateway {
    calls: Arc<Mutex<Vec<Call>>>,
    statuses: Arc<Mutex<BTreeMap<String, VecDeque<u16>>>>,
}

/// A call that the gateway received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) connection: String,
    pub(crate) frame: String,
}

impl Fixture {
    /// Starts both, with this number of partitions per room, and with enough time for all retries.
    pub(crate) async fn start(room_shards: u16) -> Self {
        let settings =
            Settings { room_shards, post_deadline: Duration::from_hours(1), ..Settings::default() };
        Self::with(settings).await
    }

    /// Starts both, with a short deadline for posts.
    pub(crate) async fn impatient() -> Self {
        Self::with(Settings { post_deadline: Duration::from_millis(300), ..Settings::default() }).await
    }

    /// Starts both, with the settings of a test.
    pub(crate) async fn with(settings: Settings) -> Self {
        use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
        let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tables.yaml");
        let plan = sam_template::read(&template, &BTreeMap::new()).unwrap();
        let ledger = Ledger::default();
        let dynamodb = Engine::start(&plan.tables, ledger.clone());
        let gateway = Gateway::default();
        let address = gateway.serve().await;
        let credentials = Credentials::new("test", "secret", None, None, "test");
        let client = aws_sdk_dynamodb::Client::from_conf(
            aws_sdk_dynamodb::Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new("us-east-1"))
                .credentials_provider(credentials.clone())
                .retry_config(aws::retries())
                .endpoint_url(dynamodb.endpoint())
                .build(),
        );
        let posting = aws_sdk_apigatewaymanagement::Client::from_conf(
            aws_sdk_apigatewaymanagement::Config::builder()
                .behavior_version(BehaviorVersion::latest())
                .region(Region::new("us-east-1"))
                .credentials_provider(credentials)
                .retry_config(aws::retries())
                .endpoint_url(address)
                .build(),
        );
        let io = SocketIo::with_clients(&crate::conflicts::retrying(&client), &posting, TABLE, settings);
        Self { io, gateway, client, ledger, _dynamodb: dynamodb }
    }

    /// Opens a connection.
    pub(crate) async fn opened(&self, id: &str, session: Option<&str>) -> Connection {
        let expires = clock::now() + 60;
        let session = session.map(|id| Session { id: id.to_owned(), expires });
        let time = self.io.settings.connect_timeout;
        let connection =
            Connection::opened(ConnectionId::new(id), 0, session, BTreeMap::new(), expires, time);
        self.io.connections.open(&connection).await.unwrap();
        connection
    }

    /// Opens a connection with a socket in `/home`.
    pub(crate) async fn entered(&self, id: &str) -> Connection {
        let connection = self.opened(id, None).await;
        let joined = Joined { id: engineioxide_core::Sid::new(), at: 0, data: serde_json::Value::Null };
        self.io.connections.enter(&connection, HOME, &joined, &Entry::default()).await.unwrap();
        self.io.connections.find(connection.id()).await.unwrap().unwrap()
    }

    /// Returns the number of requests to the table and the gateway.
    pub(crate) fn requests(&self) -> usize {
        self.ledger.calls().len() + self.gateway.calls.lock().unwrap().len()
    }

    /// Returns the approximate size of a connection's own row in bytes.
    pub(crate) async fn bytes(&self, connection: &str) -> usize {
        let id = || aws_sdk_dynamodb::types::AttributeValue::S(connection.to_owned());
        let get = self.client.get_item().table_name(TABLE).key("room", id()).key("connectionId", id());
        format!("{:?}", get.send().await.unwrap().item.unwrap()).len()
    }

    /// Returns the number of rows, counters included.
    pub(crate) async fn rows(&self) -> usize {
        let all = self.client.scan().table_name(TABLE).send().await.unwrap();
        usize::try_from(all.count).unwrap()
    }
}

impl Gateway {
    async fn serve(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().route("/@connections/{id}", any(Self::call)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        address
    }

    /// Makes the next calls of a method on a connection (`POST a=`) return these statuses.
    pub(crate) fn respond(&self, call: &str, statuses: impl IntoIterator<Item = u16>) {
        self.statuses.lock().unwrap().entry(call.to_owned()).or_default().extend(statuses);
    }

    /// Returns the frames that were posted to a connection, failures included.
    pub(crate) fn frames(&self, connection: &str) -> Vec<String> {
        let calls = self.calls.lock().unwrap();
        let posts = calls.iter().filter(|call| call.method == "POST" && call.connection == connection);
        posts.map(|call| call.frame.clone()).collect()
    }

    /// Returns whether a connection was closed.
    pub(crate) fn closed(&self, connection: &str) -> bool {
        self.calls.lock().unwrap().iter().any(|call| call.method == "DELETE" && call.connection == connection)
    }

    #[expect(clippy::unused_async, reason = "axum requires it")]
    async fn call(
        State(gateway): State<Self>,
        method: Method,
        extract::Path(connection): extract::Path<String>,
        frame: String,
    ) -> impl IntoResponse {
        let name = format!("{method} {connection}");
        let chosen = gateway.statuses.lock().unwrap().get_mut(&name).and_then(VecDeque::pop_front);
        gateway.calls.lock().unwrap().push(Call { method: method.to_string(), connection, frame });
        let status = StatusCode::from_u16(chosen.unwrap_or(200)).unwrap();
        let kind = match status.as_u16() {
            410 => "GoneException",
            429 => "LimitExceededException",
            _ => "InternalServerException",
        };
        (status, [(HeaderName::from_static("x-amzn-errortype"), kind)])
    }
}
