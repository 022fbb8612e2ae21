//! The table's promises, against a real DynamoDB API.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use aws_sdk_dynamodb::config::{BehaviorVersion, Config, Credentials, Region};
use axum::Router;
use axum::http::{HeaderMap, StatusCode};

use super::*;
use crate::entry::Entry;
use crate::testing::{Fixture, HOME, TABLE};
use crate::{Paced, Revision};

async fn enter(fixture: &Fixture, connection: &Connection, namespace: &str) -> Result<(), Error> {
    let joined = Joined { id: Sid::new(), at: 0, data: serde_json::Value::Null };
    fixture.io.connections.enter(connection, namespace, &joined, &Entry::default()).await
}

async fn join(fixture: &Fixture, connection: &Connection, room: &str) -> Result<(), Error> {
    let socket = connection.sockets.get(HOME).map_or_else(Sid::new, |joined| joined.id);
    let socket = (socket, &serde_json::Value::Null);
    fixture.io.connections.join(connection, HOME, socket, &Room::named(HOME, room)?, None).await
}

async fn members(fixture: &Fixture) -> Vec<String> {
    let members = fixture.io.connections.members(&home()).await.unwrap();
    let mut names: Vec<_> = members.iter().map(|member| member.connection_id.to_string()).collect();
    names.sort();
    names
}

fn home() -> Room {
    Room::of_namespace(HOME)
}

#[tokio::test]
async fn a_stored_connection_is_found_unchanged() {
    let fixture = Fixture::start(1).await;
    let opened = fixture.opened("a=", Some("s")).await;
    assert_eq!(fixture.io.connections.find(opened.id()).await.unwrap(), Some(opened));
    assert_eq!(fixture.io.connections.find(&ConnectionId::new("b=")).await.unwrap(), None);
}

#[tokio::test]
async fn a_socket_is_a_member_from_entering_to_exiting() {
    for shards in [1, 8] {
        let fixture = Fixture::start(shards).await;
        let (a, _b) = (fixture.entered("a=").await, fixture.entered("b=").await);
        assert_eq!(members(&fixture).await, ["a=", "b="]);
        assert!(a.sockets.contains_key(HOME));

        fixture.io.connections.exit(&a, HOME, None).await.unwrap();
        assert_eq!(members(&fixture).await, ["b="]);
        let a = fixture.io.connections.find(a.id()).await.unwrap().unwrap();
        assert!(a.sockets.is_empty() && a.rooms.is_empty(), "{a:?}");
        fixture.io.connections.exit(&a, HOME, None).await.unwrap();
    }
}

#[tokio::test]
async fn exiting_leaves_the_rooms_of_the_namespace_only() {
    let fixture = Fixture::start(8).await;
    let a = fixture.entered("a=").await;
    enter(&fixture, &a, "/home/too").await.unwrap();
    join(&fixture, &a, "one").await.unwrap();
    join(&fixture, &a, "two").await.unwrap();
    assert_eq!(fixture.rows().await, 1 + 2 + 2);
    let a = fixture.io.connections.find(a.id()).await.unwrap().unwrap();
    fixture.io.connections.exit(&a, HOME, None).await.unwrap();
    let a = fixture.io.connections.find(a.id()).await.unwrap().unwrap();
    assert_eq!(a.sockets.keys().collect::<Vec<_>>(), ["/home/too"]);
    assert_eq!(fixture.rows().await, 2);
}

#[tokio::test]
async fn a_socket_is_in_a_room_from_joining_to_leaving() {
    let fixture = Fixture::start(8).await;
    let a = fixture.entered("a=").await;
    let room = Room::named(HOME, "one").unwrap();
    join(&fixture, &a, "one").await.unwrap();
    assert_eq!(fixture.io.connections.members(&room).await.unwrap().len(), 1);
    assert!(fixture.io.connections.members(&Room::named(HOME, "other").unwrap()).await.unwrap().is_empty());
    fixture.io.connections.leave(a.id(), a.sockets[HOME].id, &room).await.unwrap();
    assert!(fixture.io.connections.members(&room).await.unwrap().is_empty());
    assert_eq!(members(&fixture).await, ["a="], "it stays in the namespace");
}

#[tokio::test]
async fn joining_twice_is_harmless() {
    let fixture = Fixture::start(8).await;
    let a = fixture.entered("a=").await;
    join(&fixture, &a, "one").await.unwrap();
    join(&fixture, &a, "one").await.unwrap();
    assert_eq!(fixture.rows().await, 3);
}

#[tokio::test]
async fn entering_again_replaces_the_former_socket_and_leaves_its_rooms() {
    let fixture = Fixture::start(8).await;
    let former = fixture.entered("a=").await;
    join(&fixture, &former, "one").await.unwrap();
    let former = fixture.io.connections.find(former.id()).await.unwrap().unwrap();
    enter(&fixture, &former, HOME).await.unwrap();
    assert_eq!(fixture.rows().await, 2, "its own row, and the namespace's");
    // Late frames of the former socket have no effect.
    let late = join(&fixture, &former, "two").await;
    assert!(matches!(late, Err(Error::NotInNamespace)), "{late:?}");
    fixture.io.connections.exit(&former, HOME, None).await.unwrap();
    assert_eq!(members(&fixture).await, ["a="]);
    // A writer that has not seen it must not overwrite it.
    let blind = enter(&fixture, &former, HOME).await;
    assert!(matches!(blind, Err(Error::NotInNamespace)), "{blind:?}");
}

#[tokio::test]
async fn deleting_a_connection_deletes_all_its_rows_and_no_others() {
    let fixture = Fixture::start(8).await;
    let (a, b) = (fixture.entered("a=").await, fixture.entered("b=").await);
    for connection in [&a, &b] {
        enter(&fixture, connection, "/other").await.unwrap();
        join(&fixture, connection, "one").await.unwrap();
    }
    let removed = fixture.io.connections.remove(a.id()).await.unwrap().unwrap();
    assert_eq!(removed.sockets.len(), 2, "the former connection is returned");
    assert_eq!(fixture.rows().await, 4);
    assert_eq!(members(&fixture).await, ["b="]);
    assert_eq!(fixture.io.connections.remove(a.id()).await.unwrap(), None);
    assert_eq!(fixture.rows().await, 4, "repeating it does no harm");
}

#[tokio::test]
async fn a_deleted_connection_cannot_enter_or_join() {
    let fixture = Fixture::start(1).await;
    let a = fixture.entered("a=").await;
    fixture.io.connections.remove(a.id()).await.unwrap();
    for late in [enter(&fixture, &a, HOME).await, join(&fixture, &a, "one").await] {
        assert!(matches!(late, Err(Error::Gone)), "{late:?}");
    }
    let room = Room::named(HOME, "one").unwrap();
    fixture.io.connections.leave(a.id(), a.sockets[HOME].id, &room).await.unwrap();
    fixture.io.connections.exit(&a, HOME, None).await.unwrap();
    assert_eq!(fixture.rows().await, 0);
}

#[tokio::test]
async fn any_json_is_stored_with_a_socket_unchanged() {
    let fixture = Fixture::start(1).await;
    let nested = |levels| (0..levels).fold(serde_json::json!([]), |inner, _| serde_json::json!([inner]));
    for data in [
        serde_json::json!({ "": 1, "a": { "": [""] } }),
        serde_json::json!([
            1e200,
            -1e-300,
            0.1,
            12_345_678_901_234_567_890_u64,
            1.234_567_890_123_456_7e-130
        ]),
        serde_json::json!(["\u{0}", "", [], {}, false]),
        nested(100),
    ] {
        let a = fixture.opened("a=", None).await;
        let joined = Joined { id: Sid::new(), at: 0, data: data.clone() };
        fixture.io.connections.enter(&a, HOME, &joined, &Entry::default()).await.unwrap();
        let a = fixture.io.connections.find(a.id()).await.unwrap().unwrap();
        assert_eq!(a.sockets[HOME].data, data);
        assert_eq!(fixture.io.connections.members_with_data(&home()).await.unwrap()[0].data, data);
        fixture.io.connections.remove(a.id()).await.unwrap();
    }
}

#[tokio::test]
async fn a_rooms_name_may_be_as_long_as_a_table_key() {
    let fixture = Fixture::start(8).await;
    let a = fixture.entered("a=").await;
    join(&fixture, &a, &"x".repeat(512)).await.unwrap();
    let long = join(&fixture, &a, &"x".repeat(513)).await;
    assert!(matches!(long, Err(Error::RoomName { size: 513 })), "{long:?}");
    assert_eq!(fixture.rows().await, 3);
}

#[tokio::test]
async fn a_connections_rooms_are_limited_by_its_row() {
    let fixture = Fixture::start(1).await;
    let a = fixture.entered("a=").await;
    // Its namespace is one of them.
    let joins = (0..MAX_ROOMS - 1).map(|room| {
        let (fixture, a) = (&fixture, &a);
        async move { join(fixture, a, &format!("{room}{}", "x".repeat(508))).await }
    });
    for joined in joins {
        joined.await.unwrap();
    }
    let more = join(&fixture, &a, "one more").await;
    assert!(matches!(more, Err(Error::TooManyRooms)), "{more:?}");
    join(&fixture, &a, &format!("0{}", "x".repeat(508))).await.unwrap();
    fixture
        .io
        .connections
        .leave(a.id(), a.sockets[HOME].id, &Room::named(HOME, &format!("0{}", "x".repeat(508))).unwrap())
        .await
        .unwrap();
    join(&fixture, &a, "one more").await.unwrap();
}

#[tokio::test]
async fn joining_a_room_requires_a_socket_in_its_namespace() {
    let fixture = Fixture::start(1).await;
    let a = fixture.opened("a=", None).await;
    let early = join(&fixture, &a, "one").await;
    assert!(matches!(early, Err(Error::NotInNamespace)), "{early:?}");
}

#[tokio::test]
async fn a_gone_member_is_removed_even_without_its_own_row() {
    let fixture = Fixture::start(1).await;
    let a = fixture.entered("a=").await;
    // A removal failed after its first step.
    let own = fixture.client.delete_item().table_name(TABLE).set_key(Some(key("a=", a.id())));
    own.send().await.unwrap();
    for member in fixture.io.connections.members(&home()).await.unwrap() {
        fixture.io.connections.remove_member(&member).await.unwrap();
    }
    assert_eq!(fixture.rows().await, 0);
}

#[tokio::test]
async fn a_sessions_connections_are_listed() {
    let fixture = Fixture::start(1).await;
    fixture.opened("a=", Some("one")).await;
    fixture.opened("b=", Some("one")).await;
    fixture.opened("c=", Some("other")).await;
    fixture.opened("d=", None).await;
    let mut ids = fixture.io.connections.of_session("one").await.unwrap();
    ids.sort();
    assert_eq!(ids, [ConnectionId::new("a="), ConnectionId::new("b=")]);
}

#[tokio::test]
async fn concurrent_revisions_rise_one_by_one() {
    let fixture = Fixture::start(8).await;
    assert_eq!(fixture.io.connections.revision(&home()).await.unwrap(), Revision(0));
    let mut taken =
        try_join_all((0..20).map(|_| async { fixture.io.connections.next_revision(&home()).await }))
            .await
            .unwrap();
    taken.sort();
    assert_eq!(taken, (1..=20).map(Revision).collect::<Vec<_>>());
    assert_eq!(fixture.io.connections.revision(&home()).await.unwrap(), Revision(20));
    assert!(members(&fixture).await.is_empty(), "the counter is not a member");
}

fn changes<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(str::to_owned).into()
}

#[tokio::test]
async fn a_mark_is_taken_once_with_a_revision() {
    let fixture = Fixture::start(1).await;
    let room = fixture.io.of(HOME).to("team");
    let take = async |names| {
        let (revision, delivered) = room.next_revision_and_delivered(&names).await.unwrap();
        (revision.number(), delivered)
    };
    assert_eq!(take(changes(["a@1"])).await, (1, changes([])));
    for change in ["a@1", "b@7", "b@8"] {
        room.mark_delivered(change).await.unwrap();
    }
    assert_eq!(take(changes(["a@1", "b@8", "c@1"])).await, (2, changes(["a@1", "b@8"])));
    assert_eq!(
        take(changes(["a@1", "b@8", "c@1"])).await,
        (3, changes([])),
        "a batch that is repeated is pushed"
    );
    assert_eq!(take(changes([])).await, (4, changes([])));
    assert_eq!(take(changes(["b@7"])).await, (5, changes(["b@7"])), "marks of other changes stay");
    let other = fixture.io.of(HOME).to("other");
    assert_eq!(other.next_revision_and_delivered(&changes(["b@7"])).await.unwrap().0, Revision(1));
}

#[tokio::test]
async fn a_counter_forgets_marks_whose_records_were_handled_before() {
    let fixture = Fixture::start(1).await;
    let room = fixture.io.of(HOME).to("team");
    let mark = async |numbers: std::ops::Range<usize>| {
        for n in numbers {
            room.mark_delivered(&n.to_string()).await.unwrap();
        }
    };
    let take = async |name: &str| {
        let (_, delivered) = room.next_revision_and_delivered(&changes([name])).await.unwrap();
        delivered.len()
    };
    mark(0..24).await;
    assert_eq!(take("none").await, 0);
    assert_eq!(take("0").await, 1, "24 stay");
    mark(24..26).await;
    assert_eq!(take("1").await, 1);
    mark(26..27).await;
    assert_eq!(take("none").await, 0, "25 go");
    assert_eq!(take("2").await, 0);
}

#[tokio::test]
async fn a_paced_revision_is_taken_once_in_an_interval() {
    let fixture = Fixture::start(1).await;
    let room = fixture.io.of(HOME).to("team");
    let hour = Duration::from_hours(1);
    assert_eq!(room.next_revision_every(hour).await.unwrap(), Paced::Now(Revision(1)));
    let Paced::Wait(wait) = room.next_revision_every(hour).await.unwrap() else { panic!("too soon") };
    assert!(wait <= hour && wait + Duration::from_mins(1) > hour, "{wait:?}");
    assert_eq!(room.next_revision().await.unwrap(), Revision(2), "others are not paced");
    let soon = Duration::from_millis(20);
    tokio::time::sleep(soon).await;
    assert_eq!(room.next_revision_every(soon).await.unwrap(), Paced::Now(Revision(3)));
}

/// Starts a DynamoDB in which every write conflicts with a transaction. Returns its client and the number of writes.
async fn always_in_conflict() -> (Client, Arc<AtomicU32>) {
    const WRITE: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionConflictException"}"#;
    const TRANSACTION: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","CancellationReasons":[{"Code":"TransactionConflict"},{"Code":"None"}]}"#;
    let writes = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&writes);
    let answer = move |headers: HeaderMap| {
        counter.fetch_add(1, Relaxed);
        let is_transaction = headers["x-amz-target"].to_str().unwrap().ends_with("TransactWriteItems");
        std::future::ready((StatusCode::BAD_REQUEST, if is_transaction { TRANSACTION } else { WRITE }))
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("test", "secret", None, None, "test"))
        .endpoint_url(format!("http://{}", listener.local_addr().unwrap()))
        // Only the pauses differ from the policy.
        .retry_config(aws::retries().with_initial_backoff(Duration::from_millis(1)));
    let router = Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    (Client::from_conf(config.build()), writes)
}

#[tokio::test]
async fn a_write_in_conflict_with_a_transaction_is_retried_by_the_clients_policy() {
    let (client, writes) = always_in_conflict().await;
    let connections = Connections::new(&crate::conflicts::retrying(&client), TABLE.into(), 1);
    let joined = Joined { id: Sid::new(), at: 0, data: serde_json::Value::Null };
    let connection =
        Connection::opened(ConnectionId::new("a="), 0, None, [].into(), clock::now() + 60, Duration::MAX);
    let entered = connections.enter(&connection, HOME, &joined, &Entry::default()).await;
    assert!(matches!(entered, Err(Error::Store(_))), "{entered:?}");
    assert_eq!(writes.swap(0, Relaxed), aws::ATTEMPTS);
    let removed = connections.remove(connection.id()).await;
    assert!(matches!(removed, Err(Error::Store(_))), "{removed:?}");
    assert_eq!(writes.swap(0, Relaxed), aws::ATTEMPTS);
    let counted = connections.count_refusal(connection.id()).await;
    assert!(matches!(counted, Err(Error::Store(_))), "{counted:?}");
    assert_eq!(writes.swap(0, Relaxed), aws::ATTEMPTS);
}
