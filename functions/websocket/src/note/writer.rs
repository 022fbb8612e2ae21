//! Who may change a note.

use notes::{Found, Note, NoteKey, Role, Thread, Username, Writes};
use socketio::{Error, Socket};

use crate::acknowledgement::Acknowledgement;
use crate::app::App;
use crate::authentication::find;

/// Somebody who may write on the board of a note, and the note, if it was asked for and exists.
pub(super) struct Writer {
    pub(super) username: Username,
    pub(super) note: Option<Note>,
}

impl Writer {
    /// Finds the user of a socket, who must be allowed to write on the board of a thread. Otherwise returns the refusal. One
    /// request, which also reads the note with this key.
    pub(super) async fn find(
        app: &App,
        socket: &Socket,
        thread: &Thread,
        key: Option<&NoteKey>,
    ) -> Result<Result<Self, Acknowledgement>, Error> {
        let Found { session, access, note } = find(app, socket, &thread.board, key).await?;
        Ok(match (session, access) {
            (None, _) => Err(Acknowledgement::unauthenticated()),
            (_, None) => Err(Acknowledgement::no_such_board()),
            (_, Some(access)) if access.role < Role::Editor => {
                Err(Acknowledgement::failure("read-only", "You may only read this board."))
            }
            (Some(session), Some(_)) => Ok(Self { username: session.username().clone(), note }),
        })
    }

    /// Charges the writer for an event of this many bytes before it changes anything. Returns why not, if the writer has
    /// reached the quota.
    pub(super) async fn charge(&self, app: &App, bytes: usize) -> Result<Result<(), Acknowledgement>, Error> {
        let writes = Writes::one(bytes as u64);
        let charged = app.quota.charge(&self.username, writes).await.map_err(Error::application)?;
        Ok(charged.map_err(Acknowledgement::quota_reached))
    }
}
