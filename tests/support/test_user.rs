//! A signed-in user whose requests all succeed, or the test fails.

use serde_json::Value;

use super::client::{ABSENT, Client, PASSWORD, credentials, draft};

/// A signed-in user.
#[derive(Clone)]
pub struct TestUser {
    client: Client,
}

impl TestUser {
    /// Creates an account.
    pub async fn sign_up(address: &str, username: &str) -> Self {
        Self { client: Client::of(address).sign_up_as(username).await }
    }

    /// Signs in to an account, in a new session.
    pub async fn sign_in(address: &str, username: &str) -> Self {
        let guest = Client::of(address);
        let response = guest.sign_in(credentials(username, PASSWORD)).await;
        response.json(200);
        Self { client: guest.with_cookie(response.cookie()) }
    }

    /// Uses a session that exists already.
    pub fn returning(address: &str, cookie: &str) -> Self {
        Self { client: Client::of(address).with_cookie(cookie) }
    }

    /// Returns the session's cookie, `name=value`.
    pub fn cookie(&self) -> &str {
        self.client.cookie()
    }

    /// Creates a note, and returns it.
    pub async fn create(&self, key: &str, title: &str) -> Value {
        self.client.write(key, ABSENT, draft(title, "")).await.json(201)
    }

    /// Changes the title of a note at a version, and returns the note.
    pub async fn rename(&self, key: &str, version: u64, title: &str) -> Value {
        let condition = format!("\"{version}\"");
        self.client.write(key, ("if-match", &condition), draft(title, "")).await.json(200)
    }

    /// Deletes a note at a version.
    pub async fn destroy(&self, key: &str, version: u64) {
        let condition = format!("\"{version}\"");
        self.client.destroy(key, ("if-match", &condition)).await.empty(204);
    }

    /// Reads the list of titles over HTTP.
    pub async fn titles(&self) -> Value {
        self.client.list("").await.json(200)["notelist"].take()
    }

    /// Returns the client, for requests that may fail.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Ends the session.
    pub async fn sign_out(&self) {
        self.client.sign_out().await.empty(204);
    }
}
