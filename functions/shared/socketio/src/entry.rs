//! The rooms and conditions that are written together with a joining socket.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::types::ConditionCheck;

use crate::room::Room;

/// The rooms that a namespace's `authorize` chose for a socket, and its conditions. They are written in one transaction
/// with the socket's row. It is cheap to clone, and clones share their content.
#[derive(Debug, Clone, Default)]
pub(crate) struct Entry(Arc<Mutex<Content>>);

#[derive(Debug, Clone, Default)]
struct Content {
    rooms: Vec<Room>,
    conditions: Vec<ConditionCheck>,
}

impl Entry {
    pub(crate) fn add(&self, room: Room, condition: Option<ConditionCheck>) {
        let mut content = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !content.rooms.contains(&room) {
            content.rooms.push(room);
        }
        // A transaction takes each row once.
        if let Some(condition) = condition.filter(|condition| !content.conditions.contains(condition)) {
            content.conditions.push(condition);
        }
    }

    /// Returns the rooms and the conditions.
    pub(crate) fn content(&self) -> (Vec<Room>, Vec<ConditionCheck>) {
        let Content { rooms, conditions } = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        (rooms, conditions)
    }
}
