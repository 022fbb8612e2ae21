//! What the handlers work with: the tables, and what the environment says.

use std::env;

use aws_config::BehaviorVersion;
use lambda_http::Error;
use notes::{Comments, NotesStore, Sessions, Users};

use crate::session_cookie::SessionCookie;

/// What the handlers work with.
pub(crate) struct App {
    /// The notes.
    pub(crate) notes: NotesStore,
    /// The comments on them.
    pub(crate) comments: Comments,
    /// The accounts.
    pub(crate) users: Users,
    /// The sessions.
    pub(crate) sessions: Sessions,
    /// The cookie that holds a session's token.
    pub(crate) cookie: SessionCookie,
    /// Where the page is served, and the only place that may send us changes: `https://notes.example.org`.
    pub(crate) origin: String,
}

impl App {
    /// Reads the environment that the template gives the function.
    pub(crate) async fn from_environment() -> Result<Self, Error> {
        let client = notes::dynamodb(&aws_config::load_defaults(BehaviorVersion::latest()).await);
        let notes_table = variable("NOTES_TABLE")?;
        Ok(Self {
            notes: NotesStore::new(client.clone(), &notes_table),
            comments: Comments::new(client.clone(), notes_table),
            users: Users::new(client.clone(), variable("USERS_TABLE")?),
            sessions: Sessions::new(client, variable("SESSIONS_TABLE")?),
            cookie: SessionCookie::new(variable("SESSION_COOKIE")?),
            origin: variable("ORIGIN")?,
        })
    }
}

fn variable(name: &str) -> Result<String, Error> {
    env::var(name).map_err(|error| format!("the environment variable {name}: {error}").into())
}
