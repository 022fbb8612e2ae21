//! Every event and every push of a private board, in every role: a stranger, a user who is not a member, a reader, an editor,
//! an owner, an administrator who is not a member, and a user whose account is disabled. An event or a push without a row here
//! fails. `tests/api/roles.rs` does the same for routes.

use std::collections::{BTreeMap, BTreeSet};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::{ABSENT, Client, draft, typed};
use crate::support::{CONNECT_ERROR, CONNECT_UNKNOWN, Frame, Response, Socket, TestCloud};

/// The right that an event needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Right {
    /// Every signed-in user.
    SignedIn,
    /// Everybody with access to the board.
    Read,
    /// Everybody with the right to write on the board.
    Write,
}

use Right::{Read, SignedIn, Write};

/// The events of clients, with their rights. `connect` joins the namespace.
const EVENTS: &[(&str, &str, Right)] = &[
    ("/home", "connect", SignedIn),
    ("/home", "open-board", Read),
    ("/home", "close-board", SignedIn),
    ("/notes", "connect", Read),
    ("/notes", "create-message", Write),
    ("/notes", "cursor", Read),
    ("/notes", "delete-message", Write),
    ("/notes", "edit", Write),
];

/// Whether a push reaches those who have the board, or the note, open, or those who have not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Open,
    Elsewhere,
}

use Place::{Elsewhere, Open};

/// The pushes, where they arrive, and the right on the board that a member needs to receive them. Nobody else does.
const PUSHES: &[(&str, &str, &[Place], Right)] = &[
    ("/home", "notetitles", &[Open], Read),
    ("/home", "boards", &[Open, Elsewhere], Read),
    ("/home", "activity", &[Elsewhere], Read),
    ("/notes", "noteupdated", &[Open], Read),
    ("/notes", "notedestroyed", &[Open], Read),
    ("/notes", "messages", &[Open], Read),
    ("/notes", "newmessage", &[Open], Read),
    ("/notes", "destroymessage", &[Open], Read),
    ("/notes", "presence", &[Open], Read),
    ("/notes", "document", &[Open], Write),
    ("/notes", "edit", &[Open], Read),
    ("/notes", "cursor", &[Open], Read),
];

/// The codes of refusals by role. Any other result has passed the check of roles.
const REFUSALS: [&str; 3] = ["unauthenticated", "no-such-board", "read-only"];

/// The result of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Passed,
    Refused(&'static str),
    /// The event of a socket that is not in the namespace closes the connection.
    Closed,
}

fn outcome(code: &Value) -> Outcome {
    REFUSALS.into_iter().find(|refusal| code == refusal).map_or(Outcome::Passed, Outcome::Refused)
}

/// Returns the expected result of an event.
fn expected(who: &str, namespace: &str, event: &str, right: Right) -> Outcome {
    let is_member = ["reader", "editor", "owner"].contains(&who);
    let may_join = is_member || namespace == "/home" && ["outsider", "administrator"].contains(&who);
    match (event, right) {
        // The sessions of a disabled account have ended.
        ("connect", _) if ["stranger", "disabled"].contains(&who) => Outcome::Refused("unauthenticated"),
        ("connect", _) if !may_join => Outcome::Refused("no-such-board"),
        _ if !may_join => Outcome::Closed,
        (_, SignedIn) => Outcome::Passed,
        _ if !is_member => Outcome::Refused("no-such-board"),
        (_, Write) if who == "reader" => Outcome::Refused("read-only"),
        (_, Read | Write) => Outcome::Passed,
    }
}

#[test]
fn every_event_and_every_push_has_a_row() {
    let mut events: Vec<_> = websocket_function::EVENTS.to_vec();
    events.extend([("/home", "connect"), ("/notes", "connect")]);
    let mut rows: Vec<_> = EVENTS.iter().map(|(namespace, event, _)| (*namespace, *event)).collect();
    events.sort_unstable();
    rows.sort_unstable();
    assert_eq!(rows, events);
    let mut pushes = notes::live::PUSHES.to_vec();
    let mut rows: Vec<_> = PUSHES.iter().map(|(namespace, event, ..)| (*namespace, *event)).collect();
    pushes.sort_unstable();
    rows.sort_unstable();
    assert_eq!(rows, pushes);
}

/// A private board with a note, and somebody in each role.
struct Fixture {
    cloud: TestCloud,
    board: String,
    owner: Client,
    people: BTreeMap<&'static str, Option<String>>,
}

impl Fixture {
    async fn start() -> Self {
        let cloud = TestCloud::start().await;
        let administrator = Client::signed_up(&cloud, "administrator").await;
        let owner = Client::signed_up(&cloud, "owner").await;
        let board = owner.create_board("Plans").await;
        let mut people = BTreeMap::from([("stranger", None)]);
        for who in ["outsider", "reader", "editor", "disabled"] {
            people.insert(who, Some(Client::signed_up(&cloud, who).await.cookie().to_owned()));
        }
        for (who, role) in [("reader", "reader"), ("editor", "editor"), ("disabled", "editor")] {
            owner.set_role(&board, who, role).await.empty(204);
        }
        let disable = administrator.request(Method::POST, "/api/admin/users/disabled/disable");
        Response::to(disable).await.empty(204);
        people.insert("administrator", Some(administrator.cookie().to_owned()));
        people.insert("owner", Some(owner.cookie().to_owned()));
        owner.on(&board).write("a", ABSENT, draft("A", "")).await.json(201);
        Self { cloud, board, owner, people }
    }

    /// Opens a connection of somebody.
    async fn open(&self, who: &str) -> Socket {
        let mut socket = Socket::open(&self.cloud.address(), self.people[who].as_deref()).await.unwrap();
        socket.expect("0").await;
        socket
    }

    /// Joins a namespace, and returns the result. With `board`, `/home` opens it.
    async fn join(&self, socket: &mut Socket, namespace: &str, board: bool) -> Outcome {
        let auth = match namespace {
            "/home" if !board => json!({}),
            "/home" => json!({ "board": self.board }),
            _ => json!({ "board": self.board, "key": "a" }),
        };
        // A refusal may have closed the connection.
        if socket.try_send(&format!("40{namespace},{auth}")).await.is_err() {
            return Outcome::Closed;
        }
        loop {
            let Frame::Text(frame) = socket.next().await else { return Outcome::Closed };
            if frame.starts_with(&format!("40{namespace},")) {
                return Outcome::Passed;
            }
            if let Some(error) = frame.strip_prefix(&format!("44{namespace},")) {
                return outcome(&serde_json::from_str::<Value>(error).unwrap()["data"]["code"]);
            }
        }
    }

    /// Sends an event on a connection of its own, and returns the result.
    async fn attempt(&self, who: &str, namespace: &str, event: &str) -> Outcome {
        let mut socket = self.open(who).await;
        let joined = self.join(&mut socket, namespace, false).await;
        if event == "connect" {
            return joined;
        }
        let payload = json!({ "board": self.board, "message": "Milk", "id": "nothing" });
        let sent = socket.try_send(&format!("42{namespace},7{}", json!([event, payload]))).await;
        if sent.is_err() {
            return Outcome::Closed;
        }
        loop {
            let Frame::Text(frame) = socket.next().await else { return Outcome::Closed };
            if let Some(arguments) = frame.strip_prefix(&format!("43{namespace},7")) {
                return outcome(&serde_json::from_str::<Value>(arguments).unwrap()[0]["error"]["code"]);
            }
        }
    }
}

#[tokio::test]
async fn every_event_passes_or_refuses_every_role_as_its_row_says() {
    let fixture = Fixture::start().await;
    for (namespace, event, right) in EVENTS {
        for who in fixture.people.keys() {
            let found = fixture.attempt(who, namespace, event).await;
            assert_eq!(found, expected(who, namespace, event, *right), "{who}: {namespace} {event}");
        }
    }
    fixture.cloud.stop().await;
}

/// Somebody's connections: one has the board and the note open, as far as that is possible, and one has not.
struct Listener {
    sockets: [(Place, Socket); 2],
    heard: BTreeSet<(Place, String, String)>,
}

impl Listener {
    async fn start(fixture: &Fixture, who: &str) -> Self {
        let (mut open, mut elsewhere) = (fixture.open(who).await, fixture.open(who).await);
        fixture.join(&mut elsewhere, "/home", false).await;
        // A refused board leaves the connection as it is, so that it could still receive pushes by mistake.
        if fixture.join(&mut open, "/home", true).await != Outcome::Passed {
            fixture.join(&mut open, "/home", false).await;
        }
        fixture.join(&mut open, "/notes", true).await;
        Self { sockets: [(Open, open), (Elsewhere, elsewhere)], heard: BTreeSet::new() }
    }

    /// Reads all pushes that have arrived.
    async fn read(&mut self) {
        for (place, socket) in &mut self.sockets {
            // A connection that joined nothing may be closed.
            if socket.try_send(CONNECT_UNKNOWN).await.is_err() {
                continue;
            }
            while let Frame::Text(frame) = socket.next().await {
                if frame == CONNECT_ERROR {
                    break;
                }
                let Some((namespace, event)) = frame.strip_prefix("42").and_then(|rest| rest.split_once(','))
                else {
                    continue;
                };
                let event: Value = serde_json::from_str(event).unwrap();
                let name = event[0].as_str().unwrap();
                assert!(PUSHES.iter().any(|row| (row.0, row.1) == (namespace, name)), "no row for {frame}");
                self.heard.insert((*place, namespace.to_owned(), name.to_owned()));
            }
        }
    }
}

#[tokio::test]
async fn every_push_reaches_the_members_where_its_row_says_and_nobody_else() {
    let fixture = Fixture::start().await;
    let owner = fixture.owner.on(&fixture.board);
    let mut listeners = BTreeMap::new();
    for who in fixture.people.keys() {
        listeners.insert(*who, Listener::start(&fixture, who).await);
    }
    let path = format!("/{}", fixture.board);
    let renamed = owner.boards(Method::PUT, &path, Some("\"1\""), json!({ "name": "Ideas" })).await;
    renamed.json(200);
    // The next change is news again, although the first was just now.
    fixture.cloud.forget_activity(&fixture.board).await;
    owner.write("a", ("if-match", "\"1\""), draft("B", "")).await.json(200);
    let mut writer = fixture.open("owner").await;
    fixture.join(&mut writer, "/notes", true).await;
    let mut ask = async |event: &str, payload: Value| {
        writer.send(&format!("42/notes,7{}", json!([event, payload]))).await;
        loop {
            let frame = writer.next().await.text();
            if let Some(arguments) = frame.strip_prefix("43/notes,7") {
                return serde_json::from_str::<Value>(arguments).unwrap()[0].take();
            }
        }
    };
    // One batch may skip what the next record of the same comment or note makes obsolete.
    let comment = ask("create-message", json!({ "message": "Milk" })).await["comment"].take();
    fixture.cloud.rests().await;
    assert_eq!(ask("delete-message", json!({ "id": comment["id"] })).await, json!({}));
    fixture.cloud.rests().await;
    assert_eq!(ask("edit", json!({ "update": typed("owner", "", "Milk") })).await, json!({}));
    assert_eq!(ask("cursor", json!({ "cursor": "here" })).await, json!({}));
    fixture.cloud.rests().await;
    owner.destroy("a", ("if-match", "*")).await.empty(204);

    let expected = |who: &str| {
        let mut expected = BTreeSet::new();
        for (namespace, event, places, right) in PUSHES {
            let may = match right {
                Write => ["editor", "owner"].contains(&who),
                Read | SignedIn => ["reader", "editor", "owner"].contains(&who),
            };
            let pushes = places.iter().map(|place| (*place, (*namespace).to_owned(), (*event).to_owned()));
            expected.extend(pushes.filter(|_| may));
        }
        expected
    };
    fixture.cloud.rests().await;
    for (who, listener) in &mut listeners {
        listener.read().await;
        assert_eq!(listener.heard, expected(who), "{who}");
    }
    fixture.cloud.stop().await;
}
