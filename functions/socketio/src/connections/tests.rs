//! The table's promises, against a real DynamoDB API.

use std::collections::BTreeMap;
use std::path::Path;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use local_cloud::dynamodb::DynamoDb;
use local_cloud::ledger::Ledger;
use local_cloud::{Console, Data};

use super::*;

/// A DynamoDB of this test's own, with the template's tables.
struct Table {
    connections: Connections,
    client: Client,
    _dynamodb: DynamoDb,
}

const TABLE: &str = "Connections";

fn table(shards: u16) -> Table {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../template.yaml");
    let plan = local_cloud::template::read(&template, &BTreeMap::new()).unwrap();
    let dynamodb =
        DynamoDb::start(&plan.tables, &Data::Memory, Ledger::default(), &Console::quiet()).unwrap();
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "secret", None, None, "test"))
        .endpoint_url(dynamodb.endpoint());
    let client = Client::from_conf(config.build());
    Table { connections: Connections::new(client.clone(), TABLE, shards), client, _dynamodb: dynamodb }
}

impl Table {
    async fn opened(&self, id: &str, session: Option<&str>) -> Connection {
        let connection = Connection::opened(ConnectionId::new(id), session.map(str::to_owned), now() + 60);
        self.connections.open(&connection).await.unwrap();
        connection
    }

    async fn rows(&self) -> usize {
        let all = self.client.scan().table_name(TABLE).send().await.unwrap();
        usize::try_from(all.count).unwrap()
    }

    async fn members(&self) -> Vec<String> {
        let members = self.connections.members(&home()).await.unwrap();
        let mut names: Vec<_> = members.iter().map(|member| member.connection_id.to_string()).collect();
        names.sort();
        names
    }
}

fn home() -> Room {
    Room::of_namespace("/home")
}

#[tokio::test]
async fn a_connection_is_found_as_it_was_opened() {
    let table = table(1);
    let opened = table.opened("a=", Some("s")).await;
    assert_eq!(table.connections.find(&opened.connection_id).await.unwrap(), Some(opened));
    assert_eq!(table.connections.find(&ConnectionId::new("b=")).await.unwrap(), None);
}

#[tokio::test]
async fn who_joins_is_a_member_until_it_leaves() {
    for shards in [1, 8] {
        let table = table(shards);
        let (a, b) = (table.opened("a=", None).await, table.opened("b=", None).await);
        for connection in [&a, &b] {
            table.connections.join(connection, &home(), Sid::new()).await.unwrap();
        }
        assert_eq!(table.members().await, ["a=", "b="]);
        let found = table.connections.find(&a.connection_id).await.unwrap().unwrap();
        assert!(table.connections.is_member(&found, &home()));

        table.connections.leave(&a.connection_id, &home()).await.unwrap();
        assert_eq!(table.members().await, ["b="]);
        let found = table.connections.find(&a.connection_id).await.unwrap().unwrap();
        assert!(!table.connections.is_member(&found, &home()));
    }
}

#[tokio::test]
async fn a_join_repeats_safely() {
    let table = table(8);
    let a = table.opened("a=", None).await;
    table.connections.join(&a, &home(), Sid::new()).await.unwrap();
    table.connections.join(&a, &home(), Sid::new()).await.unwrap();
    assert_eq!(table.rows().await, 2);
}

#[tokio::test]
async fn all_rows_of_a_connection_go_with_it_and_no_others() {
    let table = table(8);
    let (a, b) = (table.opened("a=", None).await, table.opened("b=", None).await);
    for connection in [&a, &b] {
        table.connections.join(connection, &home(), Sid::new()).await.unwrap();
        table.connections.join(connection, &Room::of_namespace("/other"), Sid::new()).await.unwrap();
    }
    table.connections.remove(&a.connection_id).await.unwrap();
    assert_eq!(table.rows().await, 3);
    assert_eq!(table.members().await, ["b="]);
    table.connections.remove(&a.connection_id).await.unwrap();
    assert_eq!(table.rows().await, 3, "repeating it does no harm");
}

#[tokio::test]
async fn a_connection_that_is_gone_cannot_join_any_more() {
    let table = table(1);
    let a = table.opened("a=", None).await;
    table.connections.remove(&a.connection_id).await.unwrap();
    let late = table.connections.join(&a, &home(), Sid::new()).await;
    assert!(matches!(late, Err(Error::Gone)), "{late:?}");
    assert_eq!(table.rows().await, 0);
    table.connections.leave(&a.connection_id, &home()).await.unwrap();
    assert_eq!(table.rows().await, 0);
}

#[tokio::test]
async fn a_member_that_is_gone_is_taken_away_even_without_a_row_of_its_own() {
    let table = table(1);
    let a = table.opened("a=", None).await;
    table.connections.join(&a, &home(), Sid::new()).await.unwrap();
    // As if a removal had died after its first step.
    let own = table.client.delete_item().table_name(TABLE).set_key(Some(key("a=", &a.connection_id)));
    own.send().await.unwrap();
    for member in table.connections.members(&home()).await.unwrap() {
        table.connections.remove_member(&member).await.unwrap();
    }
    assert_eq!(table.rows().await, 0);
}

#[tokio::test]
async fn a_session_knows_its_own_connections() {
    let table = table(1);
    table.opened("a=", Some("one")).await;
    table.opened("b=", Some("one")).await;
    table.opened("c=", Some("other")).await;
    table.opened("d=", None).await;
    let mut ids = table.connections.of_session("one").await.unwrap();
    ids.sort();
    assert_eq!(ids, [ConnectionId::new("a="), ConnectionId::new("b=")]);
}

#[tokio::test]
async fn revisions_rise_one_by_one_even_when_taken_side_by_side() {
    let table = table(8);
    assert_eq!(table.connections.revision(&home()).await.unwrap(), Revision(0));
    let mut taken = try_join_all((0..20).map(|_| async { table.connections.next_revision(&home()).await }))
        .await
        .unwrap();
    taken.sort();
    assert_eq!(taken, (1..=20).map(Revision).collect::<Vec<_>>());
    assert_eq!(table.connections.revision(&home()).await.unwrap(), Revision(20));
    assert!(table.members().await.is_empty(), "the counter is no member");
}
