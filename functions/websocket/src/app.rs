//! The state of the handlers: the tables, and settings from the environment.

use after::After;
use aws::{Environment, EnvironmentError};
use aws_sdk_dynamodb::Client;
use notes::{BoardId, Comments, Documents, Lookup, NotesStore, Quota, Sessions, Writes};
use pushes::{BUSY_ROOM_SOCKETS, EARLY_PUSH_SOCKETS, EarlyPushes, Lists, NoteRooms};
use socketio::SocketIo;

/// The state of the handlers.
pub(crate) struct App {
    /// Sessions, access to boards, and notes.
    pub(crate) lookup: Lookup,
    /// The notes of the first team board. [`NotesStore::on`] leads to those of others.
    pub(crate) notes: NotesStore,
    /// The comments on them.
    pub(crate) comments: Comments,
    /// The texts of notes, as documents.
    pub(crate) documents: Documents,
    /// Pushes changes after the response.
    pub(crate) pushes: EarlyPushes,
    /// Limits what each person may change in a minute.
    pub(crate) quota: Quota,
    /// The sessions.
    pub(crate) sessions: Sessions,
    /// The name of the cookie that holds a session's token.
    pub(crate) cookie: String,
}

impl App {
    /// Creates the state from the function's environment.
    pub(crate) fn new(
        dynamodb: Client,
        io: &SocketIo,
        after: After,
        environment: Environment,
    ) -> Result<Self, EnvironmentError> {
        let notes_table = environment.get("NOTES_TABLE")?;
        let notes = NotesStore::new(dynamodb.clone(), &notes_table, BoardId::team());
        let lists = Lists::new(io.clone(), notes.clone(), environment.parse(BUSY_ROOM_SOCKETS)?);
        let rooms = NoteRooms::new(io.clone());
        let most_sockets = environment.parse(EARLY_PUSH_SOCKETS)?;
        let pushes = EarlyPushes::new(after, most_sockets, move || (lists, rooms));
        let sessions = Sessions::new(dynamodb.clone(), environment.get("SESSIONS_TABLE")?);
        let quota = Writes::quota(
            environment.parse("WRITES_PER_MINUTE")?,
            environment.parse("MEGABYTES_PER_MINUTE")?,
        );
        let boards_table = environment.get("BOARDS_TABLE")?;
        Ok(Self {
            lookup: Lookup::new(dynamodb.clone(), sessions.clone(), boards_table, &notes_table),
            notes,
            pushes,
            comments: Comments::new(dynamodb.clone(), &notes_table),
            documents: Documents::new(dynamodb.clone(), environment.get("EDITS_TABLE")?, notes_table),
            quota: Quota::new(dynamodb, environment.get("USERS_TABLE")?, quota),
            sessions,
            cookie: environment.get("SESSION_COOKIE")?,
        })
    }
}
