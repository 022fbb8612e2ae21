//! Refuses requests that come around the edge, at the API's own address.

use std::sync::Arc;

use aws::EDGE_HEADER;
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::app::App;
use crate::problem::{Kind, Problem};

/// Responds with 403 to a request without the secret of the edge, if the deployment has an edge.
///
/// Otherwise such a request would pass by the limits and the headers of the edge.
pub(crate) async fn refuse_direct_requests(
    State(app): State<Arc<App>>,
    request: Request,
    next: Next,
) -> Response {
    let secret = request.headers().get(EDGE_HEADER).map(HeaderValue::as_bytes);
    if app.edge.refuses(secret) {
        return Problem::new(Kind::NotThroughEdge).into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use aws::Edge;
    use axum::body::to_bytes;
    use axum::http::StatusCode;
    use lambda_http::Service as _;
    use serde_json::Value;

    use super::*;
    use crate::request::event;
    use crate::router::router;

    /// Sends the sample event for the page, with changes, to an API whose edge is required or not.
    async fn send(is_required: bool, change: impl FnOnce(&mut Value)) -> Response {
        let event = include_str!("../../../../events/http-page.json");
        let mut event: Value = serde_json::from_str(event).unwrap();
        change(&mut event);
        let request: lambda_http::Request = event::normalize(serde_json::from_value(event).unwrap()).into();
        // Neither the check nor the page reads a table.
        let config = aws_sdk_dynamodb::Config::builder().behavior_version_latest().build();
        let nowhere = App::on(aws_sdk_dynamodb::Client::from_conf(config));
        let app = App { edge: Edge::new("secret", is_required), ..nowhere };
        router(Arc::new(app)).call(request).await.unwrap()
    }

    #[tokio::test]
    async fn a_request_without_the_secret_is_403_whatever_it_asks_for() {
        for (method, path) in [("GET", "/"), ("GET", "/api/openapi.json"), ("PUT", "/api/%"), ("BREW", "/x")]
        {
            for secret in [None, Some(""), Some("guessed"), Some("secret,secret")] {
                let response = send(true, |event| {
                    event["rawPath"] = path.into();
                    event["requestContext"]["http"]["path"] = path.into();
                    event["requestContext"]["http"]["method"] = method.into();
                    if let Some(secret) = secret {
                        event["headers"][EDGE_HEADER] = secret.into();
                    }
                })
                .await;
                assert_eq!(response.status(), StatusCode::FORBIDDEN, "{method} {path} {secret:?}");
                assert!(response.headers().contains_key("strict-transport-security"), "{method} {path}");
                assert_eq!(response.headers()["content-type"], "application/problem+json");
                let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
                let problem: Value = serde_json::from_slice(&body).unwrap();
                assert_eq!(problem["type"], "/api/problems/not-through-edge");
                assert!(problem["detail"].as_str().unwrap().contains("CloudFront distribution"), "{problem}");
            }
        }
    }

    #[tokio::test]
    async fn a_request_with_the_secret_is_accepted() {
        let response = send(true, |event| event["headers"][EDGE_HEADER] = "secret".into()).await;
        assert_eq!(response.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn without_an_edge_no_request_is_refused() {
        for secret in [None, Some("guessed"), Some("secret")] {
            let response = send(false, |event| {
                if let Some(secret) = secret {
                    event["headers"][EDGE_HEADER] = secret.into();
                }
            })
            .await;
            assert_eq!(response.status(), StatusCode::OK, "{secret:?}");
        }
    }
}
