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

use super::api::{Direct, Target};
use super::cache::Cache;
use super::quotas;
use super::response_headers::Policy;
use crate::api_gateway;
use crate::console::{Console, Served};
use crate::http_api::HttpApi;
use crate::websocket_api::WebSocketApi;

#[derive(Debug)]
struct Edge {
    port: u16,
    /// Path patterns in order. The first match counts.
    behaviours: Vec<(String, Origin)>,
    /// The origin of all other paths.
    default: Option<Origin>,
    /// The APIs by their own hosts. The distribution adds nothing to these requests.
    own_hosts: Vec<(String, Direct)>,
    /// Whether the template declares a distribution.
    has_distribution: bool,
    console: Console,
    meter: Meter,
}

/// The API behind a path, and the settings of the distribution, if there is one.
#[derive(Debug)]
struct Origin {
    target: Target,
    /// The custom headers that the distribution adds to requests.
    added: Option<HeaderMap>,
    /// The cache, if the behaviour is cached.
    cache: Option<Cache>,
    /// The headers that the distribution adds to responses.
    policy: Policy,
}

/// The running public port. Dropping it closes it.
#[derive(Debug)]
pub(crate) struct Cdn {
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Cdn {
    /// Serves the APIs of the plan, by logical id, on an open port.
    ///
    /// Without a distribution, a WebSocket API has the path of its stage, as on AWS, and the first HTTP API has all
    /// other paths. Without an HTTP API, a single WebSocket API has all paths.
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
        let fallback = || match (http_apis, websocket_apis) {
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
            None => (stages(plan, &websocket), fallback()),
        };
        let own_hosts = Direct::all(plan, &target);
        let (console, meter) = (console.clone(), meter.clone());
        let has_distribution = plan.cdn.is_some();
        let edge = Arc::new(Edge { port, behaviours, default, own_hosts, has_distribution, console, meter });
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        for listener in listeners {
            let app = Router::new().fallback(enter).with_state(Arc::clone(&edge));
            let served = axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>())
                .with_graceful_shutdown(stop.clone().cancelled_owned());
            tasks.spawn(async move {
                // This never fails: it accepts connections until the token is cancelled.
                let _ = served.await;
            });
        }
        Self { tasks, stop }
    }

    /// Stops accepting requests.
    pub(crate) fn close(&self) {
        self.stop.cancel();
    }

    /// Waits until every running request has its response. Call it after `close`.
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

/// Returns the WebSocket APIs with the paths of their stages.
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
    let quota = quotas::exceeded(&head);
    let request = Request::from_parts(head, body);
    let source = peer.ip().to_string();
    let direct = edge.direct(request.headers());
    let is_distributed = edge.has_distribution && direct.is_none();
    let response = match (direct, edge.check_host(&request), quota.filter(|_| is_distributed)) {
        (Some(api), ..) => api.handle(request, &source).await,
        (None, Some(refusal), _) => refusal,
        (None, None, Some(quota)) => {
            edge.console.warning("CloudFront", quota.advice());
            quota.into_response()
        }
        (None, None, None) => edge.pass(request, &source).await,
    };
    let bytes = response.body().size_hint().exact().unwrap_or_default();
    edge.meter.passed(is_distributed, bytes);
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
            Some(cache) => cache.respond(request, |request| origin.pass(request, source)).await,
            None => origin.pass(request, source).await,
        };
        origin.policy.apply(response.headers_mut());
        response
    }

    /// Returns the API whose own address the request has.
    fn direct(&self, headers: &HeaderMap) -> Option<&Direct> {
        let host = self.host(headers);
        self.own_hosts.iter().find(|(own, _)| host.as_deref() == Some(own)).map(|(_, api)| api)
    }

    /// Returns the host of a request, in lower case, if it names this port.
    fn host(&self, headers: &HeaderMap) -> Option<String> {
        let host = api_gateway::text(headers, "host").to_ascii_lowercase();
        match host.strip_suffix(&format!(":{}", self.port)) {
            Some(name) => Some(name.to_owned()),
            None => (self.port == 80).then_some(host),
        }
    }

    /// Checks the host of a request. The only origin of the distribution is `http://localhost:PORT`. A loopback address is redirected there.
    /// Other names are rejected, which prevents DNS rebinding: a foreign page could point its name to this machine.
    fn check_host(&self, request: &Request<Body>) -> Option<Response> {
        let port = self.port;
        let host = self.host(request.headers());
        let is = |name: &str| host.as_deref() == Some(name);
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
                let message = format!("Unknown host. Open http://localhost:{port} instead.\n");
                Some((StatusCode::MISDIRECTED_REQUEST, message).into_response())
            }
        }
    }
}

impl Origin {
    /// Returns an API without a distribution in front of it.
    fn bare(target: Target) -> Self {
        Self { target, added: None, cache: None, policy: Policy::default() }
    }

    async fn pass(&self, mut request: Request<Body>, source: &str) -> Response {
        if let Some(added) = &self.added {
            add_headers(request.headers_mut(), added, source);
        }
        // The source is the address of the distribution, which is this machine, too.
        self.target.handle(request, source).await
    }
}

/// Parses the custom headers of an origin. Invalid headers are skipped: CloudFormation rejects them.
fn headers(origin: &sam_template::Origin) -> HeaderMap {
    let header = |(name, value): &(String, String)| Some((name.parse().ok()?, value.parse().ok()?));
    origin.headers.iter().filter_map(header).collect::<Vec<(HeaderName, HeaderValue)>>().into_iter().collect()
}

/// Changes a viewer's headers as a distribution does: overwrites the custom headers and extends `X-Forwarded-For`.
fn add_headers(headers: &mut HeaderMap, added: &HeaderMap, viewer: &str) {
    let forwarded = api_gateway::forwarded_for(headers, viewer);
    if let Ok(forwarded) = forwarded.parse() {
        headers.insert("x-forwarded-for", forwarded);
    }
    for (name, value) in added {
        headers.insert(name, value.clone());
    }
}

/// Returns whether a path matches a pattern. In CloudFront, the leading slash of a pattern is optional.
fn matches(pattern: &str, path: &str) -> bool {
    sam_template::matches_wildcard(pattern.trim_start_matches('/'), path.trim_start_matches('/'))
}

/// Time limit for running requests when the cloud stops.
pub(crate) const GRACE: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distribution_adds_the_viewer_and_overwrites_its_custom_headers() {
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
        add_headers(&mut sent, &added, "127.0.0.1");
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
