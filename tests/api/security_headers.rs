//! The security headers of responses.

use reqwest::Method;
use serde_json::json;

use crate::support::client::{ABSENT, Client, draft};
use crate::support::{Response, TestCloud};

#[tokio::test]
async fn every_response_has_the_security_headers() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let guest = Client::guest(&cloud);
    let page = Response::to(guest.request(Method::GET, "/")).await;
    assert_eq!(page.status, 200);
    let responses = [
        page,
        ada.list("").await,
        ada.write("a", ABSENT, draft("A", "")).await,
        ada.read_if("a", ("if-none-match", "*")).await,
        ada.read("b").await,
        guest.who_am_i().await,
        Response::to(guest.request(Method::GET, "/nothing")).await,
        Response::to(guest.request(Method::PATCH, "/api/boards/team/notes")).await,
        Response::to(
            guest.request(Method::POST, "/api/boards/team/notes").header("origin", "https://evil.example"),
        )
        .await,
        ada.sign_out().await,
    ];
    for response in responses {
        let policy = response.header("content-security-policy");
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        for directive in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "require-trusted-types-for 'script'",
            // 'allow-duplicates' would let a script create another policy with the same name.
            "trusted-types own-workers",
        ] {
            assert!(policy.split("; ").any(|own| own == directive), "{directive} in {policy}");
        }
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("strict-transport-security", "max-age=63072000; includeSubDomains"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(response.header(name), value, "{name} of {response:?}");
        }
        let permissions = response.header("permissions-policy");
        for feature in ["camera=()", "geolocation=()", "microphone=()", "payment=()", "usb=()"] {
            assert!(permissions.split(", ").any(|own| own == feature), "{feature} in {permissions}");
        }
    }
    cloud.stop().await;
}

#[tokio::test]
async fn responses_of_the_gateway_have_the_security_headers() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    let page = Response::to(guest.request(Method::GET, "/")).await;
    let too_large = Response::to(
        guest.request(Method::POST, "/api/boards/team/notes").body("x".repeat(10 * 1024 * 1024 + 1)),
    )
    .await;
    assert_eq!(too_large.json(413)["message"], "Request Entity Too Large");
    for name in [
        "strict-transport-security",
        "x-content-type-options",
        "referrer-policy",
        "permissions-policy",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
    ] {
        assert_eq!(too_large.header(name), page.header(name), "{name}");
    }
    let policy = too_large.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
        "{policy}"
    );
    assert!(page.header("content-security-policy").contains("script-src 'self'"));
    cloud.stop().await;
}

#[tokio::test]
async fn responses_of_the_api_are_not_stored_and_vary_by_session() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    for response in [
        ada.list("").await,
        ada.who_am_i().await,
        ada.sessions().await,
        ada.read("a").await,
        ada.read_if("a", ("if-none-match", "*")).await,
        ada.read("b").await,
        ada.sign_out().await,
        ada.who_am_i().await,
    ] {
        assert_eq!(response.header("cache-control"), "no-store", "{response:?}");
        assert_eq!(response.header("vary"), "cookie", "{response:?}");
    }
    // A response that is the same for every user may be cached.
    for path in ["/api/openapi.json", "/api/problems/stale"] {
        let response = Response::to(ada.request(Method::GET, path)).await;
        response.json(200);
        assert!(response.header("cache-control").starts_with("public"), "{response:?}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn html_in_notes_is_returned_as_json() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let html = "<script>alert(1)</script>";
    let note = ada.write("a", ABSENT, draft(html, html)).await.json(201);
    assert_eq!((&note["title"], &note["body"]), (&json!(html), &json!(html)));
    assert_eq!(ada.list("").await.json(200)["notelist"][0]["title"], html);
    cloud.stop().await;
}
