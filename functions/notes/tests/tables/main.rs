//! The stores against DynamoDB's API, with the tables as the template declares them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod comments;
mod conflicts;
mod lost_answers;
mod notes_store;
mod sessions;
mod users;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use local_cloud::dynamodb::DynamoDb;
use local_cloud::ledger::Ledger;
use local_cloud::{Console, Data};
use notes::{
    Body, Comments, DisplayName, Draft, NotesStore, Password, Sessions, Title, User, Username, Users,
};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

/// A DynamoDB of our own, empty.
struct Tables {
    dynamodb: DynamoDb,
    client: Client,
    ledger: Ledger,
}

impl Tables {
    fn start() -> Self {
        let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml");
        let plan = local_cloud::template::read(&template, &BTreeMap::new()).unwrap();
        let ledger = Ledger::default();
        let dynamodb =
            DynamoDb::start(&plan.tables, &Data::Memory, ledger.clone(), &Console::quiet()).unwrap();
        Self { client: client(&dynamodb.endpoint()), dynamodb, ledger }
    }

    fn notes(&self) -> NotesStore {
        NotesStore::new(self.client.clone(), "Notes")
    }

    fn comments(&self) -> Comments {
        Comments::new(self.client.clone(), "Notes")
    }

    fn users(&self) -> Users {
        Users::new(self.client.clone(), "Users")
    }

    fn sessions(&self) -> Sessions {
        Sessions::new(self.client.clone(), "Sessions")
    }

    /// The requests since the last call, as `GetItem Notes`.
    fn requests(&self) -> Vec<String> {
        let calls = self.ledger.calls();
        self.ledger.clear();
        calls
            .iter()
            .map(|call| format!("{} {}", call.action.trim_start_matches("dynamodb:"), call.resource))
            .collect()
    }

    /// Every row of a small table.
    async fn rows(&self, table: &str) -> Vec<HashMap<String, AttributeValue>> {
        self.client.scan().table_name(table).consistent_read(true).send().await.unwrap().items.unwrap()
    }

    /// Writes to a row as nobody of ours does.
    async fn set(&self, table: &str, key: &[(&str, &str)], attribute: &str, value: AttributeValue) {
        let key =
            key.iter().map(|(name, value)| ((*name).into(), AttributeValue::S((*value).into()))).collect();
        let update = self
            .client
            .update_item()
            .table_name(table)
            .set_key(Some(key))
            .update_expression("SET #attribute = :value")
            .expression_attribute_names("#attribute", attribute)
            .expression_attribute_values(":value", value);
        update.send().await.unwrap();
    }
}

fn client(endpoint: &str) -> Client {
    let config = Builder::default()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("TESTS", "secret", None, None, "tests"));
    notes::dynamodb(config)
}

fn username(text: &str) -> Username {
    Username::parse(text).unwrap()
}

fn password(text: &str) -> Password {
    Password::parse(text).unwrap()
}

fn ada() -> User {
    User { username: username("ada"), display_name: DisplayName::parse("Ada Lovelace").unwrap() }
}

/// A note without a body.
fn draft(title: &str) -> Draft {
    Draft { title: Title::parse(title).unwrap(), body: Body::parse("").unwrap() }
}

/// Passes every further connection on as it is, for good.
async fn pass_on(listener: &TcpListener, upstream: &str) {
    loop {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut upstream = TcpStream::connect(upstream).await.unwrap();
        tokio::spawn(async move { copy_bidirectional(&mut client, &mut upstream).await });
    }
}
