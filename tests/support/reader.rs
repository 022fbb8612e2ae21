//! A reader of a note: a socket in `/notes` that receives changes and writes comments, in raw frames.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::{Frame, Socket, TestCloud, TestUser};

/// A socket in `/notes` that has received everything that joining sends.
pub struct Reader {
    socket: Socket,
    /// The note as it was on joining.
    pub note: Value,
    /// The payload of `document`: the text that the page may edit.
    pub document: Value,
    /// The payload of `messages`.
    pub messages: Value,
    /// The newest payload of `presence`. Like a page, it ignores a lower revision.
    pub presence: Value,
    /// The highest version received. Like a page, it ignores older ones.
    version: u64,
    /// The frames that came during other waits.
    pushed: VecDeque<String>,
}

impl Reader {
    /// Joins `/notes` for a note.
    pub async fn join(cloud: &TestCloud, user: &TestUser, key: &str) -> Self {
        let mut socket = cloud.socket(user).await;
        socket.expect("0").await;
        Self::join_on(socket, key).await
    }

    /// Joins `/notes` for a note, on a connection that has received its open packet.
    pub async fn join_on(socket: Socket, key: &str) -> Self {
        Self::join_with(socket, json!({ "board": "team", "key": key })).await
    }

    /// Joins `/notes` with this auth payload.
    pub async fn join_with(mut socket: Socket, auth: Value) -> Self {
        socket.send(&format!("40/notes,{auth}")).await;
        let (note, document, messages, presence) = (Value::Null, Value::Null, Value::Null, Value::Null);
        let mut reader =
            Self { socket, note, document, messages, presence, version: 0, pushed: VecDeque::new() };
        // The list of readers may arrive before this: the row of the socket is written first.
        let joined = reader.next().await.text();
        assert!(joined.starts_with("40/notes,"), "expected 40/notes,..., received {joined}");
        reader.note = reader.event("noteupdated").await["note"].take();
        // Only a user who may write gets the document.
        let text = reader.pushed().await;
        if text.starts_with(r#"42/notes,["document","#) {
            reader.document = payload(&text, "document");
            reader.messages = reader.event("messages").await;
        } else {
            reader.messages = payload(&text, "messages");
        }
        reader.sees(|presence| !presence.is_null()).await;
        reader
    }

    /// Sends a frame.
    pub async fn send(&mut self, text: &str) {
        self.socket.send(text).await;
    }

    /// Returns the next pushed frame. Skips versions of the note that were received already: the record of a write
    /// before the join may arrive after it.
    pub async fn pushed(&mut self) -> String {
        loop {
            let text = match self.pushed.pop_front() {
                Some(text) => text,
                None => self.next().await.text(),
            };
            let Some(update) = text.strip_prefix(r#"42/notes,["noteupdated","#) else { return text };
            let update: Value = serde_json::from_str(update.strip_suffix(']').unwrap()).unwrap();
            let version = update["note"]["version"].as_u64().unwrap();
            if version > self.version {
                self.version = version;
                return text;
            }
        }
    }

    /// Asserts the name of the next event, and returns its payload.
    pub async fn event(&mut self, name: &str) -> Value {
        payload(&self.pushed().await, name)
    }

    /// Emits an event with an acknowledgement, and returns the acknowledgement's one argument.
    pub async fn ask(&mut self, name: &str, payload: Value) -> Value {
        self.send(&format!("42/notes,7{}", json!([name, payload]))).await;
        self.acknowledged().await
    }

    /// Returns the argument of the acknowledgement with id 7.
    pub async fn acknowledged(&mut self) -> Value {
        loop {
            let text = self.next().await.text();
            let Some(arguments) = text.strip_prefix("43/notes,7") else {
                self.pushed.push_back(text);
                continue;
            };
            let mut arguments: Value = serde_json::from_str(arguments).unwrap();
            assert_eq!(arguments.as_array().unwrap().len(), 1, "{arguments}");
            return arguments[0].take();
        }
    }

    /// Writes a comment, waits until it is pushed, and returns it. Skips the comments of others.
    pub async fn comment(&mut self, message: &str) -> Value {
        let comment = self.ask("create-message", json!({ "message": message })).await["comment"].take();
        while self.event("newmessage").await["message"] != comment {}
        comment
    }

    /// Deletes a comment, and returns the acknowledgement.
    pub async fn delete(&mut self, comment: &Value) -> Value {
        self.ask("delete-message", json!({ "id": comment["id"] })).await
    }

    /// Returns the next frame. Stores `presence`, which may arrive at any time, and skips it.
    pub async fn next(&mut self) -> Frame {
        loop {
            let frame = self.socket.next().await;
            if !self.store_presence(&frame) {
                return frame;
            }
        }
    }

    /// Skips frames until the end.
    pub async fn closed(&mut self) {
        self.socket.closed().await;
    }

    /// Waits for a matching `presence`. Queues other frames.
    pub async fn sees(&mut self, wanted: impl Fn(&Value) -> bool) {
        while !wanted(&self.presence) {
            let frame = self.socket.next().await;
            if !self.store_presence(&frame) {
                self.pushed.push_back(frame.text());
            }
        }
    }

    /// Waits until the readers of the note are exactly these usernames, in order.
    pub async fn sees_people(&mut self, usernames: &[&str]) {
        self.sees(|presence| {
            let people = presence["people"].as_array().into_iter().flatten();
            people.map(|person| &person["username"]).eq(usernames.iter().copied())
        })
        .await;
    }

    /// Stores a `presence` event, and returns whether the frame was one.
    fn store_presence(&mut self, frame: &Frame) -> bool {
        let Frame::Text(text) = frame else { return false };
        let Some(presence) = text.strip_prefix(r#"42/notes,["presence","#) else { return false };
        let presence: Value = serde_json::from_str(presence.strip_suffix(']').unwrap()).unwrap();
        if self.presence.is_null() || presence["revision"].as_u64() >= self.presence["revision"].as_u64() {
            self.presence = presence;
        }
        true
    }

    /// Closes the connection, as closing a page does.
    pub async fn leave(self) {
        self.socket.leave().await;
    }
}

/// Asserts the name of an event, and returns its payload.
fn payload(text: &str, name: &str) -> Value {
    let event = text.strip_prefix("42/notes,").unwrap_or_else(|| panic!("expected {name}, received {text}"));
    let mut event: Value = serde_json::from_str(event).unwrap();
    assert_eq!(event[0], name, "{event}");
    event[1].take()
}
