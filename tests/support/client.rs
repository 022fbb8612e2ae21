//! A client of the API, with a method for each route.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::{Answer, TestCloud};

/// A client of the API, signed in or not.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    address: String,
    cookie: Option<String>,
}

/// The password of everybody in these tests.
pub const PASSWORD: &str = "correct horse battery";

/// `If-None-Match: *`: create.
pub const ABSENT: (&str, &str) = ("if-none-match", "*");

/// The body of a note's request.
pub fn draft(title: &str, body: &str) -> Value {
    json!({ "title": title, "body": body })
}

/// The id of a comment of this moment, one of many.
pub fn comment_id(created: &str, number: usize) -> String {
    let made: jiff::Timestamp = created.parse().expect("a moment");
    let made = format!("{:012x}", made.as_millisecond());
    format!("{}-{}-7c4b-9d52-{number:012}", &made[..8], &made[8..])
}

/// What one signs in with.
pub fn credentials(username: &str, password: &str) -> Value {
    json!({ "username": username, "password": password })
}

impl Client {
    /// Nobody.
    pub fn guest(cloud: &TestCloud) -> Self {
        Self::of(&cloud.address())
    }

    /// Nobody, wherever Notes runs.
    pub fn of(address: &str) -> Self {
        Self { http: reqwest::Client::new(), address: address.to_owned(), cookie: None }
    }

    /// Somebody who has just made an account.
    pub async fn signed_up(cloud: &TestCloud, username: &str) -> Self {
        Self::guest(cloud).sign_up_as(username).await
    }

    /// The same client as somebody who has just made an account.
    pub async fn sign_up_as(&self, username: &str) -> Self {
        let answer = self.sign_up(credentials(username, PASSWORD)).await;
        answer.json(201);
        self.with_cookie(answer.cookie())
    }

    /// The same client with another cookie.
    pub fn with_cookie(&self, cookie: &str) -> Self {
        Self { cookie: Some(cookie.to_owned()), ..self.clone() }
    }

    /// The session's cookie, `name=value`.
    pub fn cookie(&self) -> &str {
        self.cookie.as_deref().expect("somebody who is signed in")
    }

    /// Any request.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.address));
        self.cookie.iter().fold(request, |request, cookie| request.header("cookie", cookie))
    }

    pub async fn sign_up(&self, newcomer: Value) -> Answer {
        Answer::to(self.request(Method::POST, "/api/users").json(&newcomer)).await
    }

    pub async fn sign_in(&self, credentials: Value) -> Answer {
        Answer::to(self.request(Method::POST, "/api/session").json(&credentials)).await
    }

    pub async fn who_am_i(&self) -> Answer {
        Answer::to(self.request(Method::GET, "/api/session")).await
    }

    pub async fn sign_out(&self) -> Answer {
        Answer::to(self.request(Method::DELETE, "/api/session")).await
    }

    /// The account of a username, or what is left of it.
    pub async fn person(&self, username: &str) -> Answer {
        Answer::to(self.request(Method::GET, &format!("/api/users/{username}"))).await
    }

    pub async fn sessions(&self) -> Answer {
        Answer::to(self.request(Method::GET, "/api/sessions")).await
    }

    pub async fn end_session(&self, id: &str) -> Answer {
        Answer::to(self.request(Method::DELETE, &format!("/api/sessions/{id}"))).await
    }

    pub async fn end_other_sessions(&self) -> Answer {
        Answer::to(self.request(Method::DELETE, "/api/sessions")).await
    }

    pub async fn change_password(&self, old: &str, new: &str) -> Answer {
        let change = json!({ "password": old, "newPassword": new });
        Answer::to(self.request(Method::PUT, "/api/account/password").json(&change)).await
    }

    pub async fn delete_account(&self, password: &str) -> Answer {
        let confirmation = json!({ "password": password });
        Answer::to(self.request(Method::POST, "/api/account/deletion").json(&confirmation)).await
    }

    /// `query` as it stands in the address, `limit=2`.
    pub async fn list(&self, query: &str) -> Answer {
        Answer::to(self.request(Method::GET, &format!("/api/notes?{query}"))).await
    }

    pub async fn create(&self, draft: Value) -> Answer {
        Answer::to(self.request(Method::POST, "/api/notes").json(&draft)).await
    }

    pub async fn read(&self, key: &str) -> Answer {
        Answer::to(self.request(Method::GET, &format!("/api/notes/{key}"))).await
    }

    pub async fn read_if(&self, key: &str, condition: (&str, &str)) -> Answer {
        Answer::to(self.request(Method::GET, &format!("/api/notes/{key}")).header(condition.0, condition.1))
            .await
    }

    /// `query` as it stands in the address.
    pub async fn comments(&self, key: &str, query: &str) -> Answer {
        Answer::to(self.request(Method::GET, &format!("/api/notes/{key}/comments?{query}"))).await
    }

    /// A page of the archive. `query` as it stands in the address.
    pub async fn export(&self, query: &str) -> Answer {
        Answer::to(self.request(Method::GET, &format!("/api/export?{query}"))).await
    }

    /// Puts lines back.
    pub async fn import(&self, lines: impl Into<reqwest::Body>) -> Answer {
        let post = self.request(Method::POST, "/api/import").header("content-type", "application/x-ndjson");
        Answer::to(post.body(lines)).await
    }

    pub async fn write(&self, key: &str, condition: (&str, &str), draft: Value) -> Answer {
        let put = self.request(Method::PUT, &format!("/api/notes/{key}"));
        Answer::to(put.header(condition.0, condition.1).json(&draft)).await
    }

    pub async fn destroy(&self, key: &str, condition: (&str, &str)) -> Answer {
        let delete = self.request(Method::DELETE, &format!("/api/notes/{key}"));
        Answer::to(delete.header(condition.0, condition.1)).await
    }
}
