//! Somebody who reads a note live, and comments on it, in raw frames.

use std::collections::VecDeque;

use serde_json::{Value, json};

use super::{Frame, Socket, TestCloud, Visitor};

/// Somebody in `/notes`, who has read what they were sent on joining.
pub struct Reader {
    socket: Socket,
    /// The note that they joined with.
    pub note: Value,
    /// What `messages` told them.
    pub messages: Value,
    /// Who reads the note, as `presence` told them last: as a page does, they ignore one of a lower revision.
    pub presence: Value,
    /// The highest version that they were shown: as a page does, they ignore those up to it.
    version: u64,
    /// What was pushed while they waited for something else.
    pushed: VecDeque<String>,
}

impl Reader {
    /// Joins `/notes` for a note.
    pub async fn join(cloud: &TestCloud, visitor: &Visitor, key: &str) -> Self {
        let mut socket = cloud.socket(visitor).await;
        socket.expect("0").await;
        Self::join_on(socket, key).await
    }

    /// Joins `/notes` for a note, on a connection that was greeted.
    pub async fn join_on(mut socket: Socket, key: &str) -> Self {
        socket.send(&format!("40/notes,{}", json!({ "key": key }))).await;
        socket.expect("40/notes,").await;
        let (note, messages, presence) = (Value::Null, Value::Null, Value::Null);
        let mut reader = Self { socket, note, messages, presence, version: 0, pushed: VecDeque::new() };
        reader.note = reader.event("noteupdated").await["note"].take();
        reader.messages = reader.event("messages").await;
        reader.sees(|presence| !presence.is_null()).await;
        reader
    }

    /// Sends a frame.
    pub async fn send(&mut self, text: &str) {
        self.socket.send(text).await;
    }

    /// The next frame that was pushed. A note of a version that was shown already is passed over: the record of a
    /// write before the join may come after it.
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

    /// The next event is this one; gives its payload.
    pub async fn event(&mut self, name: &str) -> Value {
        let text = self.pushed().await;
        let event = text.strip_prefix("42/notes,").unwrap_or_else(|| panic!("{name} expected, {text} came"));
        let mut event: Value = serde_json::from_str(event).unwrap();
        assert_eq!(event[0], name, "{event}");
        event[1].take()
    }

    /// Emits an event to be acknowledged, and gives the acknowledgement's one argument.
    pub async fn ask(&mut self, name: &str, payload: Value) -> Value {
        self.send(&format!("42/notes,7{}", json!([name, payload]))).await;
        self.acknowledged().await
    }

    /// The acknowledgement of event 7.
    pub async fn acknowledged(&mut self) -> Value {
        loop {
            let text = self.next().await.text();
            let Some(answer) = text.strip_prefix("43/notes,7") else {
                self.pushed.push_back(text);
                continue;
            };
            let mut answer: Value = serde_json::from_str(answer).unwrap();
            assert_eq!(answer.as_array().unwrap().len(), 1, "{answer}");
            return answer[0].take();
        }
    }

    /// Writes a comment, waits until it was pushed, and gives it. Those of others are passed over.
    pub async fn comment(&mut self, message: &str) -> Value {
        let comment = self.ask("create-message", json!({ "message": message })).await["comment"].take();
        let pushed = json!({ "message": comment });
        while self.event("newmessage").await != pushed {}
        comment
    }

    /// Asks to delete a comment.
    pub async fn delete(&mut self, comment: &Value) -> Value {
        self.ask("delete-message", json!({ "id": comment["id"] })).await
    }

    /// The next frame, whatever it is but for who reads the note: that comes when it comes, and is kept.
    pub async fn next(&mut self) -> Frame {
        loop {
            let frame = self.socket.next().await;
            if !self.keep_presence(&frame) {
                return frame;
            }
        }
    }

    /// Waits until who reads the note is as wanted. What else is pushed meanwhile is kept for later.
    pub async fn sees(&mut self, wanted: impl Fn(&Value) -> bool) {
        while !wanted(&self.presence) {
            let frame = self.socket.next().await;
            if !self.keep_presence(&frame) {
                self.pushed.push_back(frame.text());
            }
        }
    }

    /// Waits until these people read the note, by their usernames in order, and nobody else.
    pub async fn sees_people(&mut self, usernames: &[&str]) {
        self.sees(|presence| {
            let people = presence["people"].as_array().into_iter().flatten();
            people.map(|person| &person["username"]).eq(usernames.iter().copied())
        })
        .await;
    }

    fn keep_presence(&mut self, frame: &Frame) -> bool {
        let Frame::Text(text) = frame else { return false };
        let Some(presence) = text.strip_prefix(r#"42/notes,["presence","#) else { return false };
        let presence: Value = serde_json::from_str(presence.strip_suffix(']').unwrap()).unwrap();
        if self.presence.is_null() || presence["revision"].as_u64() >= self.presence["revision"].as_u64() {
            self.presence = presence;
        }
        true
    }

    /// Leaves, as a page that is closed does.
    pub async fn leave(self) {
        self.socket.leave().await;
    }
}
