//! The public port: routes each path to its API.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use axum::response::{IntoResponse, Response};
use local_service::Meter;
use local_service::loopback::OpenPort;
use sam_template::Plan;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::cache::Cache;
use super::quotas;
use super::response_headers::Policy;
use crate::api_gateway;
use crate::console::{Console, Served};
use crate::http_api::HttpApi;
use crate::websocket_api::WebSocketApi;

/// What stands behind a path. A WebSocket API is entered by its stage's root, whatever the path was.
#[derive(Debug, Clone)]
enum Target {
    Http(Arc<HttpApi>),
    WebSocket(WebSocketApi),
}

#[derive(Debug)]
struct Edge {
    port: u16,
    /// Path patterns in order; the first that matches counts.
    behaviours: Vec<(String, Origin)>,
    /// What stands behind all other paths.
    default: Option<Origin>,
    /// Whether it stands for a distribution of the template.
    has_distribution: bool,
    console: Console,
    meter: Meter,
}

/// What stands behind a path, and what the distribution adds on the way to it, if there is one.
#[derive(Debug)]
struct Origin {
    target: Target,
    added: Option<HeaderMap>,
    /// What it keeps of the answers, if it may.
    cache: Option<Cache>,
    /// What it adds to the answers.
    policy: Policy,
}

/// The front edge, being served.
#[derive(Debug)]
pub(crate) struct Cdn {
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Cdn {
    /// Opens the edge: on `port`, to which `listeners` listen, with the APIs of the plan, by logical id, behind it.
    ///
    /// Without a distribution, a WebSocket API stands behind the path of its stage, as on AWS (where it has an address of
    /// its own), and the first HTTP API behind all others; or, where there is none, the WebSocket API, if there is one
    /// only.
    pub(crate) fn open(
        plan: &Plan,
        http_apis: &[(String, Arc<HttpApi>)],
        websocket_apis: &[(String, WebSocketApi)],
        ports: OpenPort,
        console: &Console,
        meter: &Meter,
    ) -> Self {
        let OpenPort { port, listeners } = ports;
        let http = |id: &str| {
            http_apis.iter().find(|(own, _)| own == id).map(|(_, api)| Target::Http(Arc::clone(api)))
        };
        let websocket = |id: &str| {
            websocket_apis.iter().find(|(own, _)| own == id).map(|(_, api)| Target::WebSocket(api.clone()))
        };
        let target = |id: &str| http(id).or_else(|| websocket(id));
        let alone = || match (http_apis, websocket_apis) {
            ([(id, _), ..], _) | ([], [(id, _)]) => Some(Origin::bare(target(id)?)),
            _ => None,
        };
        let origin = |declared: &sam_template::Origin| {
            let cache = declared.cached.then(Cache::default);
            let policy = Policy::of(&declared.response_headers);
            Some(Origin { target: target(&declared.api)?, added: Some(headers(declared)), cache, policy })
        };
        let (behaviours, default) = match &plan.cdn {
            Some(edge) => {
                let behaviours = edge.behaviours.iter();
                let behaviours = behaviours.filter_map(|(pattern, to)| Some((pattern.clone(), origin(to)?)));
                (behaviours.collect(), origin(&edge.default))
            }
            None => (stages(plan, &websocket), alone()),
        };
        let (console, meter) = (console.clone(), meter.clone());
        let has_distribution = plan.cdn.is_some();
        let edge = Arc::new(Edge { port, behaviours, default, has_distribution, console, meter });
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        for listener in listeners {
            let app = Router::new().fallback(enter).with_state(Arc::clone(&edge));
            let served = axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())
                .with_graceful_shutdown(stop.clone().cancelled_owned());
            tasks.spawn(async move {
                // It never fails: it accepts connections until it's told to stop.
                let _ = served.await;
            });
        }
        Self { tasks, stop }
    }

    /// Takes no more requests.
    pub(crate) fn close(&self) {
        self.stop.cancel();
    }

    /// Waits, after it was closed, until every request under way is answered.
    pub(crate) async fn closed(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }
}

impl Drop for Cdn {
    fn drop(&mut self) {
        self.close();
    }
}

/// The WebSocket APIs behind the paths of their stages.
fn stages(plan: &Plan, target: &impl Fn(&str) -> Option<Target>) -> Vec<(String, Origin)> {
    let stage = |api: &sam_template::WebSocketApi| Some((api.stage.clone(), target(&api.id)?));
    let stages = plan.websocket_apis.iter().filter_map(stage);
    let behaviours = stages.flat_map(|(stage, target)| {
        [format!("/{stage}"), format!("/{stage}/")].map(|pattern| (pattern, Origin::bare(target.clone())))
    });
    behaviours.collect()
}

async fn enter(
    State(edge): State<Arc<Edge>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    request: Request<Body>,
) -> Response {
    let begun = Instant::now();
    let (method, path) = (request.method().to_string(), request.uri().path().to_owned());
    let (head, body) = request.into_parts();
    let quota = quotas::exceeded(&head).filter(|_| edge.has_distribution);
    let request = Request::from_parts(head, body);
    let response = match (edge.check_host(&request), quota) {
        (Some(refusal), _) => refusal,
        (None, Some(quota)) => {
            edge.console.warning("CloudFront", quota.advice());
            quota.into_response()
        }
        (None, None) => edge.pass(request, &peer.ip().to_string()).await,
    };
    let bytes = response.body().size_hint().exact().unwrap_or_default();
    edge.meter.passed(edge.has_distribution, bytes);
    let served = response.extensions().get::<Served>();
    edge.console.request(&method, &path, response.status().as_u16(), begun.elapsed(), served);
    response
}

impl Edge {
    async fn pass(&self, request: Request<Body>, source: &str) -> Response {
        let path = request.uri().path();
        let behaviour = self.behaviours.iter().find(|(pattern, _)| matches(pattern, path));
        let Some(origin) = behaviour.map(|(_, origin)| origin).or(self.default.as_ref()) else {
            return api_gateway::message(StatusCode::NOT_FOUND, "The template declares no API for this path");
        };
        let mut response = match &origin.cache {
            Some(cache) => cache.answer(request, |request| origin.pass(request, source)).await,
            None => origin.pass(request, source).await,
        };
        origin.policy.apply(response.headers_mut());
        response
    }

    /// The page has one origin, `http://localhost:PORT`. Who comes by the address is sent there; who comes by another
    /// name is refused, or a foreign page could rebind its name to this machine and be taken for ours.
    fn check_host(&self, request: &Request<Body>) -> Option<Response> {
        let port = self.port;
        let host = api_gateway::text(request.headers(), "host").to_ascii_lowercase();
        let is = |name: &str| host == format!("{name}:{port}") || (port == 80 && host == name);
        if is("localhost") {
            return None;
        }
        let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
        let location = HeaderValue::from_str(&format!("http://localhost:{port}{path}"));
        match location {
            Ok(location) if is("127.0.0.1") || is("[::1]") => {
                Some((StatusCode::PERMANENT_REDIRECT, [("location", location)]).into_response())
            }
            _ => {
                let message = format!("This is http://localhost:{port}, under no other name.\n");
                Some((StatusCode::MISDIRECTED_REQUEST, message).into_response())
            }
        }
    }
}

impl Origin {
    /// An API without a distribution in front of it.
    fn bare(target: Target) -> Self {
        Self { target, added: None, cache: None, policy: Policy::default() }
    }

    async fn pass(&self, mut request: Request<Body>, source: &str) -> Response {
        if let Some(added) = &self.added {
            send_on(request.headers_mut(), added, source);
        }
        // The API's caller is the distribution, if there is one: on this machine, too.
        match &self.target {
            Target::Http(api) => api.handle(request, source).await,
            Target::WebSocket(api) => api.handle(request, source).await,
        }
    }
}

/// The headers that a distribution adds. A template's are such, or CloudFormation would refuse it.
fn headers(origin: &sam_template::Origin) -> HeaderMap {
    let header = |(name, value): &(String, String)| Some((name.parse().ok()?, value.parse().ok()?));
    origin.headers.iter().filter_map(header).collect::<Vec<(HeaderName, HeaderValue)>>().into_iter().collect()
}

/// Does to a viewer's headers what a distribution does: adds its own in the place of theirs, and whom it has them from.
fn send_on(headers: &mut HeaderMap, added: &HeaderMap, viewer: &str) {
    let forwarded = api_gateway::forwarded_for(headers, viewer);
    if let Ok(forwarded) = forwarded.parse() {
        headers.insert("x-forwarded-for", forwarded);
    }
    for (name, value) in added {
        headers.insert(name, value.clone());
    }
}

/// Whether a path is meant by a path pattern, in which `*` is any number of characters and `?` is one.
fn matches(pattern: &str, path: &str) -> bool {
    // CloudFront takes patterns with and without the leading slash for the same.
    fn rest(pattern: &[u8], path: &[u8]) -> bool {
        match (pattern.split_first(), path.split_first()) {
            (None, None) => true,
            (Some((b'*', pattern)), _) => (0..=path.len()).any(|skipped| rest(pattern, &path[skipped..])),
            (Some((b'?', pattern)), Some((_, path))) => rest(pattern, path),
            (Some((a, pattern)), Some((b, path))) => a == b && rest(pattern, path),
            _ => false,
        }
    }
    rest(pattern.trim_start_matches('/').as_bytes(), path.trim_start_matches('/').as_bytes())
}

/// How long requests under way are given when the cloud stops.
pub(crate) const GRACE: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distribution_says_whom_it_has_a_request_from_and_what_is_its_own_to_say() {
        let secret = ("x-secret".to_owned(), "ours".to_owned());
        let added = headers(&sam_template::Origin {
            api: "Api".to_owned(),
            headers: vec![secret],
            cached: false,
            response_headers: vec![],
        });
        let mut sent = HeaderMap::new();
        sent.insert("x-secret", HeaderValue::from_static("theirs"));
        sent.insert("x-forwarded-for", HeaderValue::from_static("203.0.113.7"));
        send_on(&mut sent, &added, "127.0.0.1");
        assert_eq!(sent["x-secret"], "ours");
        assert_eq!(sent["x-forwarded-for"], "203.0.113.7, 127.0.0.1");
    }

    #[test]
    fn patterns_match_as_in_cloudfront() {
        for (pattern, path) in [
            ("/socket.io/*", "/socket.io/"),
            ("/socket.io/*", "/socket.io/a/b"),
            ("socket.io/*", "/socket.io/"),
            ("/*.jpg", "/a/b.jpg"),
            ("/a?c", "/abc"),
            ("*", "/"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in
            [("/socket.io/*", "/socket.io"), ("/socket.io/*", "/Socket.io/"), ("/a?c", "/ac")]
        {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
    }
}
