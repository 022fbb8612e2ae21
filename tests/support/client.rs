//! A client of the API, with a method for each route.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use documents::{ClientId, Document};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{Response, TestCloud};

/// A client of the API, signed in or not.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    address: String,
    cookie: Option<String>,
    /// The board of notes, export and import.
    board: String,
}

/// The password of every test user.
pub const PASSWORD: &str = "correct horse battery";

/// `If-None-Match: *`: the condition of a creation.
pub const ABSENT: (&str, &str) = ("if-none-match", "*");

/// Returns the body of a request that writes a note.
pub fn draft(title: &str, body: &str) -> Value {
    json!({ "title": title, "body": body })
}

/// Returns the edit, in base64, with which a new tab of a user replaces a text that nobody has edited yet.
pub fn typed(username: &str, before: &str, after: &str) -> String {
    static TABS: AtomicU32 = AtomicU32::new(0);
    let tab = ClientId::new(username, TABS.fetch_add(1, Relaxed));
    BASE64_STANDARD.encode(Document::seed(before).rewrite(after, tab).expect("a document can be changed"))
}

/// Returns the id of a comment created at this time. The number tells comments of one time apart.
pub fn comment_id(created: &str, number: usize) -> String {
    let created: jiff::Timestamp = created.parse().expect("a timestamp");
    let time = format!("{:012x}", created.as_millisecond());
    format!("{}-{}-7c4b-9d52-{number:012}", &time[..8], &time[8..])
}

/// Returns the body of a request that signs up or in.
pub fn credentials(username: &str, password: &str) -> Value {
    json!({ "username": username, "password": password })
}

impl Client {
    /// Creates a client without a session.
    pub fn guest(cloud: &TestCloud) -> Self {
        Self::of(&cloud.address())
    }

    /// Creates a client without a session for the server at an address.
    pub fn of(address: &str) -> Self {
        Self {
            http: reqwest::Client::new(),
            address: address.to_owned(),
            cookie: None,
            board: "team".to_owned(),
        }
    }

    /// Creates an account, and a client that is signed in to it.
    pub async fn signed_up(cloud: &TestCloud, username: &str) -> Self {
        Self::guest(cloud).sign_up_as(username).await
    }

    /// Creates the first account of a cloud, which is an administrator's, and signs out. Every other account can then be
    /// deleted.
    pub async fn found(cloud: &TestCloud) {
        Self::signed_up(cloud, "founder").await.sign_out().await.empty(204);
    }

    /// Creates an account, and returns a copy of this client that is signed in to it.
    pub async fn sign_up_as(&self, username: &str) -> Self {
        let response = self.sign_up(credentials(username, PASSWORD)).await;
        response.json(201);
        self.with_cookie(response.cookie())
    }

    /// Returns a copy of this client with another cookie.
    pub fn with_cookie(&self, cookie: &str) -> Self {
        Self { cookie: Some(cookie.to_owned()), ..self.clone() }
    }

    /// Returns a copy of this client for the notes of another board.
    pub fn on(&self, board: &str) -> Self {
        Self { board: board.to_owned(), ..self.clone() }
    }

    /// Returns an address below the board.
    fn path(&self, rest: &str) -> String {
        format!("/api/boards/{}/{rest}", self.board)
    }

    /// Returns the session's cookie, `name=value`.
    pub fn cookie(&self) -> &str {
        self.cookie.as_deref().expect("the client is signed in")
    }

    /// Starts a request with the client's cookie.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.address));
        self.cookie.iter().fold(request, |request, cookie| request.header("cookie", cookie))
    }

    pub async fn sign_up(&self, account: Value) -> Response {
        Response::to(self.request(Method::POST, "/api/users").json(&account)).await
    }

    pub async fn sign_in(&self, credentials: Value) -> Response {
        Response::to(self.request(Method::POST, "/api/session").json(&credentials)).await
    }

    pub async fn who_am_i(&self) -> Response {
        Response::to(self.request(Method::GET, "/api/session")).await
    }

    pub async fn sign_out(&self) -> Response {
        Response::to(self.request(Method::DELETE, "/api/session")).await
    }

    /// Reads the account of a username, which may be deleted.
    pub async fn person(&self, username: &str) -> Response {
        Response::to(self.request(Method::GET, &format!("/api/users/{username}"))).await
    }

    /// Looks up the accounts of usernames.
    pub async fn people(&self, usernames: &[&str]) -> Response {
        let parameters: Vec<String> =
            usernames.iter().map(|username| format!("username={username}")).collect();
        Response::to(self.request(Method::GET, &format!("/api/users?{}", parameters.join("&")))).await
    }

    pub async fn change_display_name(&self, display_name: &str) -> Response {
        let change = json!({ "displayName": display_name });
        Response::to(self.request(Method::PUT, "/api/account/display-name").json(&change)).await
    }

    /// Sends a request about boards: a method, the path after `/api/boards`, an entity tag and a body.
    pub async fn boards(&self, method: Method, path: &str, tag: Option<&str>, body: Value) -> Response {
        let request = self.request(method, &format!("/api/boards{path}"));
        let request = tag.iter().fold(request, |request, tag| request.header("if-match", *tag));
        Response::to(if body.is_null() { request } else { request.json(&body) }).await
    }

    /// Creates a private board, and returns its id.
    pub async fn create_board(&self, name: &str) -> String {
        let board = self.boards(Method::POST, "", None, json!({ "name": name })).await.json(201);
        board["id"].as_str().expect("a board has an id").to_owned()
    }

    /// Gives somebody a role on a board.
    pub async fn set_role(&self, board: &str, username: &str, role: &str) -> Response {
        let path = format!("/{board}/members/{username}");
        self.boards(Method::PUT, &path, None, json!({ "role": role })).await
    }

    pub async fn sessions(&self) -> Response {
        Response::to(self.request(Method::GET, "/api/sessions")).await
    }

    pub async fn end_session(&self, id: &str) -> Response {
        Response::to(self.request(Method::DELETE, &format!("/api/sessions/{id}"))).await
    }

    pub async fn end_other_sessions(&self) -> Response {
        Response::to(self.request(Method::DELETE, "/api/sessions")).await
    }

    /// Asks how strong a password is.
    pub async fn password_strength(&self, request: &Value) -> Response {
        Response::to(self.request(Method::POST, "/api/password-strength").json(request)).await
    }

    pub async fn change_password(&self, old: &str, new: &str) -> Response {
        let change = json!({ "password": old, "newPassword": new });
        Response::to(self.request(Method::PUT, "/api/account/password").json(&change)).await
    }

    pub async fn delete_account(&self, password: &str) -> Response {
        let confirmation = json!({ "password": password });
        Response::to(self.request(Method::POST, "/api/account/deletion").json(&confirmation)).await
    }

    pub async fn passkeys(&self) -> Response {
        Response::to(self.request(Method::GET, "/api/account/passkeys")).await
    }

    /// Asks for the options of a new passkey.
    pub async fn ask_for_passkey(&self, password: &str) -> Response {
        let confirmation = json!({ "password": password });
        Response::to(self.request(Method::POST, "/api/account/passkeys/options").json(&confirmation)).await
    }

    /// Adds a passkey that an authenticator made.
    pub async fn add_passkey(&self, name: &str, credential: Value) -> Response {
        let passkey = json!({ "name": name, "credential": credential });
        Response::to(self.request(Method::POST, "/api/account/passkeys").json(&passkey)).await
    }

    pub async fn remove_passkey(&self, id: &str) -> Response {
        Response::to(self.request(Method::DELETE, &format!("/api/account/passkeys/{id}"))).await
    }

    /// Asks for the options of a sign-in with a passkey.
    pub async fn ask_for_passkey_sign_in(&self) -> Response {
        Response::to(self.request(Method::POST, "/api/session/passkey/options")).await
    }

    /// Signs in with what an authenticator signed.
    pub async fn sign_in_with_passkey(&self, credential: Value) -> Response {
        let body = json!({ "credential": credential });
        Response::to(self.request(Method::POST, "/api/session/passkey").json(&body)).await
    }

    /// Lists notes. `query` is the query string, such as `limit=2`.
    pub async fn list(&self, query: &str) -> Response {
        Response::to(self.request(Method::GET, &self.path(&format!("notes?{query}")))).await
    }

    pub async fn create(&self, draft: Value) -> Response {
        Response::to(self.request(Method::POST, &self.path("notes")).json(&draft)).await
    }

    pub async fn read(&self, key: &str) -> Response {
        Response::to(self.request(Method::GET, &self.path(&format!("notes/{key}")))).await
    }

    pub async fn read_if(&self, key: &str, condition: (&str, &str)) -> Response {
        Response::to(
            self.request(Method::GET, &self.path(&format!("notes/{key}"))).header(condition.0, condition.1),
        )
        .await
    }

    /// Lists comments. `query` is the query string.
    pub async fn comments(&self, key: &str, query: &str) -> Response {
        Response::to(self.request(Method::GET, &self.path(&format!("notes/{key}/comments?{query}")))).await
    }

    /// Reads a page of the export. `query` is the query string.
    pub async fn export(&self, query: &str) -> Response {
        Response::to(self.request(Method::GET, &self.path(&format!("export?{query}")))).await
    }

    /// Imports lines of an export.
    pub async fn import(&self, lines: impl Into<reqwest::Body>) -> Response {
        let post =
            self.request(Method::POST, &self.path("import")).header("content-type", "application/x-ndjson");
        Response::to(post.body(lines)).await
    }

    pub async fn write(&self, key: &str, condition: (&str, &str), draft: Value) -> Response {
        let put = self.request(Method::PUT, &self.path(&format!("notes/{key}")));
        Response::to(put.header(condition.0, condition.1).json(&draft)).await
    }

    pub async fn rename(&self, key: &str, title: &str) -> Response {
        let request = self.request(Method::PATCH, &self.path(&format!("notes/{key}")));
        Response::to(request.json(&json!({ "title": title }))).await
    }

    /// Reads the document of a note, or what a page lacks of it: `vector=...`.
    pub async fn document(&self, key: &str, query: &str) -> Response {
        Response::to(self.request(Method::GET, &self.path(&format!("notes/{key}/document?{query}")))).await
    }

    /// Sends an edit of a document, in base64.
    pub async fn edit(&self, key: &str, document: &Value, update: &str) -> Response {
        let request = self.request(Method::POST, &self.path(&format!("notes/{key}/edits")));
        Response::to(request.json(&json!({ "document": document, "update": update }))).await
    }

    /// Lists the notes that link to a note. `query` is the query string.
    pub async fn backlinks(&self, key: &str, query: &str) -> Response {
        Response::to(self.request(Method::GET, &self.path(&format!("notes/{key}/backlinks?{query}")))).await
    }

    /// Lists the earlier versions of a note. `query` is the query string.
    pub async fn versions(&self, key: &str, query: &str) -> Response {
        Response::to(self.request(Method::GET, &self.path(&format!("notes/{key}/versions?{query}")))).await
    }

    /// Reads an earlier version of a note.
    pub async fn version(&self, key: &str, version: &str) -> Response {
        Response::to(self.request(Method::GET, &self.path(&format!("notes/{key}/versions/{version}")))).await
    }

    pub async fn destroy(&self, key: &str, condition: (&str, &str)) -> Response {
        let delete = self.request(Method::DELETE, &self.path(&format!("notes/{key}")));
        Response::to(delete.header(condition.0, condition.1)).await
    }

    /// Lists the trash. `query` is the query string.
    pub async fn move_to(&self, key: &str, condition: (&str, &str), board: &str) -> Response {
        let path = self.path(&format!("notes/{key}/move"));
        let request = self.request(Method::POST, &path).header(condition.0, condition.1);
        Response::to(request.json(&json!({ "board": board }))).await
    }

    pub async fn trash(&self, query: &str) -> Response {
        Response::to(self.request(Method::GET, &self.path(&format!("trash?{query}")))).await
    }

    /// Restores a note from the trash.
    pub async fn restore(&self, id: &str) -> Response {
        Response::to(self.request(Method::POST, &self.path(&format!("trash/{id}/restore")))).await
    }

    /// Deletes a note in the trash for good.
    pub async fn delete_for_good(&self, id: &str) -> Response {
        Response::to(self.request(Method::DELETE, &self.path(&format!("trash/{id}")))).await
    }
}
