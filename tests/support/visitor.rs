//! Somebody who is signed in, over HTTP.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// Somebody with a session.
#[derive(Clone)]
pub struct Visitor {
    http: reqwest::Client,
    address: String,
    cookie: String,
}

/// The password of everybody in these tests.
pub const PASSWORD: &str = "correct horse battery";

impl Visitor {
    /// Makes an account.
    pub async fn sign_up(address: &str, username: &str) -> Self {
        Self::enter(address, "/api/users", username, StatusCode::CREATED).await
    }

    /// Another session of the same person.
    pub async fn sign_in_again(&self, username: &str) -> Self {
        Self::enter(&self.address, "/api/session", username, StatusCode::OK).await
    }

    async fn enter(address: &str, path: &str, username: &str, expected: StatusCode) -> Self {
        let http = reqwest::Client::new();
        let credentials = json!({ "username": username, "password": PASSWORD });
        let answer = http.post(format!("{address}{path}")).json(&credentials).send().await.unwrap();
        assert_eq!(answer.status(), expected, "{username} comes in");
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Self { http, address: address.to_owned(), cookie }
    }

    /// Takes up a session that was begun elsewhere.
    pub fn returning(address: &str, cookie: &str) -> Self {
        Self { http: reqwest::Client::new(), address: address.to_owned(), cookie: cookie.to_owned() }
    }

    /// The session's cookie, `name=value`.
    pub fn cookie(&self) -> &str {
        &self.cookie
    }

    /// A request with the session's cookie.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.address)).header("cookie", &self.cookie)
    }

    /// Creates a note and gives it back.
    pub async fn create(&self, key: &str, title: &str) -> Value {
        let put = self.request(Method::PUT, &format!("/api/notes/{key}")).header("if-none-match", "*");
        let answer = put.json(&json!({ "title": title, "body": "" })).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED, "{key} is created");
        answer.json().await.unwrap()
    }

    /// Gives a note of a version another title.
    pub async fn rename(&self, key: &str, version: u64, title: &str) -> Value {
        let put = self.request(Method::PUT, &format!("/api/notes/{key}")).header("if-match", format!("\"{version}\""));
        let answer = put.json(&json!({ "title": title, "body": "" })).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{key} is updated");
        answer.json().await.unwrap()
    }

    /// Destroys a note of a version.
    pub async fn destroy(&self, key: &str, version: u64) {
        let delete = self.request(Method::DELETE, &format!("/api/notes/{key}"));
        let answer = delete.header("if-match", format!("\"{version}\"")).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NO_CONTENT, "{key} is destroyed");
    }

    /// The list of titles, as HTTP has it.
    pub async fn titles(&self) -> Value {
        let answer = self.request(Method::GET, "/api/notes").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        answer.json::<Value>().await.unwrap()["notelist"].take()
    }

    /// Ends the session.
    pub async fn sign_out(&self) {
        let answer = self.request(Method::DELETE, "/api/session").send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    }
}
