//! What the API answered.

use reqwest::RequestBuilder;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// What the API answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub async fn to(request: RequestBuilder) -> Self {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, body: response.text().await.unwrap() }
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The JSON of an answer of this status.
    #[track_caller]
    pub fn json(&self, status: u16) -> Value {
        assert_eq!(self.status, status, "{self:?}");
        assert_eq!(self.header("content-type"), "application/json");
        serde_json::from_str(&self.body).unwrap()
    }

    /// The values of an answer in lines of JSON.
    #[track_caller]
    pub fn lines(&self) -> Vec<Value> {
        assert_eq!(self.status, 200, "{self:?}");
        assert_eq!(self.header("content-type"), "application/x-ndjson");
        self.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The query of the next page, as the header `Link` has it.
    #[track_caller]
    pub fn next_query(&self) -> Option<&str> {
        let link = self.headers.get("link")?.to_str().unwrap();
        let query = link.strip_prefix("</api/export?").and_then(|rest| rest.strip_suffix(">; rel=\"next\""));
        Some(query.unwrap_or_else(|| panic!("{link}")))
    }

    /// The document of a problem of this status, which says all that RFC 9457 and we want it to.
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

    /// The names of the fields that a problem of this status finds fault with.
    #[track_caller]
    pub fn wrong_fields(&self, status: u16) -> Vec<String> {
        let problem = self.problem(status);
        let errors = problem["errors"].as_object().unwrap_or_else(|| panic!("no errors in {problem}"));
        assert!(errors.values().all(Value::is_string), "{problem}");
        errors.keys().cloned().collect()
    }

    /// Asserts that there is no content.
    #[track_caller]
    pub fn empty(&self, status: u16) {
        assert_eq!((self.status, self.body.as_str()), (status, ""), "{self:?}");
    }

    /// The session's cookie as a client would send it back.
    pub fn cookie(&self) -> &str {
        self.header("set-cookie").split(';').next().unwrap()
    }
}
