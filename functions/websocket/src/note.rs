//! The namespace `/notes`: readers see a note, its comments and its other readers, and write comments.
//!
//! The rows of a note's room contain the data of its sockets. When one changes, the stream's function reads them, and
//! sends the list of readers to the room.

use std::sync::Arc;

use notes::live::{MESSAGES, Messages, NOTEDESTROYED, NOTES, NOTEUPDATED, NoteDestroyed, NoteUpdated};
use notes::{
    Comment, CommentId, CreateCommentError, DeleteCommentError, Message, NoteKey, StoreError, Thread, User,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use socketio::{Error, Namespace, Refused, Socket, max_payload_bytes};

use crate::app::App;
use crate::authentication::{require_session, session};

/// Declares the namespace.
pub(crate) fn namespace(app: Arc<App>) -> Namespace<Arc<App>> {
    Namespace::new(NOTES, app)
        .authorize(authorize)
        .on_connect(show_note)
        .on("create-message", create_message)
        .on("delete-message", delete_message)
}

/// The data of a socket.
#[derive(Serialize, Deserialize)]
struct Reader {
    /// The thread of its note.
    thread: Thread,
    /// The reader, as others in the room see it.
    #[serde(flatten)]
    user: User,
}

async fn authorize(app: Arc<App>, socket: Socket, auth: Value) -> Result<Reader, Refused> {
    let user = require_session(&app, &socket).await?.user();
    let key = auth["key"].as_str().and_then(|key| NoteKey::parse(key).ok());
    let key = key.ok_or_else(|| Refused::new("Say which note: {auth: {key}}.", "invalid-key"))?;
    let note = app.notes.read(&key).await.map_err(Error::application)?;
    let note = note.ok_or_else(|| Refused::new("There is no such note.", "no-such-note"))?;
    Ok(Reader { thread: Thread::of(&note), user })
}

/// Joins the room, then emits the note and its comments. In this order, no push is missed.
async fn show_note(app: Arc<App>, socket: Socket) -> Result<(), Error> {
    let thread = thread_of(&socket)?;
    socket.join(thread.key.as_str()).await?;
    let note = async { app.notes.read(&thread.key).await };
    let messages = Messages::read(&app.comments, &thread, max_payload_bytes(NOTES, MESSAGES));
    let (note, messages) = tokio::try_join!(note, messages).map_err(Error::application)?;
    let Some(note) = note.filter(|note| Thread::of(note) == thread) else {
        return socket.emit(NOTEDESTROYED, &NoteDestroyed { key: thread.key }).await;
    };
    let update = NoteUpdated::fitting(note, max_payload_bytes(NOTES, NOTEUPDATED));
    socket.emit(NOTEUPDATED, &update).await?;
    socket.emit(MESSAGES, &messages).await
}

/// The acknowledgement of an event. It is `{}` after a success without a result.
#[derive(Default, Serialize)]
struct Acknowledgement {
    #[serde(skip_serializing_if = "Option::is_none")]
    comment: Option<Comment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    errors: Option<FieldErrors>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<Failure>,
}

/// The errors of an event's fields.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct FieldErrors {
    #[serde(skip_serializing_if = "Option::is_none")]
    idempotency_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
}

/// An error with a code for programs and a message for people.
#[derive(Serialize)]
struct Failure {
    code: &'static str,
    message: &'static str,
}

impl Acknowledgement {
    fn comment(comment: Comment) -> Self {
        Self { comment: Some(comment), ..Self::default() }
    }

    fn failure(code: &'static str, message: &'static str) -> Self {
        Self { error: Some(Failure { code, message }), ..Self::default() }
    }

    fn wrong(errors: FieldErrors) -> Self {
        Self { errors: Some(errors), ..Self::default() }
    }

    fn wrong_key(key: &str) -> Self {
        Self::wrong(FieldErrors { idempotency_key: Some(key.to_owned()), message: None })
    }

    fn unauthenticated() -> Self {
        Self::failure("unauthenticated", "Sign in first.")
    }
}

/// Handles `create-message {message, idempotencyKey?}`. The author is the session's user, whatever the event says.
///
/// A client that repeats the event, because no acknowledgement came, sends the same key: a `UUIDv7`, which becomes the
/// comment's id.
async fn create_message(app: Arc<App>, socket: Socket, event: Value) -> Result<Acknowledgement, Error> {
    let thread = thread_of(&socket)?;
    let Some(session) = session(&app, &socket).await? else { return Ok(Acknowledgement::unauthenticated()) };
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
    match app.comments.create(&thread, &id, &message, session.username()).await {
        Ok(comment) => Ok(Acknowledgement::comment(comment)),
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
async fn delete_message(app: Arc<App>, socket: Socket, event: Value) -> Result<Acknowledgement, Error> {
    let thread = thread_of(&socket)?;
    let Some(session) = session(&app, &socket).await? else { return Ok(Acknowledgement::unauthenticated()) };
    let not_found = || Acknowledgement::failure("not-found", "There is no such comment.");
    let Some(id) = event["id"].as_str().and_then(|id| CommentId::parse(id).ok()) else {
        return Ok(not_found());
    };
    match app.comments.delete(&thread, &id, session.username()).await {
        Ok(()) => Ok(Acknowledgement::default()),
        Err(DeleteCommentError::NotFound) => Ok(not_found()),
        Err(DeleteCommentError::Forbidden) => {
            Ok(Acknowledgement::failure("forbidden", "Only who wrote the comment or the note may delete it."))
        }
        Err(DeleteCommentError::Store(error)) => Err(Error::application(error)),
    }
}

/// Returns the thread of a socket's note.
fn thread_of(socket: &Socket) -> Result<Thread, Error> {
    let reader: Option<Reader> = socket.data();
    Ok(reader.ok_or_else(|| Error::application("a socket of a note without its thread"))?.thread)
}
