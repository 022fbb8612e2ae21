//! What the handlers work with: the tables, and what the environment says.

use std::env;

use aws_config::SdkConfig;
use lambda_runtime::Error;
use notes::{NotesStore, Sessions};

/// What the handlers work with.
pub(crate) struct App {
    /// The notes.
    pub(crate) notes: NotesStore,
    /// The sessions.
    pub(crate) sessions: Sessions,
    /// The name of the cookie that holds a session's token.
    pub(crate) cookie: String,
}

impl App {
    /// Reads the environment that the template gives the function.
    pub(crate) fn from_environment(config: &SdkConfig) -> Result<Self, Error> {
        let dynamodb = aws_sdk_dynamodb::Client::new(config);
        Ok(Self {
            notes: NotesStore::new(dynamodb.clone(), variable("NOTES_TABLE")?),
            sessions: Sessions::new(dynamodb, variable("SESSIONS_TABLE")?),
            cookie: variable("SESSION_COOKIE")?,
        })
    }
}

/// A variable of the environment.
pub(crate) fn variable(name: &str) -> Result<String, Error> {
    env::var(name).map_err(|error| format!("the environment variable {name}: {error}").into())
}
