//! What the handlers work with: the tables, and what the environment says.

use std::env;
use std::time::Duration;

use lambda_http::Error;
use notes::{Accounts, Archive, Comments, NotesStore, Pseudonyms, Sessions};

use crate::session_cookie::SessionCookie;
use crate::sign_up_code::SignUpCode;
use crate::time_budget::BUDGET;

/// What the handlers work with.
pub(crate) struct App {
    /// The notes.
    pub(crate) notes: NotesStore,
    /// The comments on them.
    pub(crate) comments: Comments,
    /// Both of them, as lines.
    pub(crate) archive: Archive,
    /// The accounts.
    pub(crate) accounts: Accounts,
    /// The sessions.
    pub(crate) sessions: Sessions,
    /// Names in the log for usernames that nobody has proved to have.
    pub(crate) pseudonyms: Pseudonyms,
    /// The cookie that holds a session's token.
    pub(crate) cookie: SessionCookie,
    /// Where the page is served, and the only place that may send us changes: `https://notes.example.org`.
    pub(crate) origin: String,
    /// What the front door proves itself with.
    pub(crate) front_door: String,
    /// What is wanted of who signs up.
    pub(crate) sign_up_code: SignUpCode,
    /// How many accounts may be made from one address in an hour.
    pub(crate) sign_ups_per_hour: u32,
    /// How long a request may take.
    pub(crate) budget: Duration,
}

impl App {
    /// Reads the environment that the template gives the function.
    pub(crate) async fn from_environment() -> Result<Self, Error> {
        let client = notes::dynamodb(aws::dynamodb(&aws::config().await));
        let (notes_table, users_table) = (variable("NOTES_TABLE")?, variable("USERS_TABLE")?);
        let sessions = Sessions::new(client.clone(), variable("SESSIONS_TABLE")?);
        Ok(Self {
            notes: NotesStore::new(client.clone(), &notes_table),
            comments: Comments::new(client.clone(), &notes_table),
            archive: Archive::new(client.clone(), notes_table),
            accounts: Accounts::new(client.clone(), &users_table, sessions.clone()),
            pseudonyms: Pseudonyms::new(client, users_table),
            sessions,
            cookie: SessionCookie::new(variable("SESSION_COOKIE")?),
            origin: variable("ORIGIN")?,
            front_door: variable("FRONT_DOOR")?,
            sign_up_code: SignUpCode::new(&variable("SIGN_UP_CODE")?),
            sign_ups_per_hour: variable("SIGN_UPS_PER_HOUR")?
                .parse()
                .map_err(|error| format!("the environment variable SIGN_UPS_PER_HOUR: {error}"))?,
            budget: BUDGET,
        })
    }
}

#[cfg(test)]
impl App {
    /// With tables that a client reaches, for tests.
    pub(crate) fn on(client: aws_sdk_dynamodb::Client) -> Self {
        let sessions = Sessions::new(client.clone(), "Sessions");
        Self {
            notes: NotesStore::new(client.clone(), "Notes"),
            comments: Comments::new(client.clone(), "Notes"),
            archive: Archive::new(client.clone(), "Notes"),
            accounts: Accounts::new(client.clone(), "Users", sessions.clone()),
            pseudonyms: Pseudonyms::new(client, "Users"),
            sessions,
            cookie: SessionCookie::new("__Host-notes-session".into()),
            origin: "https://notes.example".into(),
            front_door: "secret".into(),
            sign_up_code: SignUpCode::new(""),
            sign_ups_per_hour: 30,
            budget: BUDGET,
        }
    }
}

fn variable(name: &str) -> Result<String, Error> {
    env::var(name).map_err(|error| format!("the environment variable {name}: {error}").into())
}
