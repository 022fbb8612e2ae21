//! Headers with bytes outside ASCII, which must not hide other values.

use reqwest::Method;
use reqwest::header::HeaderValue;

use crate::support::client::{ABSENT, Client, PASSWORD, credentials, draft};
use crate::support::{Response, TestCloud};

#[tokio::test]
async fn other_cookies_do_not_hide_the_session() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for other in [
        "city=Zürich".as_bytes(),
        "名=値".as_bytes(),
        b"city=Z\xfcrich",
        b"=; ; alone; a=b=c; a=\"b",
        b"__Host-notes-session=\xff",
    ] {
        let session_cookie = ada.cookie().as_bytes();
        for line in [[other, b"; ", session_cookie].concat(), [session_cookie, b"; ", other].concat()] {
            let cookie = HeaderValue::from_bytes(&line).unwrap();
            let guest = Client::guest(&cloud);
            let response =
                Response::to(guest.request(Method::GET, "/api/session").header("cookie", cookie)).await;
            assert_eq!(response.json(200)["username"], "ada", "{}", String::from_utf8_lossy(&line));
        }
        let cookie = HeaderValue::from_bytes(other).unwrap();
        let two = ada.request(Method::GET, "/api/session").header("cookie", cookie);
        assert_eq!(Response::to(two).await.json(200)["username"], "ada");
    }
    cloud.stop().await;
}

#[tokio::test]
async fn a_socket_with_other_cookies_has_its_session() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    for other in ["city=Zürich".as_bytes(), b"city=Z\xfcrich", b"=; alone"] {
        let cookie = HeaderValue::from_bytes(&[other, b"; ", ada.cookie().as_bytes()].concat()).unwrap();
        // WebSocket libraries do not send such a header, but browsers do.
        let guest = Client::guest(&cloud);
        let upgrade = guest.request(Method::GET, "/socket.io/?EIO=4&transport=websocket");
        let upgrade = upgrade.header("connection", "upgrade").header("upgrade", "websocket");
        let upgrade = upgrade.header("sec-websocket-version", "13");
        let upgrade = upgrade.header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        let opened = upgrade.header("cookie", cookie).send().await.unwrap();
        assert_eq!(opened.status(), 101);
        let rows = cloud.rows("Connections").await;
        let sessions = rows.iter().filter_map(|row| row.get("session")?.as_s().ok());
        assert!(
            sessions.clone().count() > 0 && sessions.clone().all(|id| id.starts_with("ada.")),
            "{rows:?}"
        );
        assert_eq!(rows.iter().filter(|row| row.contains_key("engine")).count(), sessions.count());
    }
    cloud.stop().await;
}

#[tokio::test]
async fn signing_in_with_other_cookies_ends_the_previous_session() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let with_others = ada.with_cookie(&format!("city=Zürich; {}", ada.cookie()));
    with_others.sign_in(credentials("ada", PASSWORD)).await.json(200);
    ada.who_am_i().await.problem(401);
    cloud.stop().await;
}

#[tokio::test]
async fn other_headers_may_contain_bytes_outside_ascii() {
    let cloud = TestCloud::start().await;
    let ada = Client::signed_up(&cloud, "ada").await;
    let post = ada
        .request(Method::POST, "/api/boards/team/notes")
        .header("content-type", "application/json; note=\"ü\"");
    Response::to(post.body(draft("A", "").to_string())).await.json(201);

    let note = ada.write("a", ABSENT, draft("A", "")).await;
    note.json(201);
    for tags in [format!("\"ü\", {}", note.header("etag")), format!("{}, W/\"ü\"", note.header("etag"))] {
        ada.read_if("a", ("if-none-match", &tags)).await.empty(304);
        ada.read_if("a", ("if-match", &tags)).await.json(200);
    }
    ada.read_if("a", ("if-none-match", "\"ü\"")).await.json(200);
    ada.write("a", ("if-match", "\"ü\""), draft("B", "")).await.problem(412);

    let page = ada.request(Method::GET, "/").header("accept-encoding", "x-ü, br");
    assert_eq!(Response::to(page).await.header("content-encoding"), "br");

    let guest = Client::guest(&cloud);
    let signing_in = guest.request(Method::POST, "/api/session").header("user-agent", "Zürich/1.0");
    let phone = Response::to(signing_in.json(&credentials("ada", PASSWORD))).await;
    let sessions = guest.with_cookie(phone.cookie()).sessions().await.json(200);
    assert_eq!(sessions["sessions"][0]["agent"], "Zürich/1.0");
    cloud.stop().await;
}
