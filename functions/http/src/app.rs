//! The state that handlers share: clients of the tables, and settings from the environment.

use std::time::Duration;

use after::After;
use aws::{Edge, Environment};
use lambda_http::Error;
use notes::{
    Accounts, Archive, Audit, BoardId, Boards, Comments, Documents, History, Invitations, Links, Lookup,
    NotesStore, Passkeys, People, Pseudonyms, Quota, Sessions, Trash, Writes,
};
use pushes::{BUSY_ROOM_SOCKETS, EARLY_PUSH_SOCKETS, EarlyPushes, Lists, NoteRooms};
use socketio::{Settings, SocketIo};

use crate::security::{KnownWords, SessionCookie, SignUpPolicy};

/// The environment variables that the function reads.
pub const ENVIRONMENT: &[&str] = &[
    aws::DYNAMODB_ENDPOINT,
    aws::CONNECTIONS_ENDPOINT,
    "NOTES_TABLE",
    "EDITS_TABLE",
    "BOARDS_TABLE",
    "USERS_TABLE",
    "SESSIONS_TABLE",
    "CONNECTIONS_TABLE",
    "ROOM_SHARDS",
    EARLY_PUSH_SOCKETS,
    BUSY_ROOM_SOCKETS,
    "ORIGIN",
    aws::EDGE,
    aws::EDGE_SECRET,
    "SESSION_COOKIE",
    "SIGN_UP",
    "SIGN_UP_CODE",
    "SIGN_UPS_PER_HOUR",
    "WRITES_PER_MINUTE",
    "MEGABYTES_PER_MINUTE",
    "SESSIONS_PER_PERSON",
];

/// The time budget of a request.
///
/// Less than the function's timeout (20 s), which ends a request without a response, and the gateway's (30 s), which responds
/// without a problem document. More than the longest call of `DynamoDB`, so that the log names a call that hangs.
pub(crate) const TIME_BUDGET: Duration = Duration::from_secs(15);

/// The state that handlers share.
pub(crate) struct App {
    /// Reads sessions, access to boards, and notes at once.
    pub(crate) lookup: Lookup,
    /// Manages boards, their members and invitations.
    pub(crate) boards: Boards,
    /// Reads and writes notes of the first team board. [`NotesStore::on`] leads to those of others.
    pub(crate) notes: NotesStore,
    /// Restores deleted notes of the first team board. [`Trash::on`] leads to those of others.
    pub(crate) trash: Trash,
    /// Reads comments.
    pub(crate) comments: Comments,
    /// The texts of notes, as documents.
    pub(crate) documents: Documents,
    /// The earlier versions of notes.
    pub(crate) history: History,
    /// The links between notes.
    pub(crate) links: Links,
    /// Exports and imports notes and comments of the first team board. [`Archive::on`] leads to those of others.
    pub(crate) archive: Archive,
    /// Creates, changes and deletes accounts.
    pub(crate) accounts: Accounts,
    /// Stores passkeys and their challenges.
    pub(crate) passkeys: Passkeys,
    /// Manages people, for administrators.
    pub(crate) people: People,
    /// Makes and revokes invitations.
    pub(crate) invitations: Invitations,
    /// Reads the audit record.
    pub(crate) audit: Audit,
    /// Finds and ends sessions.
    pub(crate) sessions: Sessions,
    /// Replaces usernames in the log of failed sign-ins, and in passkeys.
    pub(crate) pseudonyms: Pseudonyms,
    /// Limits what each person may change in a minute.
    pub(crate) quota: Quota,
    /// Pushes changes of notes after the response.
    pub(crate) pushes: EarlyPushes,
    /// The cookie with a session's token.
    pub(crate) cookie: SessionCookie,
    /// The origin of the page, for example `https://notes.example.org`. Changes from other origins are refused.
    pub(crate) origin: String,
    /// The edge in front of the API (CloudFront), which sends a secret with each request.
    pub(crate) edge: Edge,
    /// The policy of sign-ups.
    pub(crate) sign_up_policy: SignUpPolicy,
    /// The maximum number of sign-up attempts per network address and hour.
    pub(crate) sign_ups_per_hour: u32,
    /// The maximum duration of a request.
    pub(crate) time_budget: Duration,
}

impl App {
    /// Creates the state from the environment variables that `template.yaml` sets.
    ///
    /// # Errors
    ///
    /// Returns an error if a variable is missing or invalid.
    pub(crate) fn from_environment(after: After) -> Result<Self, Error> {
        let environment = Environment::new(ENVIRONMENT);
        let config = aws::config();
        let client = notes::dynamodb(aws::dynamodb(&config, environment));
        let (notes_table, users_table) = (environment.get("NOTES_TABLE")?, environment.get("USERS_TABLE")?);
        let sessions = Sessions::new(client.clone(), environment.get("SESSIONS_TABLE")?)
            .recording_in(&users_table)
            .at_most(environment.parse("SESSIONS_PER_PERSON")?);
        let quota = Writes::quota(
            environment.parse("WRITES_PER_MINUTE")?,
            environment.parse("MEGABYTES_PER_MINUTE")?,
        );
        let (boards_table, edits_table) = (environment.get("BOARDS_TABLE")?, environment.get("EDITS_TABLE")?);
        let boards = Boards::new(client.clone(), &boards_table).with_accounts(&users_table);
        let notes = NotesStore::new(client.clone(), &notes_table, BoardId::team());
        let targets = {
            let (client, notes) = (client.clone(), notes.clone());
            let (table, busy) =
                (environment.get("CONNECTIONS_TABLE")?, environment.parse(BUSY_ROOM_SOCKETS)?);
            let settings = Settings { room_shards: environment.parse("ROOM_SHARDS")?, ..Settings::default() };
            move || {
                let gateway = aws_sdk_apigatewaymanagement::Client::new(&config);
                let io = SocketIo::with_clients(&client, &gateway, table, settings);
                (Lists::new(io.clone(), notes, busy), NoteRooms::new(io))
            }
        };
        let pushes = EarlyPushes::new(after, environment.parse(EARLY_PUSH_SOCKETS)?, targets);
        Ok(Self {
            lookup: Lookup::new(client.clone(), sessions.clone(), boards_table, &notes_table),
            notes,
            pushes,
            trash: Trash::new(client.clone(), &notes_table, BoardId::team()),
            comments: Comments::new(client.clone(), &notes_table),
            documents: Documents::new(client.clone(), &edits_table, &notes_table),
            history: History::new(client.clone(), &edits_table),
            links: Links::new(client.clone(), edits_table),
            archive: Archive::new(client.clone(), notes_table, BoardId::team()),
            accounts: Accounts::new(client.clone(), &users_table, sessions.clone(), boards.clone()),
            boards,
            passkeys: Passkeys::new(client.clone(), &users_table),
            people: People::new(client.clone(), &users_table, sessions.clone()),
            invitations: Invitations::new(client.clone(), &users_table),
            audit: Audit::new(client.clone(), &users_table),
            quota: Quota::new(client.clone(), &users_table, quota),
            pseudonyms: Pseudonyms::new(client, users_table),
            sessions,
            cookie: SessionCookie::new(environment.get("SESSION_COOKIE")?),
            origin: environment.get("ORIGIN")?,
            edge: Edge::from_environment(environment)?,
            sign_up_policy: SignUpPolicy::parse(
                &environment.get("SIGN_UP")?,
                &environment.get("SIGN_UP_CODE")?,
            )?,
            sign_ups_per_hour: environment.parse("SIGN_UPS_PER_HOUR")?,
            time_budget: TIME_BUDGET,
        })
    }

    /// Returns the words that an attacker tries first at the password of a user with these names.
    pub(crate) fn known_words(&self, names: [&str; 2]) -> KnownWords {
        KnownWords::new(&self.origin, &names)
    }
}

#[cfg(test)]
impl App {
    /// Creates the state for tests, with a client of the tables.
    pub(crate) fn on(client: aws_sdk_dynamodb::Client) -> Self {
        let sessions = Sessions::new(client.clone(), "Sessions");
        let boards = Boards::new(client.clone(), "Boards").with_accounts("Users");
        Self {
            lookup: Lookup::new(client.clone(), sessions.clone(), "Boards", "Notes"),
            notes: NotesStore::new(client.clone(), "Notes", BoardId::team()),
            trash: Trash::new(client.clone(), "Notes", BoardId::team()),
            comments: Comments::new(client.clone(), "Notes"),
            documents: Documents::new(client.clone(), "Edits", "Notes"),
            history: History::new(client.clone(), "Edits"),
            links: Links::new(client.clone(), "Edits"),
            archive: Archive::new(client.clone(), "Notes", BoardId::team()),
            accounts: Accounts::new(client.clone(), "Users", sessions.clone(), boards.clone()),
            boards,
            passkeys: Passkeys::new(client.clone(), "Users"),
            people: People::new(client.clone(), "Users", sessions.clone()),
            invitations: Invitations::new(client.clone(), "Users"),
            audit: Audit::new(client.clone(), "Users"),
            quota: Quota::new(client.clone(), "Users", Writes::default()),
            pushes: EarlyPushes::new(After::default(), 0, || unreachable!("no work runs")),
            pseudonyms: Pseudonyms::new(client, "Users"),
            sessions,
            cookie: SessionCookie::new("__Host-notes-session".into()),
            origin: "https://notes.example".into(),
            edge: Edge::new("secret", false),
            sign_up_policy: SignUpPolicy::Open,
            sign_ups_per_hour: 30,
            time_budget: TIME_BUDGET,
        }
    }
}
