//! From what a request comes: an address, for counting sign-ups, and what the browser calls itself.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use lambda_http::request::RequestContext;
use notes::Device;

use crate::app::App;
use crate::header_text;

/// What a request says that it comes from, as far as it can be believed.
pub(crate) struct UsedFrom(pub(crate) Device);

/// The header that only the front door knows the value of.
const FRONT_DOOR: &str = "x-front-door";

impl UsedFrom {
    /// The network that the address is in, as sign-ups are counted: of IPv6, where one may have addresses without end,
    /// the /64 that is a subscriber's.
    pub(crate) fn network(&self) -> String {
        match self.0.address.parse() {
            Ok(IpAddr::V6(address)) if address.to_ipv4_mapped().is_none() => {
                let network = u128::from(address) & !u128::from(u64::MAX);
                format!("{}/64", Ipv6Addr::from(network))
            }
            _ => self.0.address.clone(),
        }
    }
}

impl FromRequestParts<Arc<App>> for UsedFrom {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let source = match parts.extensions.get() {
            Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.as_deref(),
            _ => None,
        };
        let address = address(&parts.headers, source.unwrap_or_default(), &app.front_door);
        let agent = header_text::lines(&parts.headers, USER_AGENT).next();
        Ok(Self(Device::new(address, agent.as_deref().unwrap_or_default())))
    }
}

/// The visitor's address. The gateway's `source` is whoever called it: the front door, which names itself by a secret and
/// put the visitor's address before its own, or a visitor who came around it, and whose headers say what they like.
fn address(headers: &HeaderMap, source: &str, front_door: &str) -> String {
    let through = headers.get(FRONT_DOOR).is_some_and(|secret| secret == front_door);
    let forwarded: Vec<_> = header_text::lines(headers, "x-forwarded-for").collect();
    let forwarded: Vec<&str> = forwarded.iter().flat_map(|value| value.split(',')).map(str::trim).collect();
    match forwarded[..] {
        [.., visitor, _front_door] if through && visitor.parse::<IpAddr>().is_ok() => visitor.into(),
        _ => source.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(secret: Option<&str>, forwarded: &[&'static str]) -> String {
        let mut headers = HeaderMap::new();
        if let Some(secret) = secret {
            headers.insert(FRONT_DOOR, secret.parse().unwrap());
        }
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        address(&headers, "198.51.100.9", "secret")
    }

    #[test]
    fn through_the_front_door_the_visitor_is_whom_it_names() {
        assert_eq!(from(Some("secret"), &["203.0.113.7, 198.51.100.9"]), "203.0.113.7");
        assert_eq!(from(Some("secret"), &["10.0.0.1, 203.0.113.7, 198.51.100.9"]), "203.0.113.7");
        assert_eq!(from(Some("secret"), &["ü, 203.0.113.7, 198.51.100.9"]), "203.0.113.7");
        assert_eq!(from(Some("secret"), &["10.0.0.1", "2001:db8::7,198.51.100.9"]), "2001:db8::7");
    }

    #[test]
    fn around_it_a_visitor_is_who_calls_whatever_the_headers_say() {
        for secret in [None, Some("guessed"), Some("")] {
            assert_eq!(from(secret, &["203.0.113.7, 198.51.100.9"]), "198.51.100.9", "{secret:?}");
        }
        for forwarded in [&[][..], &["198.51.100.9"], &["unknown, 198.51.100.9"]] {
            assert_eq!(from(Some("secret"), forwarded), "198.51.100.9", "{forwarded:?}");
        }
    }

    #[test]
    fn a_network_is_an_address_or_a_64() {
        for (address, network) in [
            ("203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("::ffff:203.0.113.7", "::ffff:203.0.113.7"),
            ("", ""),
        ] {
            assert_eq!(UsedFrom(Device::new(address, "")).network(), network);
        }
    }
}
