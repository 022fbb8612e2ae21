//! The namespace `/notes`: people see a note, its comments and its other readers, write comments, and edit the text together.
//!
//! The rows of a note's room contain the data of its sockets. When one changes, this function or the stream's reads them, and sends
//! the list of readers to the room.

mod comments;
mod editing;
mod writer;

use std::sync::Arc;

use notes::live::{
    DOCUMENT, MESSAGES, Messages, NOTEDESTROYED, NOTES, NOTEUPDATED, NoteDestroyed, NoteUpdated,
    TextDocument, note_room,
};
use notes::{BoardId, CurrentNote, DocumentId, NoteKey, Role, Thread, User, Vector};
use pushes::change;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use socketio::{Error, Namespace, Reason, Refused, Socket, max_payload_bytes};

use crate::app::App;
use crate::authentication::{no_such_board, require_access};

/// Declares the namespace.
pub(crate) fn namespace(app: Arc<App>) -> Namespace<Arc<App>> {
    Namespace::new(NOTES, app)
        .authorize(authorize)
        .on_connect(show_note)
        .on_disconnect(leave)
        .on("create-message", comments::create)
        .on("cursor", editing::share_cursor)
        .on("delete-message", comments::delete)
        .on("edit", editing::edit)
}

/// The data of a socket.
#[derive(Serialize, Deserialize)]
struct Reader {
    /// The thread of its note.
    thread: Thread,
    /// Whether the user could write when the socket joined, and so gets the document. Each edit is checked again.
    edits: bool,
    /// The reader, as others in the room see it.
    #[serde(flatten)]
    user: User,
}

/// What a page has of the text when it joins.
#[derive(Deserialize)]
struct Known {
    document: Option<DocumentId>,
    vector: Option<String>,
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
    Ok(Reader { thread: Thread::of(&board, &note), edits: access.role >= Role::Editor, user })
}

/// Emits the note, its text as a document, and its comments. The socket is in the room, so that no push is missed.
async fn show_note(app: Arc<App>, socket: Socket) -> Result<(), Error> {
    let Reader { thread, edits, .. } = reader(&socket)?;
    app.pushes.present(&thread.board, &thread.key, change::of_joined(socket.id()));
    let notes = app.notes.on(&thread.board);
    let note = async {
        let note = notes.read(&thread.key).await?;
        let Some(note) = note.filter(|note| Thread::of(&thread.board, note) == thread) else {
            return Ok(None);
        };
        // The document is read after the note, which has the text that it began with.
        let document = app.documents.open(&note).await?;
        Ok(Some((note, document)))
    };
    let messages = Messages::read(&app.comments, &thread, max_payload_bytes(NOTES, MESSAGES));
    let (note, messages) = tokio::try_join!(note, messages).map_err(Error::application)?;
    let Thread { board, key, .. } = thread;
    let Some((note, document)) = note else {
        return socket.emit(NOTEDESTROYED, &NoteDestroyed { board, key }).await;
    };
    let CurrentNote { note, .. } = CurrentNote::new(&note, &document);
    let id = note.document.clone();
    let update = NoteUpdated::fitting(&board, note, max_payload_bytes(NOTES, NOTEUPDATED));
    socket.emit(NOTEUPDATED, &update).await?;
    if edits {
        let update = Some(document.missing(&known(&socket, &id)).map_err(Error::application)?);
        let text = TextDocument { board, key, document: id, update };
        socket.emit(DOCUMENT, &text.fitting(max_payload_bytes(NOTES, DOCUMENT))).await?;
    }
    socket.emit(MESSAGES, &messages).await
}

/// Shows the others in the room that a reader has left.
async fn leave(app: Arc<App>, socket: Socket, _: Reason) -> Result<(), Error> {
    let thread = thread_of(&socket)?;
    app.pushes.present(&thread.board, &thread.key, change::of_left(socket.id()));
    Ok(())
}

/// Returns what the page has of a document, as its request to join says. It may have another document, or none.
fn known(socket: &Socket, document: &DocumentId) -> Vector {
    let known = socket.auth().filter(|known: &Known| known.document.as_ref() == Some(document));
    let vector = known.and_then(|known| known.vector);
    vector.and_then(|vector| Vector::parse(&vector).ok()).unwrap_or_default()
}

/// Returns the data of a socket.
fn reader(socket: &Socket) -> Result<Reader, Error> {
    socket.data().ok_or_else(|| Error::application("a socket of a note without its thread"))
}

/// Returns the thread of a socket's note.
fn thread_of(socket: &Socket) -> Result<Thread, Error> {
    Ok(reader(socket)?.thread)
}
