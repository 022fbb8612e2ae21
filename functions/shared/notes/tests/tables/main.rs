//! The stores against DynamoDB's API, with the tables as the template declares them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod accounts;
mod archive;
mod attempts;
mod boards;
mod comments;
mod conflicts;
mod contents;
mod display_names;
mod documents;
mod engine;
mod history;
mod links;
mod lost_responses;
mod notes_store;
mod passkeys;
mod pseudonyms;
mod quota;
mod sessions;
mod trash;

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, Credentials, Region};
use aws_sdk_dynamodb::types::AttributeValue;
use engine::Engine;
use local_service::Ledger;
use notes::{
    Accounts, Admission, BoardId, Boards, Body, Comment, CommentId, Comments, Contents, Device, DisplayName,
    Documents, Draft, History, LeftNote, Links, Message, NewSession, Note, NoteKey, NotesStore, Password,
    People, Session, SessionToken, Sessions, SignUpError, Thread, Title, Trash, User, Username, WriteError,
};
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

/// A DynamoDB with empty tables.
struct Tables {
    dynamodb: Engine,
    client: Client,
    ledger: Ledger,
}

impl Tables {
    fn start() -> Self {
        let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../template.yaml");
        let plan = sam_template::read(&template, &BTreeMap::new()).unwrap();
        let ledger = Ledger::default();
        let dynamodb = Engine::start(&plan.tables, &ledger);
        Self { client: client(&dynamodb.endpoint()), dynamodb, ledger }
    }

    fn notes(&self) -> NotesStore {
        NotesStore::new(self.client.clone(), "Notes", BoardId::team())
    }

    fn documents(&self) -> Documents {
        Documents::new(self.client.clone(), "Edits", "Notes")
    }

    fn trash(&self) -> Trash {
        Trash::new(self.client.clone(), "Notes", BoardId::team())
    }

    fn history(&self) -> History {
        History::new(self.client.clone(), "Edits")
    }

    fn links(&self) -> Links {
        Links::new(self.client.clone(), "Edits")
    }

    fn contents(&self) -> Contents {
        Contents::new(self.client.clone(), "Notes", self.documents())
    }

    /// Writes over a note of the team's board, as a request over HTTP does.
    async fn update(&self, note: &Note, draft: &Draft, editor: &Username) -> Result<Note, WriteError> {
        let documents = self.documents();
        let read = documents.open(note).await?;
        documents.write(&BoardId::team(), note, read, draft, editor).await
    }

    fn comments(&self) -> Comments {
        Comments::new(self.client.clone(), "Notes")
    }

    fn accounts(&self) -> Accounts {
        Accounts::new(self.client.clone(), "Users", self.sessions(), self.boards())
    }

    fn boards(&self) -> Boards {
        Boards::new(self.client.clone(), "Boards").with_accounts("Users")
    }

    fn sessions(&self) -> Sessions {
        Sessions::new(self.client.clone(), "Sessions")
    }

    fn people(&self) -> People {
        People::new(self.client.clone(), "Users", self.sessions())
    }

    /// Creates an account with an open sign-up.
    async fn sign_up(&self, user: &User, text: &str) -> Result<(SessionToken, Session), SignUpError> {
        let begun = self.accounts().sign_up(user, &password(text), &device(), None, &Admission::Open).await;
        begun.map(|NewSession { token, session, .. }| (token, session))
    }

    /// Adds bob, an administrator who is signed out, so that ada, the first administrator, can be deleted.
    async fn add_an_administrator(&self) {
        let bob = User { username: username("bob"), display_name: DisplayName::parse("Bob").unwrap() };
        let (_, session) = self.sign_up(&bob, "correct horse").await.unwrap();
        self.people().grant(None, &bob.username).await.unwrap();
        self.sessions().end(&session.id).await.unwrap();
        self.requests();
    }

    /// Starts another session of a user, and creates the account if necessary.
    async fn begin(&self, user: &User) -> (SessionToken, Session) {
        let (accounts, password) = (self.accounts(), password("correct horse"));
        let begun = match accounts.sign_up(user, &password, &device(), None, &Admission::Open).await {
            Ok(begun) => begun,
            Err(_) => accounts.sign_in(&user.username, &password, &device(), None).await.unwrap(),
        };
        self.requests();
        (begun.token, begun.session)
    }

    /// Returns the requests since the last call, as `GetItem Notes`.
    fn requests(&self) -> Vec<String> {
        let calls = self.ledger.calls();
        self.ledger.clear();
        calls
            .iter()
            .map(|call| format!("{} {}", call.action.trim_start_matches("dynamodb:"), call.resource))
            .collect()
    }

    /// Returns all rows of a small table.
    async fn rows(&self, table: &str) -> Vec<HashMap<String, AttributeValue>> {
        self.client.scan().table_name(table).consistent_read(true).send().await.unwrap().items.unwrap()
    }

    /// Overwrites an attribute of a row.
    async fn set(&self, table: &str, key: &[(&str, &str)], attribute: &str, value: AttributeValue) {
        let key =
            key.iter().map(|(name, value)| ((*name).into(), AttributeValue::S((*value).into()))).collect();
        let update = self
            .client
            .update_item()
            .table_name(table)
            .set_key(Some(key))
            .update_expression("SET #attribute = :value")
            .expression_attribute_names("#attribute", attribute)
            .expression_attribute_values(":value", value);
        update.send().await.unwrap();
    }
}

fn client(endpoint: &str) -> Client {
    notes::dynamodb(config(endpoint))
}

fn config(endpoint: &str) -> Builder {
    Builder::default()
        .behavior_version(BehaviorVersion::latest())
        .endpoint_url(endpoint)
        .region(Region::from_static("us-east-1"))
        .credentials_provider(Credentials::new("TESTS", "secret", None, None, "tests"))
        .retry_config(aws::retries())
}

/// Returns the thread of a note on the first team board.
fn thread_of(note: &Note) -> Thread {
    Thread::of(&BoardId::team(), note)
}

fn username(text: &str) -> Username {
    Username::parse(text).unwrap()
}

fn password(text: &str) -> Password {
    Password::parse(text).unwrap()
}

fn ada() -> User {
    User { username: username("ada"), display_name: DisplayName::parse("Ada Lovelace").unwrap() }
}

/// Returns the device of the tests' sign-ins.
fn device() -> Device {
    Device::new("203.0.113.7", "A browser")
}

/// Returns a note of the first team board as one that has left it.
fn left(note: &Note) -> LeftNote {
    LeftNote { thread: thread_of(note), document: note.document.clone(), moved_to: None }
}

/// Creates a note of ada's without a body on the first team board.
async fn note(tables: &Tables, key: &str) -> Note {
    tables.notes().create(&NoteKey::parse(key).unwrap(), &draft("A"), &username("ada")).await.unwrap()
}

/// Writes a comment.
async fn comment(tables: &Tables, thread: &Thread, message: &str, author: &str) -> Comment {
    let message = Message::parse(message).unwrap();
    tables.comments().create(thread, &CommentId::generate(), &message, &username(author)).await.unwrap()
}

/// Returns the messages of the newest comments, newest first.
async fn messages(tables: &Tables, thread: &Thread) -> Vec<String> {
    let page = tables.comments().page(thread, 20, None).await.unwrap();
    page.comments.iter().map(|comment| comment.message.to_string()).collect()
}

/// A note without a body.
fn draft(title: &str) -> Draft {
    Draft { title: Title::parse(title).unwrap(), body: Body::parse("").unwrap() }
}

/// Forwards all further connections unchanged.
async fn pass_on(listener: &TcpListener, upstream: &str) {
    loop {
        let (mut client, _) = listener.accept().await.unwrap();
        let mut upstream = TcpStream::connect(upstream).await.unwrap();
        tokio::spawn(async move { copy_bidirectional(&mut client, &mut upstream).await });
    }
}
