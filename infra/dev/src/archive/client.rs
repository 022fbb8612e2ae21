//! A client of a deployment's HTTP interface.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::{CONTENT_TYPE, COOKIE, LINK, LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Error;

/// How long an answer may take. API Gateway gives up after half of that.
const PATIENCE: Duration = Duration::from_mins(1);
/// How long signing out may take: nobody waits for it.
const SIGNING_OUT: Duration = Duration::from_secs(5);
/// How often a page is asked for again, each time after twice as long.
const TRIES: u32 = 6;
/// The longest wait for which a deployment may ask between two pages.
const LONGEST_WAIT: Duration = Duration::from_mins(2);
/// The most that an answer may hold: more than Lambda's can.
const LARGEST_ANSWER: usize = 8 * 1024 * 1024;

const NDJSON: &str = "application/x-ndjson";

/// Somebody at a deployment.
#[derive(Debug)]
pub(crate) struct Client {
    http: hyper_util::client::legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    url: String,
    /// The session's, once there is one. Kept by hand: this is a Secure cookie, and the local cloud speaks http.
    cookie: String,
}

/// A page of an export.
#[derive(Debug)]
pub(crate) struct Page {
    /// Its lines.
    pub(crate) lines: Bytes,
    /// Where the next one is, if there is one.
    pub(crate) next: Option<String>,
}

/// What came of a line of an import.
#[derive(Debug, Deserialize)]
pub(crate) struct Imported {
    /// The note's key, as far as the line tells it.
    pub(crate) key: Option<String>,
    /// `created`, `skipped` or `refused`.
    pub(crate) outcome: String,
    /// Why it was refused.
    #[serde(default)]
    pub(crate) why: String,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Client {
    /// Nobody yet, at this address.
    pub(crate) fn new(url: &str) -> Result<Self, Error> {
        let url = url.trim_end_matches('/');
        let address: Option<Uri> = url.parse().ok();
        let address = address.filter(|address| matches!(address.scheme_str(), Some("http" | "https")));
        let host = address.as_ref().and_then(Uri::host);
        let (Some(address), Some(host)) = (&address, host) else { return Err(Error::NoAddress(url.into())) };
        let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        if address.scheme_str() == Some("http") && !is_here {
            return Err(Error::Unprotected(url.into()));
        }
        let https = HttpsConnectorBuilder::new().with_native_roots().map_err(|error| Error::Unreachable {
            url: url.into(),
            reason: format!("this system's certificates can't be read: {error}"),
        })?;
        let https = https.https_or_http().enable_http1().build();
        let http = hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build(https);
        Ok(Self { http, url: url.into(), cookie: String::new() })
    }

    /// Where this is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Becomes somebody.
    pub(crate) async fn sign_in(&mut self, username: &str, password: &str) -> Result<(), Error> {
        let credentials = json!({ "username": username, "password": password }).to_string();
        let answer = self.once(Method::POST, "/api/session", "application/json", credentials.into()).await?;
        if answer.status != StatusCode::OK {
            return Err(self.refusal(&answer));
        }
        let cookie = answer.header(&SET_COOKIE).split(';').next().unwrap_or_default();
        if cookie.is_empty() {
            return Err(self.not_notes("it signs nobody in"));
        }
        cookie.clone_into(&mut self.cookie);
        Ok(())
    }

    /// Ends the session. If that fails, it ends by itself.
    pub(crate) async fn sign_out(&self) {
        let end = self.once(Method::DELETE, "/api/session", "", Bytes::new());
        let _ = tokio::time::timeout(SIGNING_OUT, end).await;
    }

    /// How many notes there are.
    pub(crate) async fn count(&self) -> Result<u64, Error> {
        let answer = self.send(Method::GET, "/api/notes?select=count", "", Bytes::new()).await?;
        let count: Option<Value> = serde_json::from_slice(&answer.body).ok();
        count.and_then(|count| count["count"].as_u64()).ok_or_else(|| self.not_notes("it counts no notes"))
    }

    /// The page of an export at a path.
    pub(crate) async fn export(&self, path: &str) -> Result<Page, Error> {
        let answer = self.send(Method::GET, path, "", Bytes::new()).await?;
        if answer.header(&CONTENT_TYPE) != NDJSON {
            return Err(self.not_notes("it exports something else"));
        }
        let next = next_page(answer.header(&LINK)).map(str::to_owned);
        Ok(Page { lines: answer.body, next })
    }

    /// Puts lines back. Tells what came of them, or of as many from the beginning as there was time for.
    pub(crate) async fn import(&self, lines: Bytes) -> Result<Vec<Imported>, Error> {
        let answer = self.send(Method::POST, "/api/import", NDJSON, lines).await?;
        let outcomes = serde_json::Deserializer::from_slice(&answer.body).into_iter();
        let outcomes = outcomes.collect::<Result<Vec<Imported>, _>>().unwrap_or_default();
        if outcomes.is_empty() {
            return Err(self.not_notes("it does not say what it imported"));
        }
        Ok(outcomes)
    }

    /// Asks until there is an answer, as pages may be asked for again: through a connection that broke, a deployment that
    /// is too busy, or a function that failed.
    async fn send(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<Answer, Error> {
        let mut wait = Duration::from_secs(1);
        for _ in 1..TRIES {
            let pause = match self.once(method.clone(), path, content_type, body.clone()).await {
                Ok(answer) if answer.status == StatusCode::OK => return Ok(answer),
                Ok(answer) if answer.is_busy() => answer.retry_after().unwrap_or(wait),
                Ok(answer) => return Err(self.refusal(&answer)),
                Err(_) => wait,
            };
            tokio::time::sleep(pause).await;
            wait *= 2;
        }
        let answer = self.once(method, path, content_type, body).await?;
        if answer.status == StatusCode::OK { Ok(answer) } else { Err(self.refusal(&answer)) }
    }

    async fn once(
        &self,
        method: Method,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<Answer, Error> {
        let unreachable =
            |error: &dyn std::error::Error| Error::Unreachable { url: self.url.clone(), reason: root(error) };
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url))
            .header(CONTENT_TYPE, content_type)
            .header(COOKIE, &self.cookie)
            .body(Full::new(body))
            .map_err(|error| unreachable(&error))?;
        let answer = async {
            let answer = self.http.request(request).await.map_err(|error| unreachable(&error))?;
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, LARGEST_ANSWER).collect().await;
            let body = body.map_err(|error| unreachable(&*error))?.to_bytes();
            Ok(Answer { status: head.status, headers: head.headers, body })
        };
        let late = Error::Unreachable { url: self.url.clone(), reason: "it does not answer in time".into() };
        tokio::time::timeout(PATIENCE, answer).await.unwrap_or(Err(late))
    }

    /// What an answer means that is not the one hoped for.
    fn refusal(&self, answer: &Answer) -> Error {
        if answer.status.is_redirection() {
            return self.not_notes(&format!("it is at {}", answer.header(&LOCATION)));
        }
        let problem: Option<Value> = serde_json::from_slice(&answer.body).ok();
        let detail = problem.as_ref().and_then(|problem| problem["detail"].as_str());
        match detail {
            Some(_) if answer.status == StatusCode::UNAUTHORIZED && !self.cookie.is_empty() => {
                Error::SignedOut
            }
            Some(detail) if answer.header(&CONTENT_TYPE) == "application/problem+json" => {
                Error::Refused(detail.to_owned())
            }
            _ => self.not_notes(&answer.status.to_string()),
        }
    }

    fn not_notes(&self, what: &str) -> Error {
        Error::NotNotes { url: self.url.clone(), what: what.into() }
    }
}

impl Answer {
    fn header(&self, name: &HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Whether the same request may be answered better in a while.
    fn is_busy(&self) -> bool {
        self.status.is_server_error() || self.status == StatusCode::TOO_MANY_REQUESTS
    }

    fn retry_after(&self) -> Option<Duration> {
        let seconds = self.header(&RETRY_AFTER).parse().ok().map(Duration::from_secs);
        seconds.map(|wait| wait.min(LONGEST_WAIT))
    }
}

/// The path of the next page, of a `Link: </api/export?cursor=...>; rel="next"`. A link to elsewhere is none: it would
/// be sent the cookie.
fn next_page(link: &str) -> Option<&str> {
    let (path, parameters) = link.strip_prefix('<')?.split_once('>')?;
    (path.starts_with("/api/export?") && parameters.contains(r#"rel="next""#)).then_some(path)
}

/// What is at the bottom of an error: the rest says where it came through.
fn root(error: &dyn std::error::Error) -> String {
    let mut root = error;
    while let Some(source) = root.source() {
        root = source;
    }
    root.to_string()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    use axum::Router;
    use axum::response::IntoResponse as _;
    use axum::routing::any;

    use super::*;

    /// Somebody at a server that answers everything so.
    async fn at(answer: impl Fn() -> axum::response::Response + Clone + Send + Sync + 'static) -> Client {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let router = Router::new().fallback(any(move || std::future::ready(answer())));
        tokio::spawn(axum::serve(listener, router).into_future());
        Client::new(&url).unwrap()
    }

    #[test]
    fn an_address_is_of_http_and_unprotected_only_on_this_machine() {
        for url in
            ["http://localhost:3000", "http://127.0.0.1/", "http://[::1]:3000", "https://notes.example"]
        {
            assert!(Client::new(url).is_ok(), "{url}");
        }
        for url in ["", "localhost:3000", "ftp://localhost", "https://", "notes.example"] {
            assert!(matches!(Client::new(url), Err(Error::NoAddress(_))), "{url}");
        }
        for url in ["http://notes.example", "http://localhost.example:3000"] {
            assert!(matches!(Client::new(url), Err(Error::Unprotected(_))), "{url}");
        }
    }

    #[test]
    fn the_next_page_is_an_exports_and_nowhere_else() {
        assert_eq!(next_page(r#"</api/export?cursor=YQ>; rel="next""#), Some("/api/export?cursor=YQ"));
        for link in [
            "",
            "/api/export?cursor=YQ",
            r#"</api/export?cursor=YQ>; rel="prev""#,
            r#"<https://elsewhere.example/api/export?cursor=YQ>; rel="next""#,
            r#"<//elsewhere.example>; rel="next""#,
        ] {
            assert_eq!(next_page(link), None, "{link}");
        }
    }

    #[tokio::test]
    async fn a_deployment_that_is_busy_is_asked_again_when_it_says() {
        let asked = Arc::new(AtomicU32::new(0));
        let busy_twice = {
            let asked = Arc::clone(&asked);
            move || match asked.fetch_add(1, Ordering::Relaxed) {
                0 => (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "0")], "").into_response(),
                1 => (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, "0")], "").into_response(),
                _ => r#"{"count": 7}"#.into_response(),
            }
        };
        assert_eq!(at(busy_twice).await.count().await.unwrap(), 7);
        assert_eq!(asked.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn a_deployment_that_stays_busy_is_told_of_in_its_own_words() {
        let busy = || {
            let headers = [(RETRY_AFTER, "0"), (CONTENT_TYPE, "application/problem+json")];
            (StatusCode::SERVICE_UNAVAILABLE, headers, r#"{"detail": "Too busy."}"#).into_response()
        };
        assert_eq!(at(busy).await.count().await.unwrap_err().to_string(), "Too busy.");
    }

    #[tokio::test]
    async fn too_many_attempts_to_sign_in_are_told_of_at_once() {
        let refuse = || {
            let headers = [(RETRY_AFTER, "900"), (CONTENT_TYPE, "application/problem+json")];
            (StatusCode::TOO_MANY_REQUESTS, headers, r#"{"detail": "Try again in 15 minutes."}"#)
                .into_response()
        };
        let error = at(refuse).await.sign_in("ada", "wrong").await.unwrap_err();
        assert_eq!(error.to_string(), "Try again in 15 minutes.");
    }

    #[tokio::test]
    async fn what_does_not_answer_as_notes_does_is_said_to_be_something_else() {
        let mut blog = at(|| "<html>".into_response()).await;
        for error in [
            blog.sign_in("ada", "password").await.unwrap_err(),
            blog.count().await.unwrap_err(),
            blog.export("/api/export").await.unwrap_err(),
            blog.import(Bytes::new()).await.unwrap_err(),
        ] {
            assert!(matches!(error, Error::NotNotes { .. }), "{error}");
        }
        let moved =
            || (StatusCode::MOVED_PERMANENTLY, [(LOCATION, "https://notes.example/")]).into_response();
        let error = at(moved).await.sign_in("ada", "password").await.unwrap_err().to_string();
        assert!(error.contains("it is at https://notes.example/"), "{error}");
        let error = at(|| StatusCode::NOT_FOUND.into_response()).await.sign_in("a", "b").await.unwrap_err();
        assert!(error.to_string().contains("404"), "{error}");
    }

    #[tokio::test]
    async fn a_session_that_has_ended_is_told_from_a_wrong_password() {
        let refuse = || {
            let headers = [(CONTENT_TYPE, "application/problem+json")];
            (StatusCode::UNAUTHORIZED, headers, r#"{"detail": "Sign in first."}"#).into_response()
        };
        let mut client = at(refuse).await;
        assert!(matches!(client.sign_in("ada", "wrong").await, Err(Error::Refused(_))));
        client.cookie = "session=ended".into();
        assert!(matches!(client.count().await, Err(Error::SignedOut)));
    }
}
