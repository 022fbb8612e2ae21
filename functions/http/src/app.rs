//! What the handlers work with: the tables, and what the environment says.

use std::time::Duration;

use aws::Environment;
use lambda_http::Error;
use notes::{Accounts, Archive, Comments, NotesStore, Pseudonyms, Sessions};

use crate::session_cookie::SessionCookie;
use crate::sign_up_code::SignUpCode;
use crate::time_budget::BUDGET;

/// The environment variables that the function reads.
pub const ENVIRONMENT: &[&str] = &[
    aws::DYNAMODB_ENDPOINT,
    "NOTES_TABLE",
    "USERS_TABLE",
    "SESSIONS_TABLE",
    "ORIGIN",
    "FRONT_DOOR",
    "SESSION_COOKIE",
    "SIGN_UP_CODE",
    "SIGN_UPS_PER_HOUR",
];

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
        let environment = Environment::new(ENVIRONMENT);
        let client = notes::dynamodb(aws::dynamodb(&aws::config().await, environment));
        let (notes_table, users_table) = (environment.get("NOTES_TABLE")?, environment.get("USERS_TABLE")?);
        let sessions = Sessions::new(client.clone(), environment.get("SESSIONS_TABLE")?);
        Ok(Self {
            notes: NotesStore::new(client.clone(), &notes_table),
            comments: Comments::new(client.clone(), &notes_table),
            archive: Archive::new(client.clone(), notes_table),
            accounts: Accounts::new(client.clone(), &users_table, sessions.clone()),
            pseudonyms: Pseudonyms::new(client, users_table),
            sessions,
            cookie: SessionCookie::new(environment.get("SESSION_COOKIE")?),
            origin: environment.get("ORIGIN")?,
            front_door: environment.get("FRONT_DOOR")?,
            sign_up_code: SignUpCode::new(&environment.get("SIGN_UP_CODE")?),
            sign_ups_per_hour: environment.parse("SIGN_UPS_PER_HOUR")?,
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
