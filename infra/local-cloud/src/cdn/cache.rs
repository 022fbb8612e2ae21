//! What the distribution keeps of behaviours whose cache policy is Managed-CachingOptimized: answers to `GET`, by path and
//! by content coding, for as long as they say. Requests reach the API without cookies, query and other headers.
//! <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html>

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::api_gateway;

/// For how long an answer is kept that doesn't say: the policy's minimum, its default and its maximum.
const KEPT: [Duration; 3] =
    [Duration::from_secs(1), Duration::from_hours(24), Duration::from_hours(365 * 24)];
/// The largest answer that is kept. (CloudFront keeps 50 GB; a laptop needn't.)
const LARGEST: usize = 16 * 1024 * 1024;
/// How many answers are kept.
const MOST: usize = 1_000;
/// Says where an answer is from, as CloudFront does.
pub(super) const X_CACHE: HeaderName = HeaderName::from_static("x-cache");
/// What CloudFront tells its codings apart by, best first.
const CODINGS: [&str; 2] = ["br", "gzip"];

/// The answers that are kept.
#[derive(Debug, Default)]
pub(super) struct Cache {
    answers: Mutex<BTreeMap<Key, Kept>>,
}

/// A path, and the codings that the viewer takes.
type Key = (String, String);

#[derive(Debug, Clone)]
struct Kept {
    until: Instant,
    headers: HeaderMap,
    body: Bytes,
}

impl Cache {
    /// Answers a request: from what is kept, or with what `origin` answers.
    pub(super) async fn answer<F: Future<Output = Response>>(
        &self,
        request: Request<Body>,
        origin: impl FnOnce(Request<Body>) -> F,
    ) -> Response {
        if ![Method::GET, Method::HEAD].contains(request.method()) {
            return StatusCode::FORBIDDEN.into_response();
        }
        let codings = codings(request.headers());
        let key = (request.uri().path().to_owned(), codings.clone());
        let asked = request.headers().get(header::IF_NONE_MATCH).cloned();
        let is_get = request.method() == Method::GET;
        if let Some(kept) = self.get(&key).filter(|_| is_get) {
            return kept.answer(asked.as_ref());
        }
        let answer = origin(bare(request, &codings)).await;
        if answer.status() != StatusCode::OK || !is_get {
            return from(answer, "Miss from cloudfront");
        }
        let (head, body) = answer.into_parts();
        let Ok(body) = to_bytes(body, LARGEST).await else { return StatusCode::BAD_GATEWAY.into_response() };
        if let Some(lasting) = lasting(&head.headers) {
            let kept =
                Kept { until: Instant::now() + lasting, headers: head.headers.clone(), body: body.clone() };
            self.keep(key, kept);
        }
        let answer = matching(Response::from_parts(head, Body::from(body)), asked.as_ref());
        from(answer, "Miss from cloudfront")
    }

    fn get(&self, key: &Key) -> Option<Kept> {
        let answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.get(key).filter(|kept| kept.until > Instant::now()).cloned()
    }

    fn keep(&self, key: Key, kept: Kept) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if answers.len() >= MOST {
            answers.clear();
        }
        answers.insert(key, kept);
    }
}

impl Kept {
    fn answer(self, asked: Option<&HeaderValue>) -> Response {
        let mut answer = Response::new(Body::from(self.body));
        *answer.headers_mut() = self.headers;
        from(matching(answer, asked), "Hit from cloudfront")
    }
}

/// The request as the policy lets it through.
fn bare(request: Request<Body>, codings: &str) -> Request<Body> {
    let (mut head, body) = request.into_parts();
    let path = head.uri.path().to_owned();
    // A path is one, with or without what follows it.
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

/// The codings that a viewer takes, of those that count.
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

/// For how long an answer may be kept, if at all.
fn lasting(headers: &HeaderMap) -> Option<Duration> {
    let [minimum, default, maximum] = KEPT;
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

/// Nothing but the head, if the viewer has it.
fn matching(mut answer: Response, asked: Option<&HeaderValue>) -> Response {
    if asked.is_some() && answer.headers().get(header::ETAG) == asked {
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        *answer.body_mut() = Body::empty();
    }
    answer
}

fn from(mut answer: Response, place: &'static str) -> Response {
    answer.headers_mut().insert(X_CACHE, HeaderValue::from_static(place));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks a cache; the origin answers what it was asked, and counts.
    async fn ask(cache: &Cache, asked: &mut u32, request: Request<Body>) -> (u16, HeaderMap, String) {
        let answer = cache
            .answer(request, async |request| {
                *asked += 1;
                let told = format!("{} {:?}", request.uri(), request.headers());
                let tag = [("etag", "\"1\""), ("cache-control", "public, max-age=60")];
                (tag, told).into_response()
            })
            .await;
        let (head, body) = answer.into_parts();
        let body = to_bytes(body, 1_000).await.unwrap();
        (head.status.as_u16(), head.headers, String::from_utf8(body.into()).unwrap())
    }

    fn get(uri: &str, headers: &[(&str, &str)]) -> Request<Body> {
        let request =
            headers.iter().fold(Request::get(uri), |request, (name, value)| request.header(*name, *value));
        request.body(Body::empty()).unwrap()
    }

    #[tokio::test]
    async fn an_answer_is_kept_by_path_and_coding_and_the_api_sees_nothing_else() {
        let (cache, mut asked) = (Cache::default(), 0);
        let (_, headers, body) = ask(
            &cache,
            &mut asked,
            get("/assets/a.js?x=1", &[("cookie", "a=1"), ("accept-encoding", "gzip, br")]),
        )
        .await;
        assert_eq!(headers["x-cache"], "Miss from cloudfront");
        assert_eq!(body, r#"/assets/a.js {"accept-encoding": "br,gzip"}"#);
        let (_, headers, again) =
            ask(&cache, &mut asked, get("/assets/a.js", &[("accept-encoding", "br;q=1, gzip")])).await;
        assert_eq!((headers["x-cache"].as_bytes(), again), (&b"Hit from cloudfront"[..], body));
        assert_eq!(asked, 1);
        let (_, _, plain) =
            ask(&cache, &mut asked, get("/assets/a.js", &[("accept-encoding", "br;q=0")])).await;
        assert_eq!(plain, "/assets/a.js {}");
        assert_eq!(asked, 2);
    }

    #[tokio::test]
    async fn who_has_it_is_told_so_and_who_would_change_it_is_refused() {
        let (cache, mut asked) = (Cache::default(), 0);
        for _ in 0..2 {
            let (status, _, body) =
                ask(&cache, &mut asked, get("/assets/a.js", &[("if-none-match", "\"1\"")])).await;
            assert_eq!((status, body.as_str()), (304, ""));
        }
        let post = Request::post("/assets/a.js").body(Body::empty()).unwrap();
        assert_eq!(ask(&cache, &mut asked, post).await.0, 403);
        assert_eq!(asked, 1);
    }

    #[test]
    fn what_is_kept_is_kept_for_as_long_as_it_says() {
        let lasting = |control: &'static str| {
            let headers = [(header::CACHE_CONTROL, HeaderValue::from_static(control))];
            super::lasting(&headers.into_iter().collect())
        };
        assert_eq!(lasting("public, max-age=31536000, immutable"), Some(Duration::from_hours(8760)));
        assert_eq!(lasting("max-age=5, s-maxage=9"), Some(Duration::from_secs(9)));
        assert_eq!(lasting("max-age=0"), Some(Duration::from_secs(1)));
        assert_eq!(lasting("public"), Some(Duration::from_hours(24)));
        for never in ["no-cache", "no-store", "private, max-age=9"] {
            assert_eq!(lasting(never), None, "{never}");
        }
        assert_eq!(super::lasting(&HeaderMap::new()), Some(Duration::from_hours(24)));
    }
}
