//! How soon a removal from a board, or a lower role, takes effect on open sockets.
//!
//! The README says "within a second". No test measures seconds, because machines differ. These tests show what has to happen
//! until then: at most one invocation of `Stream`, as for a push. So a removal waits as long as a push, for the trigger's poll
//! (four times a second on AWS) and for one invocation.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use local_service::faults::{Fault, Rule};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{ABSENT, Client, draft};
use crate::support::{CONNECT_ERROR, CONNECT_UNKNOWN, Socket, TestCloud, TestUser};

/// A row of a table.
type Row = HashMap<String, AttributeValue>;

/// A board of ada with a note, and the socket of bob, an editor, in the rooms of both.
struct Scene {
    cloud: TestCloud,
    ada: Client,
    board: String,
    his: Socket,
}

impl Scene {
    async fn start() -> Self {
        let cloud = TestCloud::start().await;
        let ada = Client::signed_up(&cloud, "ada").await;
        let bob = Client::signed_up(&cloud, "bob").await;
        let board = ada.create_board("Plans").await;
        ada.set_role(&board, "bob", "editor").await.empty(204);
        ada.on(&board).write("a", ABSENT, draft("A", "")).await.json(201);
        let mut his = cloud.socket(&TestUser::returning(&cloud.address(), bob.cookie())).await;
        his.expect("0").await;
        for (namespace, auth) in
            [("/home", json!({ "board": board })), ("/notes", json!({ "board": board, "key": "a" }))]
        {
            his.send(&format!("40{namespace},{auth}")).await;
            while !his.next().await.text().starts_with(&format!("40{namespace},")) {}
        }
        // Afterwards every push so far has been sent.
        cloud.rests().await;
        let mut scene = Self { cloud, ada, board, his };
        scene.sent().await;
        scene
    }

    /// Returns the frames that bob's socket has been sent.
    async fn sent(&mut self) -> Vec<String> {
        self.his.send(CONNECT_UNKNOWN).await;
        let mut frames = Vec::new();
        loop {
            match self.his.next().await.text() {
                end if end == CONNECT_ERROR => return frames,
                frame => frames.push(frame),
            }
        }
    }

    /// Emits an event as bob, and returns the code of the error in its acknowledgement.
    async fn refusal(&mut self, namespace: &str, event: &str, payload: Value) -> Value {
        self.his.send(&format!("42{namespace},7{}", json!([event, payload]))).await;
        let prefix = format!("43{namespace},7");
        loop {
            // A push may come first.
            if let Some(acknowledgement) = self.his.next().await.text().strip_prefix(&prefix) {
                let mut acknowledgement: Value = serde_json::from_str(acknowledgement).unwrap();
                return acknowledgement[0]["error"]["code"].take();
            }
        }
    }

    /// Returns the rooms of the board, and of its notes, in which sockets are.
    async fn rooms(&self) -> Vec<String> {
        let rows = self.cloud.rows("Connections").await;
        // The counters of rooms begin with `#`.
        let rooms = rows.iter().map(|row| row["room"].as_s().unwrap()).filter(|room| room.starts_with('/'));
        let mut rooms: Vec<_> = rooms.filter(|room| room.contains(&self.board)).cloned().collect();
        rooms.sort();
        rooms
    }

    /// Delivers no change of a board from now on.
    fn hold_up_the_trigger_of_boards(&self) {
        let for_ever = u64::from(u32::MAX);
        self.cloud.faults().set(0, [Rule::new(Fault::RecordsLate).resource("Boards").delay_ms(for_ever)]);
    }

    /// Joins `/home` as ada, and opens the board if there is one in `auth`.
    async fn her_socket(&self, auth: &Value) -> Socket {
        let user = TestUser::returning(&self.cloud.address(), self.ada.cookie());
        let mut socket = self.cloud.socket(&user).await;
        socket.expect("0").await;
        socket.send(&format!("40/home,{auth}")).await;
        socket.expect("40/home,").await;
        socket
    }

    async fn remove_bob(&self) {
        let path = format!("/{}/members/bob", self.board);
        self.ada.boards(Method::DELETE, &path, None, Value::Null).await.empty(204);
    }
}

/// Returns the event of `Stream` for a row of Boards that was deleted.
fn deleted(row: &Row) -> String {
    let mut event: Value =
        serde_json::from_str(include_str!("../../events/stream-member-added.json")).unwrap();
    let value = |value: &AttributeValue| match value {
        AttributeValue::S(text) => json!({ "S": text }),
        AttributeValue::N(number) => json!({ "N": number }),
        other => panic!("{other:?} is neither a string nor a number"),
    };
    let image: serde_json::Map<_, _> = row.iter().map(|(name, own)| (name.clone(), value(own))).collect();
    let record = &mut event["Records"][0];
    record["eventName"] = "REMOVE".into();
    for key in ["board", "member"] {
        record["dynamodb"]["Keys"][key] = image[key].clone();
    }
    let change = record["dynamodb"].as_object_mut().unwrap();
    change.remove("NewImage");
    change.insert("OldImage".to_owned(), image.into());
    event.to_string()
}

#[tokio::test]
async fn one_invocation_takes_a_removed_member_out_of_all_rooms() {
    let mut scene = Scene::start().await;
    let board = scene.board.clone();
    scene.hold_up_the_trigger_of_boards();
    let rows = scene.cloud.rows("Boards").await;
    let is_member =
        |row: &&Row| row["board"].as_s().unwrap() == &board && row["member"].as_s().unwrap() == "bob";
    let membership = rows.iter().find(is_member).expect("bob is a member").clone();
    scene.remove_bob().await;

    // Bob's requests are refused at once, before the trigger knows.
    assert_eq!(scene.refusal("/home", "open-board", json!({ "board": board })).await, "no-such-board");
    let comment = json!({ "message": "Still here?" });
    assert_eq!(scene.refusal("/notes", "create-message", comment).await, "no-such-board");
    let rooms = ["/home,", "/notes,"].map(|namespace| format!("{namespace}{board}#0"));
    let note = format!("/notes,{board}/a#0");
    assert_eq!(scene.rooms().await, [rooms[0].clone(), rooms[1].clone(), note], "nothing else takes him out");
    assert_eq!(scene.sent().await, [] as [&str; 0]);

    let result = scene.cloud.invoke("Stream", &deleted(&membership)).await;
    assert_eq!(result, json!({ "batchItemFailures": [] }));
    assert_eq!(scene.rooms().await, [] as [&str; 0]);
    let mut sent = scene.sent().await;
    sent.sort();
    assert_eq!(sent, ["41/notes,", r#"42/home,["boards",{}]"#]);

    let mut hers = scene.her_socket(&json!({ "board": board })).await;
    hers.notetitles().await;
    scene.ada.on(&board).write("b", ABSENT, draft("B", "")).await.json(201);
    hers.notetitles().await;
    assert_eq!(scene.sent().await, [] as [&str; 0]);
    scene.cloud.stop().await;
}

#[tokio::test]
async fn a_lower_role_takes_effect_with_the_next_event_without_any_invocation_of_stream() {
    let mut scene = Scene::start().await;
    let comment = json!({ "message": "As an editor" });
    assert_eq!(scene.refusal("/notes", "create-message", comment.clone()).await, Value::Null);
    scene.cloud.rests().await;
    scene.sent().await;
    scene.hold_up_the_trigger_of_boards();
    scene.ada.set_role(&scene.board, "bob", "reader").await.empty(204);
    assert_eq!(scene.refusal("/notes", "create-message", comment).await, "read-only");
    scene.cloud.stop().await;
}

/// All changes of a board come through one shard of its stream, in order.
#[tokio::test]
async fn a_removal_takes_effect_before_a_later_change_of_the_board_is_told() {
    let mut scene = Scene::start().await;
    let mut hers = scene.her_socket(&json!({})).await;
    scene.remove_bob().await;
    let path = format!("/{}", scene.board);
    let renamed = json!({ "name": "Renamed" });
    scene.ada.boards(Method::PUT, &path, Some("\"1\""), renamed).await.json(200);
    // She is not told of the removal, only of the new name.
    assert_eq!(hers.expect("42/home,").await, json!(["boards", {}]));
    assert_eq!(scene.rooms().await, [] as [&str; 0]);
    let mut sent = scene.sent().await;
    sent.sort();
    assert_eq!(sent, ["41/notes,", r#"42/home,["boards",{}]"#], "once, and nothing of the new name");
    scene.cloud.stop().await;
}
