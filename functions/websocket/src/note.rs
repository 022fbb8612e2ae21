//! The namespace `/notes`: readers see a note, its comments and its other readers, and write comments.
//!
//! The rows of a note's room contain the data of its sockets. When one changes, the stream's function reads them, and
//! sends the list of readers to the room.

use std::sync::Arc;

use notes::live::{
    MESSAGES, Messages, NOTEDESTROYED, NOTES, NOTEUPDATED, NoteDestroyed, NoteUpdated, note_room,
};
use notes::{
    BoardId, CommentId, CreateCommentError, DeleteCommentError, Found, Message, NoteKey, Role, StoreError,
    Thread, User, Username, Writes,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use socketio::{Error, Namespace, Refused, Socket, max_payload_bytes};

use crate::acknowledgement::{Acknowledgement, FieldErrors};
use crate::app::App;
use crate::authentication::{find, no_such_board, require_access};

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
    let text = |name: &str| auth[name].as_str();
    let key = text("key").and_then(|key| NoteKey::parse(key).ok());
    let key = key.ok_or_else(|| Refused::new("Name the note: {auth: {board, key}}.", "invalid-key"))?;
    let board = text("board").and_then(|board| BoardId::parse(board).ok()).ok_or_else(no_such_board)?;
    let (session, access, note) = require_access(&app, &socket, &board, Some(&key)).await?;
    let note = note.ok_or_else(|| Refused::new("There is no such note.", "no-such-note"))?;
    let user = session.user();
    let is_allowed = app.lookup.still_has_access(&user.username, &access).map_err(Error::application)?;
    socket.join_if(&note_room(&board, &key), is_allowed).await?;
    // The stream function finds readers who lose access in this room.
    socket.join(board.as_str()).await?;
    Ok(Reader { thread: Thread::of(&board, &note), user })
}

/// Emits the note and its comments. The socket is in the room, so that no push is missed.
async fn show_note(app: Arc<App>, socket: Socket) -> Result<(), Error> {
    let thread = thread_of(&socket)?;
    let notes = app.notes.on(&thread.board);
    let note = async { notes.read(&thread.key).await };
    let messages = Messages::read(&app.comments, &thread, max_payload_bytes(NOTES, MESSAGES));
    let (note, messages) = tokio::try_join!(note, messages).map_err(Error::application)?;
    let Some(note) = note.filter(|note| Thread::of(&thread.board, note) == thread) else {
        let Thread { board, key, .. } = thread;
        return socket.emit(NOTEDESTROYED, &NoteDestroyed { board, key }).await;
    };
    let update = NoteUpdated::fitting(&thread.board, note, max_payload_bytes(NOTES, NOTEUPDATED));
    socket.emit(NOTEUPDATED, &update).await?;
    socket.emit(MESSAGES, &messages).await
}

/// Returns the user of a socket if that user may write on the board of the note, or else the refusal.
async fn writer(
    app: &App,
    socket: &Socket,
    board: &BoardId,
) -> Result<Result<Username, Acknowledgement>, Error> {
    let Found { session, access, .. } = find(app, socket, board, None).await?;
    Ok(match (session, access) {
        (None, _) => Err(Acknowledgement::unauthenticated()),
        (_, None) => Err(Acknowledgement::no_such_board()),
        (_, Some(access)) if access.role < Role::Editor => {
            Err(Acknowledgement::failure("read-only", "You may only read this board."))
        }
        (Some(session), Some(_)) => Ok(session.username().clone()),
    })
}

/// Charges a writer for an event before it changes anything. Returns why not, if the writer has reached the quota.
async fn charge(app: &App, writer: &Username, event: &Value) -> Result<Result<(), Acknowledgement>, Error> {
    let bytes = event["message"].as_str().map_or(0, str::len);
    let charged = app.quota.charge(writer, Writes::one(bytes as u64)).await.map_err(Error::application)?;
    Ok(charged.map_err(Acknowledgement::quota_reached))
}

/// Handles `create-message {message, idempotencyKey?}`. The author is the session's user, whatever the event says.
///
/// A client that repeats the event, because no acknowledgement came, sends the same key: a `UUIDv7`, which becomes the
/// comment's id.
async fn create_message(app: Arc<App>, socket: Socket, event: Value) -> Result<Acknowledgement, Error> {
    let thread = thread_of(&socket)?;
    let writer = match writer(&app, &socket, &thread.board).await? {
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
    if let Err(refusal) = charge(&app, &writer, &event).await? {
        return Ok(refusal);
    }
    match app.comments.create(&thread, &id, &message, &writer).await {
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
    let writer = match writer(&app, &socket, &thread.board).await? {
        Ok(writer) => writer,
        Err(refusal) => return Ok(refusal),
    };
    let not_found = || Acknowledgement::failure("not-found", "There is no such comment.");
    let Some(id) = event["id"].as_str().and_then(|id| CommentId::parse(id).ok()) else {
        return Ok(not_found());
    };
    if let Err(refusal) = charge(&app, &writer, &event).await? {
        return Ok(refusal);
    }
    match app.comments.delete(&thread, &id, &writer).await {
        Ok(()) => Ok(Acknowledgement::default()),
        Err(DeleteCommentError::NotFound) => Ok(not_found()),
        Err(DeleteCommentError::Forbidden) => Ok(Acknowledgement::failure(
            "forbidden",
            "Only the author of the comment or of the note may delete it.",
        )),
        Err(DeleteCommentError::Store(error)) => Err(Error::application(error)),
    }
}

/// Returns the thread of a socket's note.
fn thread_of(socket: &Socket) -> Result<Thread, Error> {
    let reader: Option<Reader> = socket.data();
    Ok(reader.ok_or_else(|| Error::application("a socket of a note without its thread"))?.thread)
}
