//! The `/home` namespace: everyone who is signed in watches the list of notes.

use std::sync::Arc;

use notes::live::{HOME, NOTETITLES, NoteTitles};
use socketio::{Error, Namespace, Refused, Socket, room_for_payload};

use crate::app::App;
use crate::visitors::signed_in;

/// Lets in who is signed in, and shows them the list.
pub(crate) fn namespace(app: Arc<App>) -> Namespace<Arc<App>> {
    Namespace::new(HOME, app).admit(admit).on_connect(show_titles)
}

async fn admit(app: Arc<App>, socket: Socket, _auth: serde_json::Value) -> Result<(), Refused> {
    signed_in(&app, &socket).await.map(drop)
}

/// The revision comes first, then the list: a push that this list misses has a higher one.
async fn show_titles(app: Arc<App>, socket: Socket) -> Result<(), Error> {
    let revision = socket.revision().await?.number();
    let titles = NoteTitles::read(&app.notes, revision, room_for_payload(HOME, NOTETITLES)).await;
    socket.emit(NOTETITLES, &titles.map_err(Error::application)?).await
}
