//! The origin check: other sites cannot make changes.

use reqwest::Method;
use serde_json::json;

use crate::support::client::{ABSENT, Client, PASSWORD, credentials, draft};
use crate::support::{Response, TestCloud};

#[tokio::test]
async fn a_change_from_another_origin_is_403() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    let own = cloud.address();
    let other_port = format!("{own}0");
    let other_scheme = own.replace("http:", "https:");
    let origins = ["https://evil.example", "null", "http://localhost", "", &other_port, &other_scheme];
    let origins = origins.map(|origin| ("origin", origin));
    let sites = ["cross-site", "same-site", "elsewhere"].map(|site| ("sec-fetch-site", site));
    for header in origins.into_iter().chain(sites) {
        for (method, path, body) in [
            (Method::POST, "/api/users", credentials("bob", PASSWORD)),
            (Method::POST, "/api/session", credentials("ada", PASSWORD)),
            (Method::DELETE, "/api/session", json!(null)),
            (Method::DELETE, "/api/sessions", json!(null)),
            (Method::DELETE, "/api/sessions/a", json!(null)),
            (
                Method::PUT,
                "/api/account/password",
                json!({ "password": PASSWORD, "newPassword": "battery staple" }),
            ),
            (Method::POST, "/api/account/deletion", json!({ "password": PASSWORD })),
            (Method::POST, "/api/boards/team/notes", draft("B", "")),
            (Method::PUT, "/api/boards/team/notes/b", draft("B", "")),
            (Method::DELETE, "/api/boards/team/notes/a", json!(null)),
        ] {
            let request =
                ada.request(method, path).header(header.0, header.1).header("if-match", "\"1\"").json(&body);
            let response = Response::to(request).await;
            response.problem(403);
            assert_eq!(response.header("set-cookie"), "");
        }
    }
    let users = cloud.rows("Users").await;
    assert_eq!(users.iter().filter(|row| row.contains_key("passwordHash")).count(), 1);
    assert_eq!(cloud.rows("Sessions").await.len(), 1);
    assert_eq!(ada.list("select=count").await.json(200)["count"], 1);
    cloud.stop().await;
}

#[tokio::test]
async fn the_own_page_may_change_and_other_origins_may_read() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for (origin, site) in [(cloud.address().as_str(), "same-origin"), (cloud.address().as_str(), "none")] {
        let own = ada
            .request(Method::POST, "/api/boards/team/notes")
            .header("origin", origin)
            .header("sec-fetch-site", site);
        Response::to(own.json(&draft("A", ""))).await.json(201);
    }
    let foreign = ada.request(Method::GET, "/api/boards/team/notes").header("origin", "https://evil.example");
    let response = Response::to(foreign).await;
    response.json(200);
    // No CORS header lets that page read the response.
    assert!(
        !response.headers.keys().any(|name| name.as_str().starts_with("access-control-")),
        "{response:?}"
    );
    cloud.stop().await;
}
