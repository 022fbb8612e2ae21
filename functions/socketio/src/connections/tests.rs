//! The table's promises, against a real DynamoDB API.

use super::*;
use crate::testing::{HOME, TABLE, World};

async fn enter(world: &World, connection: &Connection, namespace: &str) -> Result<(), Error> {
    let joined = Joined { id: Sid::new(), at: 0, data: serde_json::Value::Null };
    world.io.connections.enter(connection, namespace, &joined).await
}

async fn join(world: &World, connection: &Connection, room: &str) -> Result<(), Error> {
    let socket = connection.sockets.get(HOME).map_or_else(Sid::new, |joined| joined.id);
    let socket = (socket, &serde_json::Value::Null);
    world.io.connections.join(connection, HOME, socket, &Room::named(HOME, room)).await
}

async fn members(world: &World) -> Vec<String> {
    let members = world.io.connections.members(&home()).await.unwrap();
    let mut names: Vec<_> = members.iter().map(|member| member.connection_id.to_string()).collect();
    names.sort();
    names
}

fn home() -> Room {
    Room::of_namespace(HOME)
}

#[tokio::test]
async fn a_connection_is_found_as_it_was_opened() {
    let world = World::start(1).await;
    let opened = world.opened("a=", Some("s")).await;
    assert_eq!(world.io.connections.find(opened.id()).await.unwrap(), Some(opened));
    assert_eq!(world.io.connections.find(&ConnectionId::new("b=")).await.unwrap(), None);
}

#[tokio::test]
async fn who_enters_is_a_member_until_it_exits() {
    for shards in [1, 8] {
        let world = World::start(shards).await;
        let (a, _b) = (world.entered("a=").await, world.entered("b=").await);
        assert_eq!(members(&world).await, ["a=", "b="]);
        assert!(a.sockets.contains_key(HOME));

        world.io.connections.exit(&a, HOME, None).await.unwrap();
        assert_eq!(members(&world).await, ["b="]);
        let a = world.io.connections.find(a.id()).await.unwrap().unwrap();
        assert!(a.sockets.is_empty() && a.rooms.is_empty(), "{a:?}");
        world.io.connections.exit(&a, HOME, None).await.unwrap();
    }
}

#[tokio::test]
async fn an_exit_takes_the_namespaces_rooms_along_and_leaves_the_others() {
    let world = World::start(8).await;
    let a = world.entered("a=").await;
    enter(&world, &a, "/home/too").await.unwrap();
    join(&world, &a, "one").await.unwrap();
    join(&world, &a, "two").await.unwrap();
    assert_eq!(world.rows().await, 1 + 2 + 2);
    let a = world.io.connections.find(a.id()).await.unwrap().unwrap();
    world.io.connections.exit(&a, HOME, None).await.unwrap();
    let a = world.io.connections.find(a.id()).await.unwrap().unwrap();
    assert_eq!(a.sockets.keys().collect::<Vec<_>>(), ["/home/too"]);
    assert_eq!(world.rows().await, 2);
}

#[tokio::test]
async fn who_joins_a_room_is_in_it_until_it_leaves() {
    let world = World::start(8).await;
    let a = world.entered("a=").await;
    let room = Room::named(HOME, "one");
    join(&world, &a, "one").await.unwrap();
    assert_eq!(world.io.connections.members(&room).await.unwrap().len(), 1);
    assert!(world.io.connections.members(&Room::named(HOME, "other")).await.unwrap().is_empty());
    world.io.connections.leave(a.id(), a.sockets[HOME].id, &room).await.unwrap();
    assert!(world.io.connections.members(&room).await.unwrap().is_empty());
    assert_eq!(members(&world).await, ["a="], "it stays in the namespace");
}

#[tokio::test]
async fn joining_repeats_safely() {
    let world = World::start(8).await;
    let a = world.entered("a=").await;
    join(&world, &a, "one").await.unwrap();
    join(&world, &a, "one").await.unwrap();
    assert_eq!(world.rows().await, 3);
}

#[tokio::test]
async fn who_enters_again_takes_the_place_of_its_former_socket_and_leaves_that_ones_rooms() {
    let world = World::start(8).await;
    let former = world.entered("a=").await;
    join(&world, &former, "one").await.unwrap();
    let former = world.io.connections.find(former.id()).await.unwrap().unwrap();
    enter(&world, &former, HOME).await.unwrap();
    assert_eq!(world.rows().await, 2, "its own row, and the namespace's");
    // What the former socket still wants is of no use.
    let late = join(&world, &former, "two").await;
    assert!(matches!(late, Err(Error::Left)), "{late:?}");
    world.io.connections.exit(&former, HOME, None).await.unwrap();
    assert_eq!(members(&world).await, ["a="]);
    // Nor may it be overwritten by who has not seen it.
    let blind = enter(&world, &former, HOME).await;
    assert!(matches!(blind, Err(Error::Left)), "{blind:?}");
}

#[tokio::test]
async fn all_rows_of_a_connection_go_with_it_and_no_others() {
    let world = World::start(8).await;
    let (a, b) = (world.entered("a=").await, world.entered("b=").await);
    for connection in [&a, &b] {
        enter(&world, connection, "/other").await.unwrap();
        join(&world, connection, "one").await.unwrap();
    }
    let removed = world.io.connections.remove(a.id()).await.unwrap().unwrap();
    assert_eq!(removed.sockets.len(), 2, "it says what it was");
    assert_eq!(world.rows().await, 4);
    assert_eq!(members(&world).await, ["b="]);
    assert_eq!(world.io.connections.remove(a.id()).await.unwrap(), None);
    assert_eq!(world.rows().await, 4, "repeating it does no harm");
}

#[tokio::test]
async fn a_connection_that_is_gone_can_enter_and_join_no_more() {
    let world = World::start(1).await;
    let a = world.entered("a=").await;
    world.io.connections.remove(a.id()).await.unwrap();
    for late in [enter(&world, &a, HOME).await, join(&world, &a, "one").await] {
        assert!(matches!(late, Err(Error::Gone)), "{late:?}");
    }
    world.io.connections.leave(a.id(), a.sockets[HOME].id, &Room::named(HOME, "one")).await.unwrap();
    world.io.connections.exit(&a, HOME, None).await.unwrap();
    assert_eq!(world.rows().await, 0);
}

#[tokio::test]
async fn a_room_wants_a_socket_in_its_namespace() {
    let world = World::start(1).await;
    let a = world.opened("a=", None).await;
    let early = join(&world, &a, "one").await;
    assert!(matches!(early, Err(Error::Left)), "{early:?}");
}

#[tokio::test]
async fn a_member_that_is_gone_is_taken_away_even_without_a_row_of_its_own() {
    let world = World::start(1).await;
    let a = world.entered("a=").await;
    // As if a removal had died after its first step.
    let own = world.client.delete_item().table_name(TABLE).set_key(Some(key("a=", a.id())));
    own.send().await.unwrap();
    for member in world.io.connections.members(&home()).await.unwrap() {
        world.io.connections.remove_member(&member).await.unwrap();
    }
    assert_eq!(world.rows().await, 0);
}

#[tokio::test]
async fn a_session_knows_its_own_connections() {
    let world = World::start(1).await;
    world.opened("a=", Some("one")).await;
    world.opened("b=", Some("one")).await;
    world.opened("c=", Some("other")).await;
    world.opened("d=", None).await;
    let mut ids = world.io.connections.of_session("one").await.unwrap();
    ids.sort();
    assert_eq!(ids, [ConnectionId::new("a="), ConnectionId::new("b=")]);
}

#[tokio::test]
async fn revisions_rise_one_by_one_even_when_taken_side_by_side() {
    let world = World::start(8).await;
    assert_eq!(world.io.connections.revision(&home()).await.unwrap(), Revision(0));
    let mut taken =
        try_join_all((0..20).map(|_| async { world.io.connections.next_revision(&home()).await }))
            .await
            .unwrap();
    taken.sort();
    assert_eq!(taken, (1..=20).map(Revision).collect::<Vec<_>>());
    assert_eq!(world.io.connections.revision(&home()).await.unwrap(), Revision(20));
    assert!(members(&world).await.is_empty(), "the counter is no member");
}
