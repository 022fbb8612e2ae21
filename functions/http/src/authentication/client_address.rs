//! The client of a request: its network address, which limits attempts to sign in and up, and its user agent.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use aws::{EDGE_HEADER, Edge};
use axum::extract::FromRequestParts;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use lambda_http::request::RequestContext;
use notes::Device;

use crate::app::App;
use crate::request::headers;

/// The client of a request: a trustworthy address, and the user agent that it claims.
pub(crate) struct Client(pub(crate) Device);

impl FromRequestParts<Arc<App>> for Client {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let source = match parts.extensions.get() {
            Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.as_deref(),
            _ => None,
        };
        let address = client_address(&parts.headers, source.unwrap_or_default(), &app.edge);
        let agent = headers::values(&parts.headers, USER_AGENT).next();
        Ok(Self(Device::new(address, agent.as_deref().unwrap_or_default())))
    }
}

/// Returns the address of the client.
///
/// The gateway's `source` is its own caller. If that is the edge, the request has the secret, and the edge wrote the
/// client's address before its own. Any other caller is itself the client, and its headers cannot be trusted.
fn client_address(headers: &HeaderMap, source: &str, edge: &Edge) -> String {
    let is_from_edge = edge.has_sent(headers.get(EDGE_HEADER).map(HeaderValue::as_bytes));
    let forwarded: Vec<_> = headers::values(headers, "x-forwarded-for").collect();
    let forwarded: Vec<&str> = forwarded.iter().flat_map(|value| value.split(',')).map(str::trim).collect();
    match forwarded[..] {
        [.., client, _edge] if is_from_edge && client.parse::<IpAddr>().is_ok() => client.into(),
        _ => source.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(secret: Option<&str>, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        if let Some(secret) = secret {
            headers.insert(EDGE_HEADER, secret.parse().unwrap());
        }
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        client_address(&headers, "198.51.100.9", &Edge::new("secret", false))
    }

    #[test]
    fn a_request_through_the_edge_has_the_forwarded_address() {
        assert_eq!(address(Some("secret"), &["203.0.113.7, 198.51.100.9"]), "203.0.113.7");
        assert_eq!(address(Some("secret"), &["10.0.0.1, 203.0.113.7, 198.51.100.9"]), "203.0.113.7");
        assert_eq!(address(Some("secret"), &["ü, 203.0.113.7, 198.51.100.9"]), "203.0.113.7");
        assert_eq!(address(Some("secret"), &["10.0.0.1", "2001:db8::7,198.51.100.9"]), "2001:db8::7");
    }

    #[test]
    fn a_request_around_the_edge_has_the_callers_address() {
        for secret in [None, Some("guessed"), Some("")] {
            assert_eq!(address(secret, &["203.0.113.7, 198.51.100.9"]), "198.51.100.9", "{secret:?}");
        }
        for forwarded in [&[][..], &["198.51.100.9"], &["unknown, 198.51.100.9"]] {
            assert_eq!(address(Some("secret"), forwarded), "198.51.100.9", "{forwarded:?}");
        }
    }
}
