//! Boards on sockets: a room for each board, a room for each person, and what happens to those who lose access.

use aws_sdk_dynamodb::types::AttributeValue;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{ABSENT, Client, PASSWORD, draft};
use crate::support::{Frame, Reader, Response, Socket, TestCloud, TestUser, until};

/// A person with a client for HTTP and a session for sockets.
struct Person {
    http: Client,
    user: TestUser,
}

impl Person {
    async fn sign_up(cloud: &TestCloud, username: &str) -> Self {
        let http = Client::signed_up(cloud, username).await;
        let user = TestUser::returning(&cloud.address(), http.cookie());
        Self { http, user }
    }

    /// Joins `/home` without a board.
    async fn home(&self, cloud: &TestCloud) -> Socket {
        let mut socket = cloud.socket(&self.user).await;
        socket.expect("0").await;
        socket.send("40/home,").await;
        socket.expect("40/home,").await;
        socket
    }

    /// Writes a note on a board.
    async fn write(&self, board: &str, key: &str, title: &str) {
        let request = self.http.request(Method::PUT, &format!("/api/boards/{board}/notes/{key}"));
        Response::to(request.header(ABSENT.0, ABSENT.1).json(&draft(title, ""))).await.json(201);
    }

    async fn remove(&self, board: &str, username: &str) {
        let path = format!("/{board}/members/{username}");
        self.http.boards(Method::DELETE, &path, None, Value::Null).await.empty(204);
    }
}

/// Emits an event in `/home`, and returns the frames up to its acknowledgement, which is the last one.
async fn ask(socket: &mut Socket, event: &str, board: &str) -> Vec<String> {
    socket.send(&format!("42/home,7{}", json!([event, { "board": board }]))).await;
    let mut frames = Vec::new();
    loop {
        frames.push(socket.next().await.text());
        if frames.last().is_some_and(|frame| frame.starts_with("43/home,7")) {
            return frames;
        }
    }
}

/// Reads events of `/home` until one with this name, and returns its payload.
async fn event(socket: &mut Socket, name: &str) -> Value {
    loop {
        let mut event = socket.expect("42/home,").await;
        if event[0] == name {
            return event[1].take();
        }
    }
}

async fn cloud() -> (TestCloud, [Person; 3]) {
    let cloud = TestCloud::start().await;
    let people = [
        Person::sign_up(&cloud, "ada").await,
        Person::sign_up(&cloud, "bob").await,
        Person::sign_up(&cloud, "eve").await,
    ];
    (cloud, people)
}

const NO_SUCH_BOARD: &str =
    r#"{"message":"There is no such board, or you are not a member of it.","data":{"code":"no-such-board"}}"#;

#[tokio::test]
async fn a_list_is_pushed_to_the_room_of_its_board_only_with_a_revision_of_its_own() {
    let (cloud, [ada, bob, _]) = cloud().await;
    let (plans, songs) = (ada.http.create_board("Plans").await, ada.http.create_board("Songs").await);
    ada.http.set_role(&plans, "bob", "editor").await.empty(204);
    let mut hers = ada.home(&cloud).await;
    for board in [&plans, &songs] {
        let frames = ask(&mut hers, "open-board", board).await;
        assert!(
            frames.iter().any(|frame| frame.contains(&format!(r#""board":"{board}","revision":0"#))),
            "{frames:?}"
        );
        assert_eq!(frames.last().unwrap(), "43/home,7[{}]");
    }
    let mut his = bob.home(&cloud).await;
    ask(&mut his, "open-board", &plans).await;

    bob.write(&plans, "a", "From bob").await;
    for socket in [&mut hers, &mut his] {
        let list = event(socket, "notetitles").await;
        assert_eq!((&list["board"], &list["revision"]), (&json!(plans), &json!(1)), "{list}");
        assert_eq!(list["notelist"][0]["title"], "From bob");
    }
    ada.write(&songs, "b", "From ada").await;
    let list = event(&mut hers, "notetitles").await;
    assert_eq!((&list["board"], &list["revision"]), (&json!(songs), &json!(1)), "{list}");
    his.was_sent_nothing().await;
    cloud.stop().await;
}

#[tokio::test]
async fn opening_a_board_takes_five_requests_to_dynamodb() {
    let (cloud, [ada, ..]) = cloud().await;
    let board = ada.http.create_board("Plans").await;
    let mut hers = ada.home(&cloud).await;
    cloud.forget_calls().await;
    ask(&mut hers, "open-board", &board).await;
    let calls = cloud.calls().into_iter().filter(|call| call.caller == "WebSocket");
    let requests: Vec<_> = calls.filter(|call| call.action.starts_with("dynamodb:")).collect();
    // Connection, access, transaction, revision, titles. A transaction counts once.
    assert_eq!(requests.len(), 5, "{requests:#?}");
    cloud.stop().await;
}

#[tokio::test]
async fn a_closed_board_is_no_longer_pushed_and_its_activity_is_reported() {
    let (cloud, [ada, bob, _]) = cloud().await;
    let board = ada.http.create_board("Plans").await;
    ada.http.set_role(&board, "bob", "editor").await.empty(204);
    let mut his = bob.home(&cloud).await;
    ask(&mut his, "open-board", &board).await;
    assert_eq!(ask(&mut his, "close-board", &board).await.last().unwrap(), "43/home,7[{}]");
    ada.write(&board, "a", "A").await;
    let activity = event(&mut his, "activity").await;
    assert_eq!(activity["board"], json!(board));
    assert!(activity["changed"].is_string(), "{activity}");
    his.was_sent_nothing().await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_board_of_others_is_refused_in_the_handshake_as_an_event_and_as_a_note() {
    let (cloud, [ada, bob, _]) = cloud().await;
    let board = ada.http.create_board("Plans").await;
    ada.write(&board, "a", "Secret").await;
    let missing = "019ab2b5-8e30-7c4b-9d52-3f1c0e6a7b88";
    let mut his = cloud.socket(&bob.user).await;
    his.expect("0").await;
    for board in [&*board, missing, "", "home"] {
        his.send(&format!("40/home,{}", json!({ "board": board }))).await;
        assert_eq!(his.next().await.text(), format!("44/home,{NO_SUCH_BOARD}"), "{board}");
        his.send(&format!("40/notes,{}", json!({ "board": board, "key": "a" }))).await;
        assert_eq!(his.next().await.text(), format!("44/notes,{NO_SUCH_BOARD}"), "{board}");
    }
    let mut his = bob.home(&cloud).await;
    for board in [&*board, missing, "", "home"] {
        let frames = ask(&mut his, "open-board", board).await;
        assert_eq!(frames.len(), 1, "{frames:?}");
        assert!(frames[0].contains(r#""code":"no-such-board""#), "{frames:?}");
    }
    ada.write(&board, "b", "Another secret").await;
    his.was_sent_nothing().await;
    cloud.stop().await;
}

#[tokio::test]
async fn people_are_notified_of_changes_of_their_boards_and_others_are_not() {
    let (cloud, [ada, bob, eve]) = cloud().await;
    let (mut his, mut hers) = (bob.home(&cloud).await, eve.home(&cloud).await);
    let board = ada.http.create_board("Plans").await;
    for role in ["reader", "owner"] {
        ada.http.set_role(&board, "bob", role).await.empty(204);
        assert_eq!(event(&mut his, "boards").await, json!({}), "{role}");
    }
    let path = format!("/{board}");
    ada.http.boards(Method::PUT, &path, Some("\"1\""), json!({ "name": "Renamed" })).await.json(200);
    event(&mut his, "boards").await;
    bob.remove(&board, "bob").await;
    event(&mut his, "boards").await;
    hers.was_sent_nothing().await;

    // Everybody is notified of a board of the team.
    let shown = json!({ "name": "Open", "visibility": "team" });
    ada.http.boards(Method::PUT, &path, Some("\"2\""), shown).await.json(200);
    event(&mut hers, "boards").await;
    ada.http.boards(Method::DELETE, &path, Some("\"3\""), Value::Null).await.empty(204);
    event(&mut hers, "boards").await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_removed_member_leaves_all_rooms_of_the_board_and_keeps_the_connection() {
    let (cloud, [ada, bob, _]) = cloud().await;
    let board = ada.http.create_board("Plans").await;
    ada.write(&board, "a", "A").await;
    ada.http.set_role(&board, "bob", "editor").await.empty(204);
    let mut hers = ada.home(&cloud).await;
    ask(&mut hers, "open-board", &board).await;
    let mut his = bob.home(&cloud).await;
    ask(&mut his, "open-board", &board).await;
    his.send(&format!("40/notes,{}", json!({ "board": board, "key": "a" }))).await;
    his.expect("40/notes,").await;

    ada.remove(&board, "bob").await;
    let (mut told, mut left) = (false, false);
    while !(told && left) {
        match his.next().await.text() {
            text if text == r#"42/home,["boards",{}]"# => told = true,
            text if text == "41/notes," => left = true,
            text => assert!(text.starts_with("42/notes,"), "{text}"),
        }
    }
    ada.write(&board, "b", "B").await;
    event(&mut hers, "notetitles").await;
    his.was_sent_nothing().await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_board_that_becomes_private_or_is_deleted_loses_its_strangers() {
    let (cloud, [ada, bob, eve]) = cloud().await;
    let open = json!({ "name": "Open", "visibility": "team" });
    let created = ada.http.boards(Method::POST, "", None, open).await.json(201);
    let board = created["id"].as_str().unwrap();
    ada.http.set_role(board, "eve", "reader").await.empty(204);
    let (mut his, mut hers) = (bob.home(&cloud).await, eve.home(&cloud).await);
    for socket in [&mut his, &mut hers] {
        ask(socket, "open-board", board).await;
    }
    let path = format!("/{board}");
    ada.http.boards(Method::PUT, &path, Some("\"1\""), json!({ "name": "Hidden" })).await.json(200);
    event(&mut his, "boards").await;
    event(&mut hers, "boards").await;
    ada.write(board, "a", "A").await;
    assert_eq!(event(&mut hers, "notetitles").await["notelist"][0]["title"], "A");
    his.was_sent_nothing().await;

    ada.http.boards(Method::DELETE, &path, Some("\"2\""), Value::Null).await.empty(204);
    event(&mut hers, "boards").await;
    until("nobody is in its room", async || {
        let rows = cloud.rows("Connections").await;
        !rows.iter().any(|row| row["room"].as_s().unwrap() == &format!("/home,{board}#0"))
    })
    .await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_board_whose_only_owner_deletes_the_account_gets_another_who_hears_of_it() {
    let (cloud, [_, bob, eve]) = cloud().await;
    let board = bob.http.create_board("Plans").await;
    let alone = bob.http.create_board("Diary").await;
    bob.http.set_role(&board, "eve", "editor").await.empty(204);
    bob.write(&alone, "a", "Mine").await;
    let role = async || {
        let board = eve.http.boards(Method::GET, &format!("/{board}"), None, Value::Null).await;
        board.json(200)["role"].take()
    };
    until("eve is an editor", async || role().await == "editor").await;
    let mut hers = eve.home(&cloud).await;

    bob.http.delete_account(PASSWORD).await.empty(204);
    event(&mut hers, "boards").await;
    until("eve owns the board", async || role().await == "owner").await;
    until("bob's own board and its note are gone", async || {
        let [boards, notes] = [cloud.rows("Boards").await, cloud.rows("Notes").await];
        notes.is_empty() && !boards.iter().any(|row| format!("{row:?}").contains("#person#bob"))
    })
    .await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_note_that_is_written_after_its_board_was_purged_is_purged_too() {
    let (cloud, [_, bob, _]) = cloud().await;
    let board = bob.http.create_board("Plans").await;
    bob.write(&board, "a", "A").await;
    let [late] = &cloud.rows("Notes").await[..] else { panic!("one note") };
    bob.http.boards(Method::DELETE, &format!("/{board}"), Some("\"1\""), Value::Null).await.empty(204);
    let purge =
        async || cloud.rows("Boards").await.into_iter().find(|row| row["member"].as_s().unwrap() == "#purge");
    until("the board is purged", async || purge().await.is_some_and(|row| row.contains_key("expires"))).await;
    assert_eq!(cloud.rows("Notes").await, []);

    // A request that had read the board before writes now.
    let past = (jiff::Timestamp::now().as_second() - 10).to_string();
    let put = cloud.dynamodb().put_item().table_name("Notes").set_item(Some(late.clone()));
    put.send().await.unwrap();
    let expire = cloud.dynamodb().update_item().table_name("Boards");
    let expire = expire
        .key("board", AttributeValue::S(board.clone()))
        .key("member", AttributeValue::S("#purge".into()));
    let expire = expire.update_expression("SET expires = :now");
    expire.expression_attribute_values(":now", AttributeValue::N(past)).send().await.unwrap();
    until("the late note is purged", async || cloud.rows("Notes").await.is_empty()).await;
    until("nothing is left to do", async || purge().await.is_none()).await;
    cloud.stop().await;
}

#[tokio::test]
async fn a_reader_sees_comments_and_writes_none() {
    let (cloud, [ada, bob, _]) = cloud().await;
    ada.write("team", "a", "A").await;
    let mut his = Reader::join(&cloud, &bob.user, "a").await;
    let comment = his.comment("As an editor").await;
    let change = json!({ "name": "Team", "visibility": "team", "teamRole": "reader" });
    ada.http.boards(Method::PUT, "/team", Some("\"1\""), change).await.json(200);
    let refused = his.ask("create-message", json!({ "message": "As a reader" })).await;
    assert_eq!(refused["error"]["code"], "read-only");
    assert_eq!(his.delete(&comment).await["error"]["code"], "read-only");
    let mut hers = Reader::join(&cloud, &ada.user, "a").await;
    his.sees_people(&["ada", "bob"]).await;
    ada.http.set_role("team", "ada", "owner").await.empty(204);
    let seen = hers.comment("As the owner").await;
    assert_eq!(his.event("newmessage").await["message"], seen);
    cloud.stop().await;
}

#[tokio::test]
async fn joins_and_removals_at_the_same_time_leave_no_stranger_in_the_room() {
    let (cloud, [ada, bob, _]) = cloud().await;
    let board = &ada.http.create_board("Plans").await;
    for round in 0..5 {
        ada.http.set_role(board, "bob", "reader").await.empty(204);
        let mut sockets = Vec::new();
        for _ in 0..4 {
            sockets.push(bob.home(&cloud).await);
        }
        let joins = async {
            for socket in &mut sockets {
                socket.send(&format!("42/home,7{}", json!(["open-board", { "board": board }]))).await;
            }
        };
        tokio::join!(joins, ada.remove(board, "bob"));
        for socket in &mut sockets {
            loop {
                if let Frame::Text(text) = socket.next().await
                    && text.starts_with("43/home,7")
                {
                    break;
                }
            }
        }
        until("only the rooms of persons and the namespace remain", async || {
            let rows = cloud.rows("Connections").await;
            !rows.iter().any(|row| row["room"].as_s().unwrap() == &format!("/home,{board}#0"))
        })
        .await;
        assert!(round < 5);
    }
    cloud.stop().await;
}
