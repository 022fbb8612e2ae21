//! What the handlers work with: the tables, and what the environment says.

use std::env;

use aws_sdk_dynamodb::Client;
use lambda_runtime::Error;
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
    pub(crate) fn from_environment(dynamodb: Client) -> Result<Self, Error> {
        let notes_table = variable("NOTES_TABLE")?;
        Ok(Self {
            notes: NotesStore::new(dynamodb.clone(), &notes_table),
            comments: Comments::new(dynamodb.clone(), notes_table),
            sessions: Sessions::new(dynamodb, variable("SESSIONS_TABLE")?),
            cookie: variable("SESSION_COOKIE")?,
        })
    }
}

/// A variable of the environment.
pub(crate) fn variable(name: &str) -> Result<String, Error> {
    env::var(name).map_err(|error| format!("the environment variable {name}: {error}").into())
}
