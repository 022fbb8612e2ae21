//! What stands before and behind every handler.

use reqwest::Method;
use serde_json::json;

use crate::support::Answer;
use crate::support::TestCloud;
use crate::support::client::PASSWORD;
use crate::support::client::{ABSENT, Client, credentials, draft};

#[tokio::test]
async fn a_change_that_another_sites_page_sends_is_403() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    let own = cloud.address();
    let other_port = format!("{own}0");
    let other_scheme = own.replace("http:", "https:");
    let origins = ["https://evil.example", "null", "http://localhost", "", &other_port, &other_scheme];
    let origins = origins.map(|origin| ("origin", origin));
    let sites = ["cross-site", "same-site", "elsewhere"].map(|site| ("sec-fetch-site", site));
    for said in origins.into_iter().chain(sites) {
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
            (Method::POST, "/api/notes", draft("B", "")),
            (Method::PUT, "/api/notes/b", draft("B", "")),
            (Method::DELETE, "/api/notes/a", json!(null)),
        ] {
            let request =
                ada.request(method, path).header(said.0, said.1).header("if-match", "\"1\"").json(&body);
            let answer = Answer::to(request).await;
            answer.problem(403);
            assert_eq!(answer.header("set-cookie"), "");
        }
    }
    let users = cloud.rows("Users").await;
    assert_eq!(users.iter().filter(|row| row.contains_key("passwordHash")).count(), 1);
    assert_eq!(cloud.rows("Sessions").await.len(), 1);
    assert_eq!(ada.list("select=count").await.json(200)["count"], 1);
    cloud.stop().await;
}

#[tokio::test]
async fn our_own_page_may_change_and_anybody_may_ask() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for (origin, site) in [(cloud.address().as_str(), "same-origin"), (cloud.address().as_str(), "none")] {
        let own =
            ada.request(Method::POST, "/api/notes").header("origin", origin).header("sec-fetch-site", site);
        Answer::to(own.json(&draft("A", ""))).await.json(201);
    }
    let foreign = ada.request(Method::GET, "/api/notes").header("origin", "https://evil.example");
    let answer = Answer::to(foreign).await;
    answer.json(200);
    // Nothing lets that page read the answer, though.
    assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control-")), "{answer:?}");
    cloud.stop().await;
}

#[tokio::test]
async fn every_answer_binds_the_browser() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let guest = Client::guest(&cloud);
    let page = Answer::to(guest.request(Method::GET, "/")).await;
    assert_eq!(page.status, 200);
    let answers = [
        page,
        ada.list("").await,
        ada.write("a", ABSENT, draft("A", "")).await,
        ada.read_if("a", ("if-none-match", "*")).await,
        ada.read("b").await,
        guest.who_am_i().await,
        Answer::to(guest.request(Method::GET, "/nothing")).await,
        Answer::to(guest.request(Method::PATCH, "/api/notes")).await,
        Answer::to(guest.request(Method::POST, "/api/notes").header("origin", "https://evil.example")).await,
        ada.sign_out().await,
    ];
    for answer in answers {
        let policy = answer.header("content-security-policy");
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
            // One policy, once: 'allow-duplicates' would let a script make another of its name.
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
            assert_eq!(answer.header(name), value, "{name} of {answer:?}");
        }
        let permissions = answer.header("permissions-policy");
        for feature in ["camera=()", "geolocation=()", "microphone=()", "payment=()", "usb=()"] {
            assert!(permissions.split(", ").any(|own| own == feature), "{feature} in {permissions}");
        }
    }
    cloud.stop().await;
}

#[tokio::test]
async fn what_the_gateway_answers_itself_has_the_security_headers_too() {
    let cloud = TestCloud::start().await;
    let guest = Client::guest(&cloud);
    let page = Answer::to(guest.request(Method::GET, "/")).await;
    let too_large =
        Answer::to(guest.request(Method::POST, "/api/notes").body("x".repeat(10 * 1024 * 1024 + 1))).await;
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
async fn answers_of_the_api_are_not_kept_and_are_each_sessions_own() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    ada.write("a", ABSENT, draft("A", "")).await.json(201);
    for answer in [
        ada.list("").await,
        ada.who_am_i().await,
        ada.sessions().await,
        ada.read("a").await,
        ada.read_if("a", ("if-none-match", "*")).await,
        ada.read("b").await,
        ada.sign_out().await,
        ada.who_am_i().await,
    ] {
        assert_eq!(answer.header("cache-control"), "no-store", "{answer:?}");
        assert_eq!(answer.header("vary"), "cookie", "{answer:?}");
    }
    // What is the same for all may be kept.
    for path in ["/api/openapi.json", "/api/problems/stale"] {
        let answer = Answer::to(ada.request(Method::GET, path)).await;
        answer.json(200);
        assert!(answer.header("cache-control").starts_with("public"), "{answer:?}");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn text_of_users_comes_back_as_json_and_as_nothing_else() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let html = "<script>alert(1)</script>";
    let note = ada.write("a", ABSENT, draft(html, html)).await.json(201);
    assert_eq!((&note["title"], &note["body"]), (&json!(html), &json!(html)));
    assert_eq!(ada.list("").await.json(200)["notelist"][0]["title"], html);
    cloud.stop().await;
}
