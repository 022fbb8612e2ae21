//! A client of a deployment's HTTP API.

use std::time::Duration;

use backon::{ExponentialBuilder, Retryable as _};
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, LINK, LOCATION, RETRY_AFTER, SET_COOKIE};
use reqwest::{Method, StatusCode, Url, redirect};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::Error;

/// Timeout of a request. API Gateway ends a request after half of it.
const TIMEOUT: Duration = Duration::from_mins(1);
/// Timeout of signing out, which nobody waits for.
const SIGN_OUT_TIMEOUT: Duration = Duration::from_secs(5);
/// Attempts per request.
const ATTEMPTS: usize = 6;
/// Wait before the second attempt. It doubles before each further one.
const FIRST_WAIT: Duration = Duration::from_secs(1);
/// Upper limit of a server's `Retry-After`.
const MAX_RETRY_AFTER: Duration = Duration::from_mins(2);
/// Maximum size of a response: more than Lambda can send.
const MAX_RESPONSE: usize = 8 * 1024 * 1024;

const NDJSON: &str = "application/x-ndjson";

/// A client of one board of a deployment, as one user.
#[derive(Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    url: String,
    board: String,
    /// The session cookie. A cookie store would not send this `Secure` cookie over HTTP, which the local cloud uses.
    cookie: String,
}

/// A page of an export.
#[derive(Debug)]
pub(crate) struct Page {
    /// Its lines.
    pub(crate) lines: Vec<u8>,
    /// The path of the next page, if there is one.
    pub(crate) next: Option<String>,
}

/// The outcome of an imported line.
#[derive(Debug, Deserialize)]
pub(crate) struct Imported {
    /// The note's key, if the line has one.
    pub(crate) key: Option<String>,
    /// `created`, `skipped` or `refused`.
    pub(crate) outcome: String,
    /// The reason of a refusal.
    #[serde(default, rename = "why")]
    pub(crate) reason: String,
}

struct Response {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// An attempt without the expected response.
struct FailedAttempt {
    error: Error,
    may_retry: bool,
    /// The wait that the server asks for.
    retry_after: Option<Duration>,
}

/// A request that can be repeated.
#[derive(Clone)]
struct Request<'a> {
    method: Method,
    path: &'a str,
    content_type: &'a str,
    body: Vec<u8>,
}

impl<'a> Request<'a> {
    fn get(path: &'a str) -> Self {
        Self { method: Method::GET, path, content_type: "", body: Vec::new() }
    }

    fn post(path: &'a str, content_type: &'a str, body: Vec<u8>) -> Self {
        Self { method: Method::POST, path, content_type, body }
    }
}

impl Client {
    /// Creates a client of a board of the deployment at `url`, without a user.
    pub(crate) fn new(url: &str, board: &str) -> Result<Self, Error> {
        // The server checks whether the board exists. This refuses only an id that would change the address.
        if board.is_empty() || !board.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
            return Err(Error::NoBoard(board.into()));
        }
        let url = url.trim_end_matches('/');
        let address = Url::parse(url).ok().filter(|address| matches!(address.scheme(), "http" | "https"));
        let Some(address) = address else { return Err(Error::NoAddress(url.into())) };
        let is_here = matches!(address.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if address.scheme() == "http" && !is_here {
            return Err(Error::Unprotected(url.into()));
        }
        let http = reqwest::Client::builder().timeout(TIMEOUT).redirect(redirect::Policy::none());
        let http =
            http.build().map_err(|error| Error::Unreachable { url: url.into(), reason: root(&error) })?;
        Ok(Self { http, url: url.into(), board: board.into(), cookie: String::new() })
    }

    /// Returns the address of the board's page.
    pub(crate) fn board_url(&self) -> String {
        format!("{}/#/boards/{}", self.url, self.board)
    }

    /// Returns the path of the first page of an export.
    pub(crate) fn first_page(&self) -> String {
        self.path("export")
    }

    fn path(&self, rest: &str) -> String {
        format!("/api/boards/{}/{rest}", self.board)
    }

    /// Signs in.
    pub(crate) async fn sign_in(&mut self, username: &str, password: &str) -> Result<(), Error> {
        let credentials = json!({ "username": username, "password": password }).to_string();
        let request = Request::post("/api/session", "application/json", credentials.into());
        let response = self.once(request).await?;
        if response.status != StatusCode::OK {
            return Err(self.refusal(&response));
        }
        let cookie = response.header(&SET_COOKIE).split(';').next().unwrap_or_default();
        if cookie.is_empty() {
            return Err(self.not_notes("it does not sign the user in"));
        }
        cookie.clone_into(&mut self.cookie);
        Ok(())
    }

    /// Ends the session. After a failure the session expires by itself.
    pub(crate) async fn sign_out(&self) {
        let request = Request { method: Method::DELETE, ..Request::get("/api/session") };
        let _ = tokio::time::timeout(SIGN_OUT_TIMEOUT, self.once(request)).await;
    }

    /// Returns the number of notes.
    pub(crate) async fn count(&self) -> Result<u64, Error> {
        let response = self.send(Request::get(&self.path("notes?select=count"))).await?;
        let count: Option<Value> = serde_json::from_slice(&response.body).ok();
        count
            .and_then(|count| count["count"].as_u64())
            .ok_or_else(|| self.not_notes("it does not count its notes"))
    }

    /// Returns a page of an export.
    pub(crate) async fn export(&self, path: &str) -> Result<Page, Error> {
        let response = self.send(Request::get(path)).await?;
        if response.header(&CONTENT_TYPE) != NDJSON {
            return Err(self.not_notes("its export has another format"));
        }
        let next = next_page(response.header(&LINK), &self.first_page()).map(str::to_owned);
        Ok(Page { lines: response.body, next })
    }

    /// Imports lines. Returns the outcomes of the lines that the server had time for, from the first one on.
    pub(crate) async fn import(&self, lines: Vec<u8>) -> Result<Vec<Imported>, Error> {
        let response = self.send(Request::post(&self.path("import"), NDJSON, lines)).await?;
        let outcomes = serde_json::Deserializer::from_slice(&response.body).into_iter();
        let outcomes = outcomes.collect::<Result<Vec<Imported>, _>>().unwrap_or_default();
        if outcomes.is_empty() {
            return Err(self.not_notes("its import has another format"));
        }
        Ok(outcomes)
    }

    /// Sends a request. Retries after a broken connection, a server error, or 429.
    async fn send(&self, request: Request<'_>) -> Result<Response, Error> {
        let attempt = async || match self.once(request.clone()).await {
            Ok(response) if response.status == StatusCode::OK => Ok(response),
            Ok(response) => Err(FailedAttempt {
                error: self.refusal(&response),
                may_retry: response.is_busy(),
                retry_after: response.retry_after(),
            }),
            Err(error) => Err(FailedAttempt { error, may_retry: true, retry_after: None }),
        };
        let response = attempt
            .retry(waits())
            .when(|failed| failed.may_retry)
            // Without a wait there is no attempt left, and the wait that the server asks for cannot add one.
            .adjust(|failed, wait| wait.map(|wait| failed.retry_after.unwrap_or(wait)));
        response.await.map_err(|failed| failed.error)
    }

    async fn once(&self, request: Request<'_>) -> Result<Response, Error> {
        let Request { method, path, content_type, body } = request;
        let response = async {
            let request = self.http.request(method, format!("{}{path}", self.url));
            let request = request.header(CONTENT_TYPE, content_type).header(COOKIE, &self.cookie).body(body);
            let mut response = request.send().await?;
            let mut body = Vec::new();
            while let Some(chunk) = response.chunk().await? {
                body.extend_from_slice(&chunk);
                if body.len() > MAX_RESPONSE {
                    body.clear();
                    break;
                }
            }
            Ok(Response { status: response.status(), headers: response.headers().clone(), body })
        };
        response.await.map_err(|error: reqwest::Error| {
            let reason = if error.is_timeout() { "it does not respond in time".into() } else { root(&error) };
            Error::Unreachable { url: self.url.clone(), reason }
        })
    }

    /// Converts an unexpected response into an error.
    fn refusal(&self, response: &Response) -> Error {
        if response.status.is_redirection() {
            return self.not_notes(&format!("it is at {}", response.header(&LOCATION)));
        }
        let problem: Option<Value> = serde_json::from_slice(&response.body).ok();
        let detail = problem.as_ref().and_then(|problem| problem["detail"].as_str());
        match detail {
            Some(_) if response.status == StatusCode::UNAUTHORIZED && !self.cookie.is_empty() => {
                Error::SignedOut
            }
            Some(detail) if response.header(&CONTENT_TYPE) == "application/problem+json" => {
                Error::Refused(detail.to_owned())
            }
            _ => self.not_notes(&response.status.to_string()),
        }
    }

    fn not_notes(&self, what: &str) -> Error {
        Error::NotNotes { url: self.url.clone(), what: what.into() }
    }
}

impl Response {
    fn header(&self, name: &HeaderName) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Returns whether a retry may succeed.
    fn is_busy(&self) -> bool {
        self.status.is_server_error() || self.status == StatusCode::TOO_MANY_REQUESTS
    }

    fn retry_after(&self) -> Option<Duration> {
        let seconds = self.header(&RETRY_AFTER).parse().ok().map(Duration::from_secs);
        seconds.map(|wait| wait.min(MAX_RETRY_AFTER))
    }
}

/// Returns the waits between attempts, unless the server asks for others.
fn waits() -> ExponentialBuilder {
    ExponentialBuilder::new().with_min_delay(FIRST_WAIT).with_max_times(ATTEMPTS - 1)
}

/// Returns the path in `Link: </api/boards/team/export?cursor=...>; rel="next"`. Other addresses than that of the first page
/// are ignored: they would receive the cookie.
fn next_page<'a>(link: &'a str, first_page: &str) -> Option<&'a str> {
    let (path, parameters) = link.strip_prefix('<')?.split_once('>')?;
    let is_of_the_board = path.strip_prefix(first_page).is_some_and(|rest| rest.starts_with('?'));
    (is_of_the_board && parameters.contains(r#"rel="next""#)).then_some(path)
}

/// Returns the innermost cause of an error.
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
    use backon::BackoffBuilder as _;

    use super::*;

    /// Returns a client of a server that responds to every request with `respond`.
    async fn at(respond: impl Fn() -> axum::response::Response + Clone + Send + Sync + 'static) -> Client {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://localhost:{}", listener.local_addr().unwrap().port());
        let router = Router::new().fallback(any(move || std::future::ready(respond())));
        tokio::spawn(axum::serve(listener, router).into_future());
        Client::new(&url, "team").unwrap()
    }

    #[test]
    fn an_address_needs_https_except_on_this_machine() {
        for url in
            ["http://localhost:3000", "http://127.0.0.1/", "http://[::1]:3000", "https://notes.example"]
        {
            assert!(Client::new(url, "team").is_ok(), "{url}");
        }
        for url in ["", "localhost:3000", "ftp://localhost", "https://", "notes.example"] {
            assert!(matches!(Client::new(url, "team"), Err(Error::NoAddress(_))), "{url}");
        }
        for url in ["http://notes.example", "http://localhost.example:3000"] {
            assert!(matches!(Client::new(url, "team"), Err(Error::Unprotected(_))), "{url}");
        }
    }

    #[test]
    fn a_board_is_an_id_and_not_a_path() {
        for board in ["team", "019ab2b5-8e30-7c4b-9d52-3f1c0e6a7b88"] {
            assert!(Client::new("http://localhost", board).is_ok(), "{board}");
        }
        for board in ["", "../session", "a/b", "a?b", "a b"] {
            assert!(matches!(Client::new("http://localhost", board), Err(Error::NoBoard(_))), "{board}");
        }
    }

    #[test]
    fn the_next_page_is_a_path_of_the_export_only() {
        let first = "/api/boards/team/export";
        let next = "/api/boards/team/export?cursor=YQ";
        assert_eq!(next_page(&format!(r#"<{next}>; rel="next""#), first), Some(next));
        for link in [
            "",
            next,
            r#"</api/boards/team/export?cursor=YQ>; rel="prev""#,
            r#"</api/boards/other/export?cursor=YQ>; rel="next""#,
            r#"</api/boards/team/exports?cursor=YQ>; rel="next""#,
            r#"<https://elsewhere.example/api/boards/team/export?cursor=YQ>; rel="next""#,
            r#"<//elsewhere.example>; rel="next""#,
        ] {
            assert_eq!(next_page(link, first), None, "{link}");
        }
    }

    #[tokio::test]
    async fn a_request_to_a_busy_deployment_is_retried_after_the_time_that_it_asks_for() {
        let requests = Arc::new(AtomicU32::new(0));
        let busy_twice = {
            let requests = Arc::clone(&requests);
            move || match requests.fetch_add(1, Ordering::Relaxed) {
                0 => (StatusCode::SERVICE_UNAVAILABLE, [(RETRY_AFTER, "0")], "").into_response(),
                1 => (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, "0")], "").into_response(),
                _ => r#"{"count": 7}"#.into_response(),
            }
        };
        assert_eq!(at(busy_twice).await.count().await.unwrap(), 7);
        assert_eq!(requests.load(Ordering::Relaxed), 3);
    }

    #[tokio::test]
    async fn a_deployment_that_stays_busy_is_reported_in_its_own_words_after_six_attempts() {
        let requests = Arc::new(AtomicU32::new(0));
        let busy = {
            let requests = Arc::clone(&requests);
            move || {
                requests.fetch_add(1, Ordering::Relaxed);
                let headers = [(RETRY_AFTER, "0"), (CONTENT_TYPE, "application/problem+json")];
                (StatusCode::SERVICE_UNAVAILABLE, headers, r#"{"detail": "Too busy."}"#).into_response()
            }
        };
        assert_eq!(at(busy).await.count().await.unwrap_err().to_string(), "Too busy.");
        assert_eq!(requests.load(Ordering::Relaxed), 6);
    }

    #[test]
    fn the_wait_doubles_between_six_attempts() {
        let seconds: Vec<_> = waits().build().map(|wait| wait.as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16]);
    }

    #[tokio::test]
    async fn a_refused_sign_in_is_reported_without_a_retry() {
        let refuse = || {
            let headers = [(RETRY_AFTER, "900"), (CONTENT_TYPE, "application/problem+json")];
            (StatusCode::TOO_MANY_REQUESTS, headers, r#"{"detail": "Try again in 15 minutes."}"#)
                .into_response()
        };
        let error = at(refuse).await.sign_in("ada", "wrong").await.unwrap_err();
        assert_eq!(error.to_string(), "Try again in 15 minutes.");
    }

    #[tokio::test]
    async fn a_server_that_is_not_notes_is_reported_as_such() {
        let mut blog = at(|| "<html>".into_response()).await;
        for error in [
            blog.sign_in("ada", "password").await.unwrap_err(),
            blog.count().await.unwrap_err(),
            blog.export("/api/export").await.unwrap_err(),
            blog.import(Vec::new()).await.unwrap_err(),
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
    async fn an_ended_session_and_a_wrong_password_have_different_errors() {
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
