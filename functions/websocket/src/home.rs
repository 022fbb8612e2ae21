//! The `/home` namespace: everyone who is signed in watches the list of notes.

use notes::{HOME, NOTETITLES, NoteTitles, NotesStore, SessionId, Sessions};
use socketio::{BoxFuture, ConnectError, Error, Namespace, Socket, room_for_payload};

/// Lets in who is signed in, and shows them the list.
pub(crate) struct Home {
    notes: NotesStore,
    sessions: Sessions,
}

impl Home {
    pub(crate) fn new(notes: NotesStore, sessions: Sessions) -> Self {
        Self { notes, sessions }
    }

    /// Whether the session behind a socket lives. It did when the connection was opened, and may have ended since.
    async fn is_signed_in(&self, socket: &Socket) -> Result<bool, Error> {
        let Some(id) = socket.session().and_then(|id| SessionId::parse(id).ok()) else { return Ok(false) };
        Ok(self.sessions.find_by_id(&id).await.map_err(Error::application)?.is_some())
    }

    /// The revision comes first, then the list: a push that this list misses has a higher one.
    async fn show_titles(&self, socket: &Socket) -> Result<(), Error> {
        let revision = socket.revision().await?.number();
        let titles = NoteTitles::read(&self.notes, revision, room_for_payload(HOME, NOTETITLES)).await;
        socket.emit(NOTETITLES, &titles.map_err(Error::application)?).await
    }
}

impl Namespace for Home {
    fn admit<'a>(&'a self, socket: &'a Socket) -> BoxFuture<'a, Result<Result<(), ConnectError>, Error>> {
        Box::pin(async {
            Ok(if self.is_signed_in(socket).await? {
                Ok(())
            } else {
                // Nor would any other namespace have it.
                Err(ConnectError::new("Sign in first.", "unauthenticated").closing())
            })
        })
    }

    fn connected<'a>(&'a self, socket: &'a Socket) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(self.show_titles(socket))
    }
}
