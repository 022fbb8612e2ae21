//! A response of the API, and assertions on it.

use reqwest::RequestBuilder;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// A response of the API, read to its end.
#[derive(Debug)]
pub struct Response {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Response {
    /// Sends a request and reads the response.
    pub async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, body: response.text().await.unwrap() }
    }

    /// Returns the value of a header, or `""` without one.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Asserts the status, and parses the body as JSON.
    #[track_caller]
    pub fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/json");
        serde_json::from_str(&self.body).unwrap()
    }

    /// Asserts that the status is 200, and parses the body as lines of JSON.
    #[track_caller]
    pub fn lines(&self) -> Vec<Value> {
        assert_eq!(self.status, 200, "{self:?}");
        assert_eq!(self.header("content-type"), "application/x-ndjson");
        self.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Returns the query of the next page from the header `Link`.
    #[track_caller]
    pub fn next_query(&self) -> Option<&str> {
        let link = self.headers.get("link")?.to_str().unwrap();
        let query = link
            .strip_prefix("</api/boards/team/export?")
            .and_then(|rest| rest.strip_suffix(">; rel=\"next\""));
        Some(query.unwrap_or_else(|| panic!("{link}")))
    }

    /// Asserts the status, and parses the body as a problem document (RFC 9457) with all members that we require.
    #[track_caller]
    pub fn problem(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem: Value = serde_json::from_str(&self.body).unwrap();
        assert_eq!(problem["status"], status);
        for member in ["type", "title", "detail"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{member} in {problem}");
        }
        problem
    }

    /// Asserts that the response is a problem document with this status, and returns the names of its invalid fields.
    #[track_caller]
    pub fn wrong_fields(&self, status: u16) -> Vec<String> {
        let problem = self.problem(status);
        let errors = problem["errors"].as_object().unwrap_or_else(|| panic!("no errors in {problem}"));
        assert!(errors.values().all(Value::is_string), "{problem}");
        errors.keys().cloned().collect()
    }

    /// Asserts the status, and that the body is empty.
    #[track_caller]
    pub fn empty(&self, status: u16) {
        assert_eq!((self.status, self.body.as_str()), (status, ""), "{self:?}");
    }

    /// Returns the session's cookie as a client sends it back, `name=value`.
    pub fn cookie(&self) -> &str {
        self.header("set-cookie").split(';').next().unwrap()
    }

    /// Returns all cookies as a browser sends them back, `name=value; name=value`.
    pub fn cookies(&self) -> String {
        let cookies = self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        let cookies: Vec<&str> = cookies.map(|cookie| cookie.split(';').next().unwrap()).collect();
        cookies.join("; ")
    }

    /// Returns the header that sets the device's cookie.
    #[track_caller]
    pub fn device_cookie(&self) -> &str {
        let mut cookies = self.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap());
        cookies.find(|cookie| cookie.starts_with("__Host-notes-device=")).expect("the device has a cookie")
    }
}
