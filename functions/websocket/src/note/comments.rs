//! Comments on a note.

use std::sync::Arc;

use notes::{CommentEvent, CommentId, CreateCommentError, DeleteCommentError, Message, StoreError};
use serde_json::Value;
use socketio::{Error, Socket};

use super::thread_of;
use super::writer::Writer;
use crate::acknowledgement::{Acknowledgement, FieldErrors};
use crate::app::App;

/// Handles `create-message {message, idempotencyKey?}`. The author is the session's user, whatever the event says.
///
/// A client that repeats the event, because no acknowledgement came, sends the same key: a `UUIDv7`, which becomes the
/// comment's id.
pub(super) async fn create(app: Arc<App>, socket: Socket, event: Value) -> Result<Acknowledgement, Error> {
    let thread = thread_of(&socket)?;
    let writer = match Writer::find(&app, &socket, &thread, None).await? {
        Ok(writer) => writer,
        Err(refusal) => return Ok(refusal),
    };
    let message = match &event["message"] {
        Value::String(text) => Message::parse(text).map_err(|invalid| invalid.to_string()),
        Value::Null => Err("is missing".to_owned()),
        _ => Err("must be a string".to_owned()),
    };
    let id = match &event["idempotencyKey"] {
        Value::Null => Ok(CommentId::generate()),
        key => CommentId::parse(key.as_str().unwrap_or_default()).map_err(|_| "must be a UUIDv7".to_owned()),
    };
    let (message, id) = match (message, id) {
        (Ok(message), Ok(id)) => (message, id),
        (message, id) => {
            return Ok(Acknowledgement::wrong(FieldErrors {
                idempotency_key: id.err(),
                message: message.err(),
            }));
        }
    };
    let bytes = event["message"].as_str().map_or(0, str::len);
    if let Err(refusal) = writer.charge(&app, bytes).await? {
        return Ok(refusal);
    }
    match app.comments.create(&thread, &id, &message, &writer.username).await {
        Ok(comment) => {
            app.pushes.comment(|| CommentEvent::Created(thread, comment.clone()));
            Ok(Acknowledgement::comment(comment))
        }
        Err(CreateCommentError::NoNote) => {
            Ok(Acknowledgement::failure("not-found", "There is no such note."))
        }
        Err(CreateCommentError::IdTaken) => Ok(Acknowledgement::wrong_key("is another comment's")),
        Err(CreateCommentError::OtherTime) => Ok(Acknowledgement::wrong_key("must be made just now")),
        Err(CreateCommentError::Store(StoreError::Full(error))) => {
            tracing::error!(error, "a note has no room for comments: {error}");
            let message = "This note has no room for more comments (10 GB). Delete some, then try again.";
            Ok(Acknowledgement::failure("full", message))
        }
        Err(CreateCommentError::Store(error)) => Err(Error::application(error)),
    }
}

/// Handles `delete-message {id}`. The authors of the comment and of the note may delete it.
pub(super) async fn delete(app: Arc<App>, socket: Socket, event: Value) -> Result<Acknowledgement, Error> {
    let thread = thread_of(&socket)?;
    let writer = match Writer::find(&app, &socket, &thread, None).await? {
        Ok(writer) => writer,
        Err(refusal) => return Ok(refusal),
    };
    let not_found = || Acknowledgement::failure("not-found", "There is no such comment.");
    let Some(id) = event["id"].as_str().and_then(|id| CommentId::parse(id).ok()) else {
        return Ok(not_found());
    };
    if let Err(refusal) = writer.charge(&app, 0).await? {
        return Ok(refusal);
    }
    match app.comments.delete(&thread, &id, &writer.username).await {
        Ok(()) => {
            app.pushes.comment(|| CommentEvent::Destroyed(thread, id));
            Ok(Acknowledgement::default())
        }
        Err(DeleteCommentError::NotFound) => Ok(not_found()),
        Err(DeleteCommentError::Forbidden) => Ok(Acknowledgement::failure(
            "forbidden",
            "Only the author of the comment or of the note may delete it.",
        )),
        Err(DeleteCommentError::Store(error)) => Err(Error::application(error)),
    }
}
