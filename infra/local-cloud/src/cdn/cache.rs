//! The cache of behaviours with the cache policy Managed-CachingOptimized. It holds responses to `GET` by path and content
//! coding, for as long as their headers say. The API gets requests without cookies, query and other headers.
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html>

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::api_gateway;

/// The minimum, default and maximum lifetime of a response, from the cache policy.
const LIFETIMES: [Duration; 3] =
    [Duration::from_secs(1), Duration::from_hours(24), Duration::from_hours(365 * 24)];
/// The maximum size of a cached response in bytes. (CloudFront's limit is 50 GB.)
const MAXIMUM_SIZE: usize = 16 * 1024 * 1024;
/// The maximum number of cached responses.
const CAPACITY: usize = 1_000;
/// CloudFront's header that tells a hit from a miss.
pub(super) const X_CACHE: HeaderName = HeaderName::from_static("x-cache");
/// The content codings that CloudFront distinguishes, best first.
const CODINGS: [&str; 2] = ["br", "gzip"];

/// The cached responses of a behaviour.
#[derive(Debug, Default)]
pub(super) struct Cache {
    entries: Mutex<BTreeMap<Key, Entry>>,
}

/// A path, and the codings that the viewer accepts.
type Key = (String, String);

#[derive(Debug, Clone)]
struct Entry {
    expires: Instant,
    headers: HeaderMap,
    body: Bytes,
}

impl Cache {
    /// Responds to a request from the cache, or from `origin`.
    pub(super) async fn respond<F: Future<Output = Response>>(
        &self,
        request: Request<Body>,
        origin: impl FnOnce(Request<Body>) -> F,
    ) -> Response {
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            return StatusCode::FORBIDDEN.into_response();
        }
        let codings = codings(request.headers());
        let key = (request.uri().path().to_owned(), codings.clone());
        let if_none_match = request.headers().get(header::IF_NONE_MATCH).cloned();
        let is_get = request.method() == Method::GET;
        if let Some(entry) = self.get(&key).filter(|_| is_get) {
            return entry.into_response(if_none_match.as_ref());
        }
        let response = origin(without_headers(request, &codings)).await;
        if response.status() != StatusCode::OK || !is_get {
            return with_x_cache(response, "Miss from cloudfront");
        }
        let (head, body) = response.into_parts();
        let Ok(body) = to_bytes(body, MAXIMUM_SIZE).await else {
            return StatusCode::BAD_GATEWAY.into_response();
        };
        if let Some(lifetime) = lifetime(&head.headers) {
            let (expires, headers) = (Instant::now() + lifetime, head.headers.clone());
            self.insert(key, Entry { expires, headers, body: body.clone() });
        }
        let response = conditional(Response::from_parts(head, Body::from(body)), if_none_match.as_ref());
        with_x_cache(response, "Miss from cloudfront")
    }

    fn get(&self, key: &Key) -> Option<Entry> {
        let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.get(key).filter(|entry| entry.expires > Instant::now()).cloned()
    }

    fn insert(&self, key: Key, entry: Entry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= CAPACITY {
            entries.clear();
        }
        entries.insert(key, entry);
    }
}

impl Entry {
    fn into_response(self, if_none_match: Option<&HeaderValue>) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.headers_mut() = self.headers;
        with_x_cache(conditional(response, if_none_match), "Hit from cloudfront")
    }
}

/// Returns the request with only the headers that the policy forwards, and without its query.
fn without_headers(request: Request<Body>, codings: &str) -> Request<Body> {
    let (mut head, body) = request.into_parts();
    let path = head.uri.path().to_owned();
    // A path is always a valid URI.
    head.uri = path.parse::<Uri>().unwrap_or(head.uri);
    let host = head.headers.remove(header::HOST);
    head.headers = HeaderMap::new();
    head.headers.extend(host.map(|host| (header::HOST, host)));
    if let Ok(codings) = HeaderValue::from_str(codings)
        && !codings.is_empty()
    {
        head.headers.insert(header::ACCEPT_ENCODING, codings);
    }
    Request::from_parts(head, body)
}

/// Returns the codings that a viewer accepts, out of [`CODINGS`].
fn codings(headers: &HeaderMap) -> String {
    let accepted: Vec<_> = api_gateway::lines(headers, header::ACCEPT_ENCODING.as_str()).collect();
    let accepted: Vec<&str> = accepted
        .iter()
        .flat_map(|line| line.split(','))
        .filter(|coding| !coding.replace(' ', "").ends_with(";q=0"))
        .map(|coding| coding.split(';').next().unwrap_or_default().trim())
        .collect();
    CODINGS.into_iter().filter(|coding| accepted.contains(coding)).collect::<Vec<_>>().join(",")
}

/// Returns how long a response may be cached, or `None` if it may not.
fn lifetime(headers: &HeaderMap) -> Option<Duration> {
    let [minimum, default, maximum] = LIFETIMES;
    let Some(control) = headers.get(header::CACHE_CONTROL).and_then(|control| control.to_str().ok()) else {
        return Some(default);
    };
    let directives: Vec<&str> = control.split(',').map(str::trim).collect();
    if ["no-cache", "no-store", "private"].iter().any(|never| directives.contains(never)) {
        return None;
    }
    let age = |name: &str| directives.iter().find_map(|directive| directive.strip_prefix(name)?.parse().ok());
    let age = age("s-maxage=").or_else(|| age("max-age=")).map(Duration::from_secs);
    Some(age.unwrap_or(default).clamp(minimum, maximum))
}

/// Converts a response to 304 if the viewer already has it.
fn conditional(mut response: Response, if_none_match: Option<&HeaderValue>) -> Response {
    if if_none_match.is_some() && response.headers().get(header::ETAG) == if_none_match {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
    }
    response
}

fn with_x_cache(mut response: Response, value: &'static str) -> Response {
    response.headers_mut().insert(X_CACHE, HeaderValue::from_static(value));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sends a request to a cache. The origin echoes its requests and counts them.
    async fn send(cache: &Cache, requests: &mut u32, request: Request<Body>) -> (u16, HeaderMap, String) {
        let response = cache
            .respond(request, async |request| {
                *requests += 1;
                let echo = format!("{} {:?}", request.uri(), request.headers());
                let headers = [("etag", "\"1\""), ("cache-control", "public, max-age=60")];
                (headers, echo).into_response()
            })
            .await;
        let (head, body) = response.into_parts();
        let body = to_bytes(body, 1_000).await.unwrap();
        (head.status.as_u16(), head.headers, String::from_utf8(body.into()).unwrap())
    }

    fn get(uri: &str, headers: &[(&str, &str)]) -> Request<Body> {
        let request =
            headers.iter().fold(Request::get(uri), |request, (name, value)| request.header(*name, *value));
        request.body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn a_response_is_cached_by_path_and_coding_and_the_api_sees_nothing_else() {
        let (cache, mut requests) = (Cache::default(), 0);
        let (_, headers, body) = send(
            &cache,
            &mut requests,
            get("/assets/a.js?x=1", &[("cookie", "a=1"), ("accept-encoding", "gzip, br")]),
        )
        .await;
        assert_eq!(headers["x-cache"], "Miss from cloudfront");
        assert_eq!(body, r#"/assets/a.js {"accept-encoding": "br,gzip"}"#);
        let (_, headers, again) =
            send(&cache, &mut requests, get("/assets/a.js", &[("accept-encoding", "br;q=1, gzip")])).await;
        assert_eq!((headers["x-cache"].as_bytes(), again), (&b"Hit from cloudfront"[..], body));
        assert_eq!(requests, 1);
        let (_, _, plain) =
            send(&cache, &mut requests, get("/assets/a.js", &[("accept-encoding", "br;q=0")])).await;
        assert_eq!(plain, "/assets/a.js {}");
        assert_eq!(requests, 2);
    }

    #[tokio::test]
    async fn a_matching_etag_is_304_and_other_methods_are_403() {
        let (cache, mut requests) = (Cache::default(), 0);
        for _ in 0..2 {
            let (status, _, body) =
                send(&cache, &mut requests, get("/assets/a.js", &[("if-none-match", "\"1\"")])).await;
            assert_eq!((status, body.as_str()), (304, ""));
        }
        let post = Request::post("/assets/a.js").body(Body::empty()).unwrap();
        assert_eq!(send(&cache, &mut requests, post).await.0, 403);
        assert_eq!(requests, 1);
    }

    #[test]
    fn the_lifetime_follows_cache_control() {
        let lifetime = |control: &'static str| {
            let headers = [(header::CACHE_CONTROL, HeaderValue::from_static(control))];
            super::lifetime(&headers.into_iter().collect())
        };
        assert_eq!(lifetime("public, max-age=31536000, immutable"), Some(Duration::from_hours(8760)));
        assert_eq!(lifetime("max-age=5, s-maxage=9"), Some(Duration::from_secs(9)));
        assert_eq!(lifetime("max-age=0"), Some(Duration::from_secs(1)));
        assert_eq!(lifetime("public"), Some(Duration::from_hours(24)));
        for never in ["no-cache", "no-store", "private, max-age=9"] {
            assert_eq!(lifetime(never), None, "{never}");
        }
        assert_eq!(super::lifetime(&HeaderMap::new()), Some(Duration::from_hours(24)));
    }
}
