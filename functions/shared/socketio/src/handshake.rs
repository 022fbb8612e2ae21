//! The checks of a handshake on `$connect`.

use std::collections::BTreeMap;

use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest;

use crate::clock;

/// The longest life of a connection of API Gateway, in seconds: 2 hours.
const LIFETIME: u64 = 2 * 60 * 60;

/// The query parameters of the protocol.
const PROTOCOL: [&str; 4] = ["EIO", "transport", "sid", "t"];

/// The most bytes of JSON in the stored query parameters.
const MAX_QUERY: usize = 1024;

/// A valid handshake, from a page that may connect.
///
/// ```
/// use socketio::{Error, Handshake, Session};
///
/// async fn authenticate(_app: (), handshake: Handshake) -> Result<Option<Session>, Error> {
///     let id = handshake.query("session").map(str::to_owned);
///     Ok(id.map(|id| Session { id, expires: 4_102_444_800 }))
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handshake {
    cookies: Vec<String>,
    query: BTreeMap<String, String>,
}

/// The session that a connection is opened with.
///
/// The table stores it, but it proves nothing later: look it up again when the socket joins a namespace.
///
/// ```
/// let session = socketio::Session { id: "ada-1".to_owned(), expires: 4_102_444_800 };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The application's id of the session. It is stored in the table, so it must not be a secret.
    pub id: String,
    /// When it ends, in Unix seconds. The connection ends with it.
    pub expires: u64,
}

/// Explains why a handshake is refused.
///
/// ```
/// assert_eq!(socketio::HandshakeRefused::Protocol.status(), 400);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HandshakeRefused {
    /// The page that connects is of another origin.
    #[error("a page of {0} may not connect")]
    ForeignOrigin(String),
    /// The client speaks another revision of Engine.IO.
    #[error("EIO=4 is required: a client of Socket.IO 3 or later")]
    Protocol,
    /// The client uses another transport.
    #[error("transport=websocket is required: set `transports: [\"websocket\"]`")]
    Transport,
    /// The query parameters to keep are too large.
    #[error("the stored query parameters have {0} bytes, more than the maximum of {MAX_QUERY}")]
    Query(usize),
}

impl HandshakeRefused {
    /// Returns the HTTP status for the handshake.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Self::ForeignOrigin(_) => 403,
            Self::Protocol | Self::Transport | Self::Query(_) => 400,
        }
    }
}

impl Handshake {
    /// Checks a `$connect` event from a page of `origin`, or of any origin if there is none.
    ///
    /// Browsers always send the origin of the page. Other clients have no page, and only the cookies that they were
    /// given on purpose.
    pub(crate) fn check(
        event: &ApiGatewayWebsocketProxyRequest,
        origin: Option<&str>,
    ) -> Result<Self, HandshakeRefused> {
        let values = |name: &'static str| {
            let all = event.multi_value_headers.get_all(name).iter().chain(event.headers.get_all(name));
            all.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        if let Some(foreign) = values("origin").find(|page| origin.is_some_and(|origin| page != origin)) {
            return Err(HandshakeRefused::ForeignOrigin(foreign));
        }
        let query = &event.query_string_parameters;
        if query.first("EIO") != Some("4") {
            return Err(HandshakeRefused::Protocol);
        }
        if query.first("transport") != Some("websocket") {
            return Err(HandshakeRefused::Transport);
        }
        let own = query.iter().filter(|(name, _)| !PROTOCOL.contains(name));
        let query = own.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Ok(Self { cookies: values("cookie").collect(), query })
    }

    /// Returns a parameter of the query (`io(..., {query})`), except those of the protocol.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// Returns the query parameters with these names.
    pub(crate) fn stored(&self, names: &[String]) -> Result<BTreeMap<String, String>, HandshakeRefused> {
        let stored = self.query.iter().filter(|(name, _)| names.contains(name));
        let stored: BTreeMap<_, _> = stored.map(|(name, value)| (name.clone(), value.clone())).collect();
        match serde_json::to_string(&stored).map_or(0, |json| json.len()) {
            0..=MAX_QUERY => Ok(stored),
            size => Err(HandshakeRefused::Query(size)),
        }
    }

    /// Returns the values of the `Cookie` headers.
    pub fn cookies(&self) -> impl Iterator<Item = &str> {
        self.cookies.iter().map(String::as_str)
    }
}

/// Returns the latest end of a connection: the end of its session, or the gateway's limit.
pub(crate) fn end(session: Option<&Session>) -> u64 {
    let longest = clock::now() + LIFETIME;
    session.map_or(longest, |session| session.expires.min(longest))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(headers: &serde_json::Value, query: &serde_json::Value) -> Result<Handshake, HandshakeRefused> {
        let event = json!({
            "headers": headers,
            "queryStringParameters": query,
            "requestContext": { "connectedAt": 0, "requestTimeEpoch": 0 },
        });
        Handshake::check(&serde_json::from_value(event).unwrap(), Some("https://notes.example"))
    }

    fn query() -> serde_json::Value {
        json!({ "EIO": "4", "transport": "websocket" })
    }

    #[test]
    fn a_page_of_the_same_origin_connects_with_its_cookies() {
        let handshake =
            check(&json!({ "Origin": "https://notes.example", "Cookie": "a=b; c=d" }), &query()).unwrap();
        assert_eq!(handshake.cookies().collect::<Vec<_>>(), ["a=b; c=d"]);
    }

    #[test]
    fn a_client_without_an_origin_connects() {
        assert!(check(&json!({}), &query()).is_ok());
    }

    #[test]
    fn the_query_excludes_the_protocols_own_parameters() {
        let mut query = query();
        query["room"] = json!("shopping");
        query["t"] = json!("abc");
        let handshake = check(&json!({}), &query).unwrap();
        assert_eq!((handshake.query("room"), handshake.query("t")), (Some("shopping"), None));
        assert_eq!(handshake.query.len(), 1);
    }

    #[test]
    fn only_named_parameters_up_to_a_kibibyte_are_stored() {
        let mut query = query();
        query[""] = json!("abc");
        query["room"] = json!("shopping");
        query["long"] = json!("x".repeat(MAX_QUERY - r#"{"long":""}"#.len()));
        query["longer"] = json!("x".repeat(8 * 1024));
        let handshake = check(&json!({}), &query).unwrap();
        let stored = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
            handshake.stored(&names).map(|stored| stored.into_keys().collect::<Vec<_>>())
        };
        assert_eq!(stored(&[]), Ok(vec![]));
        assert_eq!(stored(&["", "room", "other"]), Ok(vec![String::new(), "room".into()]));
        assert_eq!(stored(&["long"]), Ok(vec!["long".into()]));
        assert!(matches!(stored(&["long", ""]), Err(HandshakeRefused::Query(_))));
        assert_eq!(stored(&["longer"]).unwrap_err().status(), 400);
    }

    #[test]
    fn a_foreign_origin_is_refused() {
        for origin in
            ["https://evil.example", "https://notes.example.evil.example", "null", "http://notes.example"]
        {
            let refused = check(&json!({ "Origin": origin }), &query()).unwrap_err();
            assert_eq!((refused.status(), refused), (403, HandshakeRefused::ForeignOrigin(origin.into())));
        }
    }

    #[test]
    fn another_protocol_or_transport_is_refused() {
        let refused = check(&json!({}), &json!({ "EIO": "3", "transport": "websocket" })).unwrap_err();
        assert_eq!((refused.status(), refused), (400, HandshakeRefused::Protocol));
        let refused = check(&json!({}), &json!({ "EIO": "4", "transport": "polling" })).unwrap_err();
        assert_eq!((refused.status(), refused), (400, HandshakeRefused::Transport));
        assert_eq!(check(&json!({}), &json!({})).unwrap_err(), HandshakeRefused::Protocol);
    }

    #[test]
    fn a_connection_expires_with_its_session_or_after_two_hours() {
        let soon = Session { id: "s".into(), expires: clock::now() + 60 };
        assert_eq!(end(Some(&soon)), soon.expires);
        let late = Session { id: "s".into(), expires: clock::now() + 10 * LIFETIME };
        assert!(end(Some(&late)) <= clock::now() + LIFETIME);
        assert!(end(None) > clock::now() + LIFETIME - 60);
    }
}
