//! Refuses handshakes that come around the edge, at the API's own address.

use aws::{EDGE_HEADER, Edge};
use aws_lambda_events::apigw::{ApiGatewayProxyResponse, ApiGatewayWebsocketProxyRequest};

/// The status of a refused handshake.
const FORBIDDEN: i64 = 403;

/// Returns the response to a handshake without the secret of the edge, if the deployment has an edge.
///
/// Only `$connect` has headers. The later events of a connection need no check, since it came through the edge.
pub(crate) fn refusal(
    edge: &Edge,
    event: &ApiGatewayWebsocketProxyRequest,
) -> Option<ApiGatewayProxyResponse> {
    let is_handshake = event.request_context.route_key.as_deref() == Some("$connect");
    let secret = event.headers.get(EDGE_HEADER).map(AsRef::as_ref);
    if !is_handshake || !edge.refuses(secret) {
        return None;
    }
    let mut response = ApiGatewayProxyResponse::default();
    response.status_code = FORBIDDEN;
    Some(response)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test whose setup fails has failed")]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Returns the status of the refusal of a sample event with this secret.
    fn refused(event: &str, is_required: bool, secret: Option<&str>) -> Option<i64> {
        let mut event: Value = serde_json::from_str(event).unwrap();
        if let Some(secret) = secret {
            // The gateway keeps the case in which CloudFront sends the name.
            event["headers"]["X-Front-Door"] = secret.into();
        }
        let event = serde_json::from_value(event).unwrap();
        refusal(&Edge::new("secret", is_required), &event).map(|response| response.status_code)
    }

    const CONNECT: &str = include_str!("../../../events/websocket-connect.json");

    #[test]
    fn a_handshake_without_the_secret_is_refused_with_403() {
        for secret in [None, Some(""), Some("guessed"), Some("secrets")] {
            assert_eq!(refused(CONNECT, true, secret), Some(403), "{secret:?}");
        }
    }

    #[test]
    fn a_handshake_with_the_secret_is_accepted() {
        assert_eq!(refused(CONNECT, true, Some("secret")), None);
    }

    #[test]
    fn without_an_edge_no_handshake_is_refused() {
        for secret in [None, Some("guessed")] {
            assert_eq!(refused(CONNECT, false, secret), None, "{secret:?}");
        }
    }

    #[test]
    fn later_events_have_no_headers_and_are_accepted() {
        for event in [
            include_str!("../../../events/websocket-ping.json"),
            include_str!("../../../events/websocket-disconnect.json"),
        ] {
            assert_eq!(refused(event, true, None), None);
        }
    }
}
