//! What the handlers work with: the tables, and what the environment says.

use aws::{Environment, EnvironmentError};
use aws_sdk_dynamodb::Client;
use notes::{Comments, NotesStore, Sessions};

/// What the handlers work with.
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
    /// Reads the environment that the template gives the function.
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
