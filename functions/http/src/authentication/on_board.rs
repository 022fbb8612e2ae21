//! The user who sends a request, and the access to the board and the note that its path names.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use notes::{Access, Board, BoardId, Found, Note, NoteKey, Role, Session, Username, Writes};

use super::quota::{LARGE_READ, charge, charge_change};
use super::{Client, SignedIn};
use crate::app::App;
use crate::problem::{Kind, Problem};
use crate::request::{NoteKeyInPath, PathValues};

/// A signed-in user's access to the board in the path.
pub(crate) struct OnBoard {
    session: Session,
    access: Access,
}

impl OnBoard {
    /// Returns the user's name.
    pub(crate) fn username(&self) -> &Username {
        self.session.username()
    }

    /// Returns the board.
    pub(crate) fn board(&self) -> &Board {
        &self.access.board
    }

    /// Returns the board's id.
    pub(crate) fn id(&self) -> &BoardId {
        &self.access.board.id
    }

    /// Returns the access.
    pub(crate) fn access(&self) -> &Access {
        &self.access
    }

    /// Charges the user for a read of many rows. Returns 429 if the user has reached the quota.
    pub(crate) async fn charge_large_read(&self, app: &App) -> Result<(), Problem> {
        charge(app, &self.session, LARGE_READ).await
    }

    /// Charges the user for more than one write. Returns 429 if the user has reached the quota.
    pub(crate) async fn charge(&self, app: &App, writes: Writes) -> Result<(), Problem> {
        charge(app, &self.session, writes).await
    }

    /// Returns 403 unless the user may write on the board.
    fn require_editor(&self) -> Result<(), Problem> {
        if self.access.role >= Role::Editor { Ok(()) } else { Err(Problem::new(Kind::ReadOnly)) }
    }

    /// Returns whether the user owns the board. Administrators own every board of the team, which takes one request to find
    /// out.
    pub(crate) async fn is_owner(&self, app: &App) -> Result<bool, Problem> {
        Ok(self.access.role == Role::Owner
            || self.board().is_team() && app.people.is_administrator(self.username()).await?)
    }

    /// Returns 403 unless the user owns the board.
    pub(crate) async fn require_owner(&self, app: &App) -> Result<(), Problem> {
        if self.is_owner(app).await? { Ok(()) } else { Err(Problem::new(Kind::NotOwner)) }
    }
}

/// Access to the board in the path, with any role. A handler with this parameter responds with 401 to a request without a
/// session, and with 404 if the board does not exist for the user. It takes one request.
pub(crate) struct Reader(pub(crate) OnBoard);

/// Access to the board in the path, with the right to write. Otherwise the response is 403.
pub(crate) struct Editor(pub(crate) OnBoard);

/// Access to the board in the path as an owner. Otherwise the response is 403. Administrators are owners of every board of the
/// team, which takes one request more.
pub(crate) struct Owner(pub(crate) OnBoard);

/// Access to the note in the path, with any role on its board. Responds with 404 if there is no such note. It takes one
/// request.
pub(crate) struct NoteReader(pub(crate) OnBoard, pub(crate) Note);

/// Access to the note in the path, with the right to write. Otherwise the response is 403.
pub(crate) struct NoteEditor(pub(crate) OnBoard, pub(crate) Note);

/// Access to the board in the path, with the right to write, and the key in the path with its note, if there is one.
/// Responds with 403 without that right. It takes one request.
pub(crate) struct KeyEditor {
    pub(crate) on: OnBoard,
    pub(crate) key: NoteKey,
    pub(crate) note: Option<Note>,
}

impl FromRequestParts<Arc<App>> for Reader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        Ok(Self(find(parts, app, None).await?.0))
    }
}

impl FromRequestParts<Arc<App>> for Editor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let Reader(on) = Reader::from_request_parts(parts, app).await?;
        on.require_editor()?;
        Ok(Self(on))
    }
}

impl FromRequestParts<Arc<App>> for Owner {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let Reader(on) = Reader::from_request_parts(parts, app).await?;
        on.require_owner(app).await?;
        Ok(Self(on))
    }
}

impl FromRequestParts<Arc<App>> for NoteReader {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let key = key_in_path::<Reader>(parts, app).await?;
        let (on, note) = find(parts, app, Some(&key)).await?;
        Ok(Self(on, note.ok_or_else(Problem::no_such_note)?))
    }
}

impl FromRequestParts<Arc<App>> for KeyEditor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let key = key_in_path::<Editor>(parts, app).await?;
        let (on, note) = find(parts, app, Some(&key)).await?;
        on.require_editor()?;
        Ok(Self { on, key, note })
    }
}

impl FromRequestParts<Arc<App>> for NoteEditor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let NoteReader(on, note) = NoteReader::from_request_parts(parts, app).await?;
        on.require_editor()?;
        Ok(Self(on, note))
    }
}

/// Returns the key in the path. A key that is invalid is refused only after the access `A`, which may be refused first.
async fn key_in_path<A>(parts: &mut Parts, app: &Arc<App>) -> Result<NoteKey, Problem>
where
    A: FromRequestParts<Arc<App>, Rejection = Problem>,
{
    match NoteKeyInPath::from_request_parts(parts, app).await {
        Ok(NoteKeyInPath(key)) => Ok(key),
        Err(problem) => {
            A::from_request_parts(parts, app).await?;
            Err(problem)
        }
    }
}

/// Reads session, access and note in one request.
async fn find(
    parts: &mut Parts,
    app: &Arc<App>,
    key: Option<&NoteKey>,
) -> Result<(OnBoard, Option<Note>), Problem> {
    let token = app.cookie.token(&parts.headers).ok_or_else(Problem::not_signed_in)?;
    let no_such_board = || Problem::new(Kind::NoSuchBoard);
    let path = PathValues::from_request_parts(parts, app).await?;
    let Ok(board) = BoardId::parse(path.get("board")) else {
        let SignedIn(_) = SignedIn::from_request_parts(parts, app).await?;
        return Err(no_such_board());
    };
    let Found { session, access, note } = app.lookup.find(&token.id(), &board, key).await?;
    let Ok(Client(device)) = Client::from_request_parts(parts, app).await;
    let session = session.ok_or_else(Problem::not_signed_in)?;
    let session = app.sessions.record(session, Some(&device)).await?.ok_or_else(Problem::not_signed_in)?;
    telemetry::log::user(session.username());
    charge_change(app, parts, &session).await?;
    let access = access.ok_or_else(no_such_board)?;
    Ok((OnBoard { session, access }, note))
}
