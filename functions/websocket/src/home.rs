//! The namespace `/home`: signed-in users see the list of notes.

use std::sync::Arc;

use notes::live::{HOME, NOTETITLES, NoteTitles};
use socketio::{Error, Namespace, Refused, Socket, max_payload_bytes};

use crate::app::App;
use crate::authentication::require_session;

/// Declares the namespace.
pub(crate) fn namespace(app: Arc<App>) -> Namespace<Arc<App>> {
    Namespace::new(HOME, app).authorize(authorize).on_connect(show_titles)
}

async fn authorize(app: Arc<App>, socket: Socket, _auth: serde_json::Value) -> Result<(), Refused> {
    require_session(&app, &socket).await.map(drop)
}

/// Emits the list. It reads the revision before the list, so that a later push has a higher one.
async fn show_titles(app: Arc<App>, socket: Socket) -> Result<(), Error> {
    let revision = socket.revision().await?.number();
    let titles = NoteTitles::read(&app.notes, revision, max_payload_bytes(HOME, NOTETITLES)).await;
    socket.emit(NOTETITLES, &titles.map_err(Error::application)?).await
}
