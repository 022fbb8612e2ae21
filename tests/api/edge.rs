//! Requests around the edge, at the HTTP API's own address.

use reqwest::{Method, RequestBuilder};

use crate::support::client::{Client, PASSWORD, credentials};
use crate::support::{Response, TestCloud};

/// Sends a request to the HTTP API's own address instead of the distribution.
fn directly(cloud: &TestCloud, request: RequestBuilder) -> RequestBuilder {
    request.header("host", cloud.own_host("httpapi"))
}

#[tokio::test]
async fn a_request_around_the_edge_is_403_whatever_it_asks_for() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for (method, path) in [
        (Method::GET, "/"),
        (Method::GET, "/nothing"),
        (Method::GET, "/api/openapi.json"),
        (Method::GET, "/api/session"),
        (Method::GET, "/api/boards/team/notes"),
        (Method::POST, "/api/session"),
        (Method::DELETE, "/api/session"),
    ] {
        for secret in [None, Some(""), Some("guessed")] {
            let request = directly(&cloud, ada.request(method.clone(), path));
            let request =
                secret.iter().fold(request, |request, secret| request.header("x-front-door", *secret));
            let request = request.json(&credentials("ada", PASSWORD));
            let problem = Response::to(request).await.problem(403);
            assert_eq!(problem["type"], "/api/problems/not-through-edge", "{method} {path} {secret:?}");
        }
    }
    ada.who_am_i().await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn the_edge_sends_its_secret_in_place_of_the_clients_value() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let guess = ada.request(Method::GET, "/api/session").header("x-front-door", "guessed");
    Response::to(guess).await.json(200);
    // The header makes the difference: with it, the own address accepts requests.
    let known = directly(&cloud, ada.request(Method::GET, "/api/session"));
    Response::to(known.header("x-front-door", sam_template::STACK_ID)).await.json(200);
    cloud.stop().await;
}

#[tokio::test]
async fn without_an_edge_the_apis_own_address_accepts_requests() {
    let cloud = TestCloud::without_edge().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.who_am_i().await.json(200);
    let guess = ada.request(Method::GET, "/api/session").header("x-front-door", "guessed");
    Response::to(guess).await.json(200);
    Response::to(directly(&cloud, ada.request(Method::GET, "/api/session"))).await.json(200);
    cloud.stop().await;
}
