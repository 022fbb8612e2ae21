//! Pushes through a gateway that throttles, fails, or has lost a connection.

use std::collections::BTreeMap;
use std::iter::repeat_n;

use engineioxide_core::Sid;
use futures_util::future::join_all;

use super::DeliveryReport;
use crate::connection::{Connection, Joined};
use crate::entry::Entry;
use crate::testing::{Fixture, HOME};
use crate::{ConnectionId, Session, Settings, clock};

async fn push(fixture: &Fixture) -> DeliveryReport {
    fixture.io.of(HOME).emit("m", &1).await.unwrap()
}

#[tokio::test]
async fn all_sockets_in_the_namespace_receive_the_same_frame_once() {
    for shards in [1, 8] {
        let fixture = Fixture::start(shards).await;
        for id in ["a=", "b=", "c="] {
            fixture.entered(id).await;
        }
        fixture.opened("outside=", None).await;
        assert_eq!(push(&fixture).await, DeliveryReport { reached: 3, ..DeliveryReport::default() });
        for id in ["a=", "b=", "c="] {
            assert_eq!(fixture.gateway.frames(id), [r#"42/home,["m",1]"#]);
        }
        assert_eq!(fixture.gateway.frames("outside="), [] as [&str; 0]);
    }
}

#[tokio::test]
async fn throttled_and_failed_posts_are_retried_until_they_succeed() {
    let fixture = Fixture::start(1).await;
    fixture.entered("a=").await;
    fixture.gateway.respond("POST a=", [429, 500, 503]);
    assert_eq!(push(&fixture).await, DeliveryReport { reached: 1, ..DeliveryReport::default() });
    assert_eq!(fixture.gateway.frames("a=").len(), 4);
    assert!(!fixture.gateway.closed("a="));
}

#[tokio::test]
async fn a_connection_that_fails_until_the_deadline_is_closed_and_its_rows_are_deleted() {
    for status in [429, 500] {
        let fixture = Fixture::impatient().await;
        fixture.entered("a=").await;
        fixture.entered("b=").await;
        fixture.gateway.respond("POST a=", repeat_n(status, 1000));
        assert_eq!(
            push(&fixture).await,
            DeliveryReport { reached: 1, closed: 1, ..DeliveryReport::default() }
        );
        assert!(fixture.gateway.closed("a=") && !fixture.gateway.closed("b="));
        assert_eq!(fixture.rows().await, 2, "the other connection's rows remain");
    }
}

#[tokio::test]
async fn a_socket_that_can_be_neither_reached_nor_closed_is_missed_and_keeps_its_rows() {
    let fixture = Fixture::impatient().await;
    fixture.entered("a=").await;
    fixture.gateway.respond("POST a=", repeat_n(500, 1000));
    fixture.gateway.respond("DELETE a=", repeat_n(500, 1000));
    assert_eq!(push(&fixture).await, DeliveryReport { missed: 1, ..DeliveryReport::default() });
    assert_eq!(fixture.rows().await, 2);
}

#[tokio::test]
async fn a_gone_connection_is_not_retried_and_only_its_rows_are_deleted() {
    let fixture = Fixture::start(8).await;
    fixture.entered("a=").await;
    fixture.entered("b=").await;
    fixture.gateway.respond("POST a=", [410]);
    assert_eq!(push(&fixture).await, DeliveryReport { reached: 1, gone: 1, ..DeliveryReport::default() });
    assert_eq!(fixture.gateway.frames("a=").len(), 1);
    assert!(fixture.gateway.closed("a="), "if it were still open, its client would reconnect");
    assert_eq!(fixture.rows().await, 2);
    assert_eq!(push(&fixture).await, DeliveryReport { reached: 1, ..DeliveryReport::default() });
}

#[tokio::test]
async fn a_frame_that_the_gateway_refuses_is_not_retried() {
    let fixture = Fixture::start(1).await;
    fixture.entered("a=").await;
    fixture.gateway.respond("POST a=", [400]);
    assert_eq!(push(&fixture).await, DeliveryReport { closed: 1, ..DeliveryReport::default() });
    assert_eq!(fixture.gateway.frames("a=").len(), 1);
}

#[tokio::test]
async fn an_opening_connection_receives_its_open_packet_once_it_is_open() {
    let fixture = Fixture::start(1).await;
    let connection = fixture.opened("a=", None).await;
    fixture.gateway.respond("POST a=", [410, 410, 410]);
    fixture.io.send_open_packet(&connection).await.unwrap();
    let frames = fixture.gateway.frames("a=");
    assert_eq!(frames.len(), 4);
    assert!(frames[0].starts_with("0{"), "{frames:?}");
    assert_eq!(fixture.rows().await, 1);
}

/// A batch of the table's stream: the record of a row that is new, written so many seconds ago.
fn batch(row: &serde_json::Value, seconds: u64) -> aws_lambda_events::dynamodb::Event {
    let record = serde_json::json!({
        "eventName": "INSERT",
        "awsRegion": "us-east-1",
    "eventID": "7",
        "dynamodb": {
            "ApproximateCreationDateTime": crate::clock::now() - seconds,
            "Keys": { "room": row["room"], "connectionId": row["connectionId"] },
            "NewImage": row,
            "SequenceNumber": "7",
            "SizeBytes": 100,
        },
    });
    serde_json::from_value(serde_json::json!({ "Records": [record] })).unwrap()
}

/// A connection's own row, as a record has it.
fn own_row() -> serde_json::Value {
    serde_json::json!({
        "room": { "S": "a=" },
        "connectionId": { "S": "a=" },
        "engine": { "S": "AA9AAA0AAzAAAAHs" },
        "expires": { "N": "4102444800" },
    })
}

#[tokio::test]
async fn a_stale_record_sends_the_open_packet_without_waiting() {
    let fixture = Fixture::start(1).await;
    fixture.io.send_open_packets(&batch(&own_row(), 3600)).await;
    assert!(fixture.gateway.frames("a=")[0].starts_with("0{"));
    fixture.gateway.respond("POST a=", [410, 410]);
    fixture.io.send_open_packets(&batch(&own_row(), 3600)).await;
    assert_eq!(fixture.gateway.frames("a=").len(), 2, "asked once more, and not again");
    assert!(fixture.gateway.closed("a="));
}

#[tokio::test]
async fn an_expired_own_row_closes_its_connection_and_an_expired_room_row_does_not() {
    let fixture = Fixture::start(1).await;
    for (room, id, closed) in [("a=", "a=", true), ("/home#0", "b=", false), ("/home,one#0", "c=", false)] {
        let mut row = own_row();
        (row["room"]["S"], row["connectionId"]["S"]) = (room.into(), id.into());
        let mut batch = serde_json::to_value(batch(&row, 0)).unwrap();
        batch["Records"][0]["eventName"] = "REMOVE".into();
        batch["Records"][0]["dynamodb"].as_object_mut().unwrap().remove("NewImage");
        let answer = fixture.io.send_open_packets(&serde_json::from_value(batch).unwrap()).await;
        assert!(answer.batch_item_failures.is_empty());
        assert_eq!(fixture.gateway.closed(id), closed, "{room}");
    }
}

#[tokio::test]
async fn a_record_of_a_room_sends_no_open_packet_and_is_not_a_failure() {
    let fixture = Fixture::start(1).await;
    let mut row = own_row();
    row["room"]["S"] = "/home,one#0".into();
    let answer = fixture.io.send_open_packets(&batch(&row, 0)).await;
    assert!(answer.batch_item_failures.is_empty());
    assert_eq!(fixture.gateway.frames("a="), [] as [&str; 0]);
}

#[tokio::test]
async fn an_events_payload_can_depend_on_its_sockets_data() {
    for shards in [1, 8] {
        let fixture = Fixture::start(shards).await;
        for (id, name) in [("a=", "ada"), ("b=", "bob")] {
            let connection = fixture.opened(id, None).await;
            let data = serde_json::json!({ "name": name });
            let joined = crate::connection::Joined { id: Sid::new(), at: 0, data };
            fixture.io.connections.enter(&connection, HOME, &joined, &Entry::default()).await.unwrap();
        }
        fixture.io.of(HOME).sockets_join("all").await.unwrap();
        // A socket without data receives it, too.
        fixture.entered("c=").await;
        for (to, frame) in [
            (vec![], r#"42/home,["m",["ada","bob","nobody"]]"#),
            (vec!["all"], r#"42/home,["m",["ada","bob"]]"#),
        ] {
            let emitter = to.iter().fold(fixture.io.of(HOME), |emitter, room| emitter.to(*room));
            let sockets = emitter.read_sockets_with_data().await.unwrap();
            assert_eq!(sockets.count(), sockets.active().len());
            let names = {
                let name = |socket: &crate::RemoteSocket| match socket.data::<serde_json::Value>() {
                    Some(data) if data.is_object() => data["name"].as_str().unwrap().to_owned(),
                    _ => "nobody".to_owned(),
                };
                let mut names: Vec<_> = sockets.active().iter().map(name).collect();
                names.sort();
                names
            };
            sockets.emit("m", &names).await.unwrap();
            assert_eq!(fixture.gateway.frames("a=").last().unwrap(), frame);
        }
        assert_eq!(fixture.gateway.frames("c=").len(), 1, "it is in no room");
    }
}

#[tokio::test]
async fn keeping_alive_reaches_each_connection_once_in_any_number_of_namespaces() {
    let fixture = Fixture::start(1).await;
    let a = fixture.entered("a=").await;
    let joined = crate::connection::Joined { id: Sid::new(), at: 0, data: ().into() };
    fixture.io.connections.enter(&a, "/other", &joined, &Entry::default()).await.unwrap();
    fixture.entered("b=").await;
    let reached = fixture.io.keep_alive(&[HOME, "/other"]).await.unwrap();
    assert_eq!(reached, DeliveryReport { reached: 2, ..DeliveryReport::default() });
    assert_eq!(fixture.gateway.frames("a="), ["6"]);
}

/// Opens the `n`th connection of a session, adds it to `/home`, and sends its open packet.
async fn open_nth(fixture: &Fixture, n: i64, session: Option<&str>) {
    let session = session.map(|id| Session { id: id.to_owned(), expires: clock::now() + 60 });
    let id = ConnectionId::new(format!("{n}="));
    let time = fixture.io.settings.connect_timeout;
    let connection = Connection::opened(id, n, session, BTreeMap::new(), clock::now() + 60, time);
    fixture.io.connections.open(&connection).await.unwrap();
    let joined = Joined { id: Sid::new(), at: n, data: serde_json::Value::Null };
    fixture.io.connections.enter(&connection, HOME, &joined, &Entry::default()).await.unwrap();
    fixture.io.send_open_packet(&connection).await.unwrap();
}

/// Returns the connections that are open.
async fn open_connections(fixture: &Fixture) -> Vec<String> {
    let mut sockets = fixture.io.of(HOME).fetch_sockets().await.unwrap();
    sockets.sort_by(|a, b| a.connection.cmp(&b.connection));
    sockets.into_iter().map(|socket| socket.connection.to_string()).collect()
}

#[tokio::test]
async fn a_connection_above_the_sessions_limit_closes_its_oldest() {
    let settings = Settings { connections_per_session: 3, ..Settings::default() };
    let fixture = Fixture::with(settings).await;
    open_nth(&fixture, 0, Some("other")).await;
    // Not in the order of their ids.
    for n in [9, 1, 5] {
        open_nth(&fixture, n, Some("one")).await;
    }
    open_nth(&fixture, 7, None).await;
    assert_eq!(open_connections(&fixture).await, ["0=", "1=", "5=", "7=", "9="]);

    open_nth(&fixture, 6, Some("one")).await;
    assert_eq!(open_connections(&fixture).await, ["0=", "5=", "6=", "7=", "9="]);
    assert!(fixture.gateway.closed("1="));
    assert_eq!(fixture.gateway.frames("1=").last().unwrap(), "41/home,", "disconnected before it is closed");
    // An old record that comes late closes its own connection, and no newer one.
    open_nth(&fixture, 2, Some("one")).await;
    assert_eq!(open_connections(&fixture).await, ["0=", "5=", "6=", "7=", "9="]);
}

#[tokio::test]
async fn of_many_concurrent_connections_the_newest_stay_open() {
    let settings = Settings { connections_per_session: 3, ..Settings::default() };
    let fixture = Fixture::with(settings).await;
    join_all((0..9).map(|n| open_nth(&fixture, n, Some("one")))).await;
    assert_eq!(open_connections(&fixture).await, ["6=", "7=", "8="]);
    assert_eq!(fixture.rows().await, 6);
}

#[tokio::test]
async fn without_a_limit_a_session_has_any_number_of_connections() {
    let settings = Settings { connections_per_session: 0, ..Settings::default() };
    let fixture = Fixture::with(settings).await;
    for n in 0..9 {
        open_nth(&fixture, n, Some("one")).await;
    }
    assert_eq!(open_connections(&fixture).await.len(), 9);
}

#[tokio::test]
async fn a_filter_selects_sockets_by_their_data() {
    let fixture = Fixture::start(2).await;
    for (id, name) in [("a=", "ada"), ("b=", "bob")] {
        let connection = fixture.opened(id, None).await;
        let joined = Joined { id: Sid::new(), at: 0, data: serde_json::json!({ "name": name }) };
        let entry = Entry::default();
        entry.add(crate::room::Room::named(HOME, "blue").unwrap(), None);
        fixture.io.connections.enter(&connection, HOME, &joined, &entry).await.unwrap();
    }
    let is_bob = |socket: &crate::RemoteSocket| {
        socket.data::<serde_json::Value>().is_some_and(|data| data["name"] == "bob")
    };
    let report = fixture.io.of(HOME).filter(is_bob).emit("hello", &()).await.unwrap();
    assert_eq!((report.reached, fixture.gateway.frames("b=").len()), (1, 1));
    assert_eq!(fixture.io.of(HOME).to("blue").filter(is_bob).sockets_leave("blue").await.unwrap(), 1);
    let remaining: Vec<_> = fixture.io.of(HOME).to("blue").fetch_sockets().await.unwrap();
    assert_eq!(remaining.iter().map(|socket| socket.connection.as_str()).collect::<Vec<_>>(), ["a="]);
}

#[tokio::test]
async fn a_room_has_a_revision_of_its_own() {
    let fixture = Fixture::start(1).await;
    let io = &fixture.io;
    assert_eq!(io.of(HOME).to("blue").next_revision().await.unwrap().number(), 1);
    assert_eq!(io.of(HOME).to("blue").next_revision().await.unwrap().number(), 2);
    assert_eq!(io.of(HOME).to("red").next_revision().await.unwrap().number(), 1);
    assert_eq!(io.of(HOME).next_revision().await.unwrap().number(), 1);
    assert_eq!(
        io.of(HOME).to("red").to("blue").next_revision().await.unwrap().number(),
        2,
        "the namespace's"
    );
}

#[tokio::test]
async fn a_volatile_event_is_tried_once_and_closes_no_connection() {
    let fixture = Fixture::start(1).await;
    for id in ["a=", "b=", "c="] {
        fixture.entered(id).await;
    }
    fixture.gateway.respond("POST a=", [500, 200]);
    fixture.gateway.respond("POST b=", [410]);
    let rows = fixture.rows().await;
    let report = fixture.io.of(HOME).volatile().emit("m", &1).await.unwrap();
    assert_eq!(report, DeliveryReport { reached: 1, missed: 2, ..DeliveryReport::default() });
    assert_eq!(fixture.gateway.frames("a=").len(), 1);
    assert!(!fixture.gateway.closed("a=") && !fixture.gateway.closed("b="));
    assert_eq!(fixture.rows().await, rows);
}
