//! The state of the handlers: the tables, and settings from the environment.

use aws::{Environment, EnvironmentError};
use aws_sdk_dynamodb::Client;
use notes::{Comments, NotesStore, Sessions};

/// The state of the handlers.
pub(crate) struct App {
    /// The notes.
    pub(crate) notes: NotesStore,
    /// The comments on them.
    pub(crate) comments: Comments,
    /// The sessions.
    pub(crate) sessions: Sessions,
    /// The name of the cookie that holds a session's token.
    pub(crate) cookie: String,
}

impl App {
    /// Creates the state from the function's environment.
    pub(crate) fn new(dynamodb: Client, environment: Environment) -> Result<Self, EnvironmentError> {
        let notes_table = environment.get("NOTES_TABLE")?;
        Ok(Self {
            notes: NotesStore::new(dynamodb.clone(), &notes_table),
            comments: Comments::new(dynamodb.clone(), notes_table),
            sessions: Sessions::new(dynamodb, environment.get("SESSIONS_TABLE")?),
            cookie: environment.get("SESSION_COOKIE")?,
        })
    }
}
