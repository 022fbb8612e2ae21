//! Somebody who is signed in and does what they mean to: each step succeeds, or the test fails.

use serde_json::Value;

use super::client::{ABSENT, Client, PASSWORD, credentials, draft};

/// Somebody who is signed in.
#[derive(Clone)]
pub struct Visitor {
    client: Client,
}

impl Visitor {
    /// Makes an account.
    pub async fn sign_up(address: &str, username: &str) -> Self {
        Self { client: Client::of(address).sign_up_as(username).await }
    }

    /// Comes back, for a session of its own.
    pub async fn sign_in(address: &str, username: &str) -> Self {
        let guest = Client::of(address);
        let answer = guest.sign_in(credentials(username, PASSWORD)).await;
        answer.json(200);
        Self { client: guest.with_cookie(answer.cookie()) }
    }

    /// Takes up a session that was begun elsewhere.
    pub fn returning(address: &str, cookie: &str) -> Self {
        Self { client: Client::of(address).with_cookie(cookie) }
    }

    /// The session's cookie, `name=value`.
    pub fn cookie(&self) -> &str {
        self.client.cookie()
    }

    /// Creates a note and gives it back.
    pub async fn create(&self, key: &str, title: &str) -> Value {
        self.client.write(key, ABSENT, draft(title, "")).await.json(201)
    }

    /// Gives a note of a version another title.
    pub async fn rename(&self, key: &str, version: u64, title: &str) -> Value {
        let condition = format!("\"{version}\"");
        self.client.write(key, ("if-match", &condition), draft(title, "")).await.json(200)
    }

    /// Destroys a note of a version.
    pub async fn destroy(&self, key: &str, version: u64) {
        let condition = format!("\"{version}\"");
        self.client.destroy(key, ("if-match", &condition)).await.empty(204);
    }

    /// The list of titles, as HTTP has it.
    pub async fn titles(&self) -> Value {
        self.client.list("").await.json(200)["notelist"].take()
    }

    /// The client with which this is done, for what may fail.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Ends the session.
    pub async fn sign_out(&self) {
        self.client.sign_out().await.empty(204);
    }
}
