//! Editing the text of a note together.
//!
//! An edit is stored, then posted to the others in the room, then acknowledged. A function that dies before the
//! acknowledgement makes the page send the edit again, which is harmless. A function that dies before the posts leaves them to
//! the function that merges edits, which repeats them.

use std::sync::Arc;

use notes::live::{CURSOR, Cursor, EDIT, Sender, TextEdit, note_room};
use notes::{Edit, EditError, Invalid, Thread, User};
use serde_json::Value;
use socketio::{Error, Socket};

use super::writer::Writer;
use super::{Reader, reader, thread_of};
use crate::acknowledgement::Acknowledgement;
use crate::app::App;

/// The most bytes of a description of a cursor.
const LONGEST_CURSOR: usize = 1024;

/// Handles `edit {update, cursor?}`. It reads session, membership and note in one request, writes the edit, reads the room, and
/// posts to each of the others.
pub(super) async fn edit(app: Arc<App>, socket: Socket, event: Value) -> Result<Acknowledgement, Error> {
    let thread = thread_of(&socket)?;
    let writer = match Writer::find(&app, &socket, &thread, Some(&thread.key)).await? {
        Ok(writer) => writer,
        Err(refusal) => return Ok(refusal),
    };
    let note = writer.note.as_ref().filter(|note| Thread::of(&thread.board, note) == thread);
    let Some(note) = note else {
        return Ok(Acknowledgement::failure("no-such-note", "There is no such note."));
    };
    let edit = match Edit::parse_in_a_frame(event["update"].as_str().unwrap_or_default()) {
        Ok(edit) => edit,
        Err(Invalid::TooLarge(_)) => {
            return Ok(too_large("The edit has more than 16 KiB. Send it over HTTP."));
        }
        Err(_) => return Ok(malformed("The update must be one of Yjs for a text, in base64.")),
    };
    if let Err(refusal) = writer.charge(&app, edit.length()).await? {
        return Ok(refusal);
    }
    match app.documents.append(&thread.board, note, &edit, &writer.username, Some(socket.id())).await {
        Ok(()) => {}
        Err(EditError::NotYours) => return Ok(malformed("The update must contain only your own edits.")),
        Err(EditError::Full) => return Ok(too_large("The text must be at most 256 KiB.")),
        Err(EditError::Store(error)) => return Err(Error::application(error)),
    }
    let room = note_room(&thread.board, &thread.key);
    let from = Some(Sender { socket: socket.id().to_owned(), username: writer.username.clone() });
    let push = TextEdit::new(thread.board, thread.key, note.document.clone(), &edit);
    let push = TextEdit { from, cursor: cursor_of(&event), ..push };
    // The edit is stored. The function that merges it posts it again.
    if let Err(error) = socket.to(room).emit(EDIT, &push).await {
        tracing::warn!(%error, "an edit was not posted to the others: {error}");
    }
    Ok(Acknowledgement::default())
}

/// Handles `cursor {cursor}`: shows the others in the room where somebody is. Nothing is stored, and nothing is repeated.
pub(super) async fn share_cursor(
    _: Arc<App>,
    socket: Socket,
    event: Value,
) -> Result<Acknowledgement, Error> {
    let Reader { thread, user: User { username, .. }, .. } = reader(&socket)?;
    let room = note_room(&thread.board, &thread.key);
    let from = Sender { socket: socket.id().to_owned(), username };
    let cursor = Cursor { board: thread.board, key: thread.key, from, cursor: cursor_of(&event) };
    socket.to(room).volatile().emit(CURSOR, &cursor).await?;
    Ok(Acknowledgement::default())
}

/// Returns the cursor of an event. One that is too long is left out.
fn cursor_of(event: &Value) -> Option<String> {
    event["cursor"].as_str().filter(|cursor| cursor.len() <= LONGEST_CURSOR).map(str::to_owned)
}

fn malformed(message: &'static str) -> Acknowledgement {
    Acknowledgement::failure("malformed-update", message)
}

fn too_large(message: &'static str) -> Acknowledgement {
    Acknowledgement::failure("too-large", message)
}
