//! The table's promises, against a real DynamoDB API.

use std::collections::BTreeMap;
use std::path::Path;

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use local_cloud::dynamodb::DynamoDb;
use local_cloud::ledger::Ledger;
use local_cloud::{Console, Data};

use super::*;
use crate::handshake::Session;

/// A DynamoDB of this test's own, with the template's tables.
struct Table {
    connections: Connections,
    client: Client,
    _dynamodb: DynamoDb,
}

const TABLE: &str = "Connections";
const HOME: &str = "/home";

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
    Table {
        connections: Connections::new(client.clone(), TABLE.to_owned(), shards),
        client,
        _dynamodb: dynamodb,
    }
}

impl Table {
    async fn opened(&self, id: &str, session: Option<&str>) -> Connection {
        let expires = clock::now() + 60;
        let session = session.map(|id| Session { id: id.to_owned(), expires });
        let connection = Connection::opened(ConnectionId::new(id), session, BTreeMap::new(), expires);
        self.connections.open(&connection).await.unwrap();
        connection
    }

    async fn entered(&self, id: &str) -> Connection {
        let connection = self.opened(id, None).await;
        self.enter(&connection, HOME).await.unwrap();
        self.connections.find(connection.id()).await.unwrap().unwrap()
    }

    async fn enter(&self, connection: &Connection, namespace: &str) -> Result<(), Error> {
        let joined = Joined { id: Sid::new(), data: serde_json::Value::Null };
        self.connections.enter(connection, namespace, &joined).await
    }

    async fn join(&self, connection: &Connection, room: &str) -> Result<(), Error> {
        self.connections.join(connection, HOME, Sid::new(), &Room::named(HOME, room)).await
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
    Room::of_namespace(HOME)
}

#[tokio::test]
async fn a_connection_is_found_as_it_was_opened() {
    let table = table(1);
    let opened = table.opened("a=", Some("s")).await;
    assert_eq!(table.connections.find(opened.id()).await.unwrap(), Some(opened));
    assert_eq!(table.connections.find(&ConnectionId::new("b=")).await.unwrap(), None);
}

#[tokio::test]
async fn who_enters_is_a_member_until_it_exits() {
    for shards in [1, 8] {
        let table = table(shards);
        let (a, _b) = (table.entered("a=").await, table.entered("b=").await);
        assert_eq!(table.members().await, ["a=", "b="]);
        assert!(a.sockets.contains_key(HOME));

        table.connections.exit(&a, HOME).await.unwrap();
        assert_eq!(table.members().await, ["b="]);
        let a = table.connections.find(a.id()).await.unwrap().unwrap();
        assert!(a.sockets.is_empty() && a.rooms.is_empty(), "{a:?}");
        table.connections.exit(&a, HOME).await.unwrap();
    }
}

#[tokio::test]
async fn an_exit_takes_the_namespaces_rooms_along_and_leaves_the_others() {
    let table = table(8);
    let a = table.entered("a=").await;
    table.enter(&a, "/home/too").await.unwrap();
    table.join(&a, "one").await.unwrap();
    table.join(&a, "two").await.unwrap();
    assert_eq!(table.rows().await, 1 + 2 + 2);
    let a = table.connections.find(a.id()).await.unwrap().unwrap();
    table.connections.exit(&a, HOME).await.unwrap();
    let a = table.connections.find(a.id()).await.unwrap().unwrap();
    assert_eq!(a.sockets.keys().collect::<Vec<_>>(), ["/home/too"]);
    assert_eq!(table.rows().await, 2);
}

#[tokio::test]
async fn who_joins_a_room_is_in_it_until_it_leaves() {
    let table = table(8);
    let a = table.entered("a=").await;
    let room = Room::named(HOME, "one");
    table.join(&a, "one").await.unwrap();
    assert_eq!(table.connections.members(&room).await.unwrap().len(), 1);
    assert!(table.connections.members(&Room::named(HOME, "other")).await.unwrap().is_empty());
    table.connections.leave(a.id(), &room).await.unwrap();
    assert!(table.connections.members(&room).await.unwrap().is_empty());
    assert_eq!(table.members().await, ["a="], "it stays in the namespace");
}

#[tokio::test]
async fn entering_and_joining_repeat_safely() {
    let table = table(8);
    let a = table.entered("a=").await;
    table.enter(&a, HOME).await.unwrap();
    table.join(&a, "one").await.unwrap();
    table.join(&a, "one").await.unwrap();
    assert_eq!(table.rows().await, 3);
}

#[tokio::test]
async fn all_rows_of_a_connection_go_with_it_and_no_others() {
    let table = table(8);
    let (a, b) = (table.entered("a=").await, table.entered("b=").await);
    for connection in [&a, &b] {
        table.enter(connection, "/other").await.unwrap();
        table.join(connection, "one").await.unwrap();
    }
    let removed = table.connections.remove(a.id()).await.unwrap().unwrap();
    assert_eq!(removed.sockets.len(), 2, "it says what it was");
    assert_eq!(table.rows().await, 4);
    assert_eq!(table.members().await, ["b="]);
    assert_eq!(table.connections.remove(a.id()).await.unwrap(), None);
    assert_eq!(table.rows().await, 4, "repeating it does no harm");
}

#[tokio::test]
async fn a_connection_that_is_gone_can_enter_and_join_no_more() {
    let table = table(1);
    let a = table.entered("a=").await;
    table.connections.remove(a.id()).await.unwrap();
    for late in [table.enter(&a, HOME).await, table.join(&a, "one").await] {
        assert!(matches!(late, Err(Error::Gone)), "{late:?}");
    }
    table.connections.leave(a.id(), &Room::named(HOME, "one")).await.unwrap();
    table.connections.exit(&a, HOME).await.unwrap();
    assert_eq!(table.rows().await, 0);
}

#[tokio::test]
async fn a_room_wants_a_socket_in_its_namespace() {
    let table = table(1);
    let a = table.opened("a=", None).await;
    let early = table.join(&a, "one").await;
    assert!(matches!(early, Err(Error::Gone)), "{early:?}");
}

#[tokio::test]
async fn a_member_that_is_gone_is_taken_away_even_without_a_row_of_its_own() {
    let table = table(1);
    let a = table.entered("a=").await;
    // As if a removal had died after its first step.
    let own = table.client.delete_item().table_name(TABLE).set_key(Some(key("a=", a.id())));
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
