//! The CDN: the public port has one origin with one host name.

use axum::http::{Request, StatusCode};
use http_body_util::Full;
use local_cloud::{Cloud, Options, StartError};

use crate::running::{Socket, get, options, send, start};

crate::trials![
    a_request_to_the_loopback_address_is_redirected_to_localhost,
    a_request_to_another_host_is_refused,
    each_api_has_an_address_of_its_own_without_the_distribution,
    plain_http_to_a_websocket_path_is_426,
    a_request_beyond_the_quotas_of_cloudfront_is_413,
    every_response_has_the_headers_of_the_policy,
    a_taken_port_is_an_error_that_says_what_to_do,
    many_clouds_run_side_by_side,
];

async fn a_request_to_the_loopback_address_is_redirected_to_localhost() {
    let cloud = start().await;
    let address = cloud.address().replace("localhost", "127.0.0.1");
    let response = send(Request::get(format!("{address}/a?b=c")).body(Full::default()).unwrap()).await;
    assert_eq!(response.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(response.headers["location"], format!("{}/a?b=c", cloud.address()));
    cloud.stop().await;
}

async fn a_request_to_another_host_is_refused() {
    let cloud = start().await;
    for host in ["evil.example", "localhost.evil.example", "localhost:1", "localhost"] {
        let request =
            Request::get(format!("{}/", cloud.address())).header("host", host).body(Full::default());
        assert_eq!(send(request.unwrap()).await.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
    cloud.stop().await;
}

async fn each_api_has_an_address_of_its_own_without_the_distribution() {
    let cloud = start().await;
    let port = cloud.address().rsplit(':').next().unwrap().to_owned();
    let at = async |host: &str, path: &str| {
        let request = Request::get(format!("{}{path}", cloud.address())).header("host", host);
        send(request.body(Full::default()).unwrap()).await
    };
    let own = format!("httpapi.localhost:{port}");
    let direct = at(&own, "/").await;
    assert_eq!(direct.status, StatusCode::OK);
    // Neither the headers nor the quotas of the distribution apply.
    assert!(!direct.headers.contains_key("strict-transport-security"));
    assert_eq!(at(&own, &format!("/{}", "a".repeat(9_000))).await.status, StatusCode::OK);
    let own = format!("socketapi.localhost:{port}");
    for path in ["/live", "/live/?a=b"] {
        assert_eq!(at(&own, path).await.status, StatusCode::UPGRADE_REQUIRED, "{path}");
    }
    for path in ["/", "/socket/", "/live/a"] {
        assert_eq!(at(&own, path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for host in
        ["httpapi.localhost", "httpapi.localhost:1", "other.localhost", "httpapi.localhost.evil.example"]
    {
        assert_eq!(at(host, "/").await.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
    cloud.stop().await;
}

async fn plain_http_to_a_websocket_path_is_426() {
    let cloud = start().await;
    assert_eq!(get(&cloud, "/socket/").await.status, StatusCode::UPGRADE_REQUIRED);
    // A path without the slash does not match the pattern.
    assert_eq!(get(&cloud, "/socket").await.status, StatusCode::OK);
    cloud.stop().await;
}

async fn a_request_beyond_the_quotas_of_cloudfront_is_413() {
    let cloud = start().await;
    let ask = async |path: String, cookie: usize| {
        let request = Request::get(format!("{}{path}", cloud.address())).header("cookie", "c".repeat(cookie));
        send(request.body(Full::default()).unwrap()).await
    };
    let long = |length: usize| format!("/{}?{}", "a".repeat(length / 2), "b".repeat(length - length / 2 - 2));
    assert_eq!(ask(long(8_192), 0).await.status, StatusCode::OK);
    for (url, cookie) in [(long(8_193), 0), (long(9_000), 0), ("/".to_owned(), 20_480), (long(8_000), 13_000)]
    {
        let response = ask(url, cookie).await;
        assert_eq!(response.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(response.headers["x-cache"], "Error from cloudfront");
        assert_eq!(response.headers["connection"], "close");
    }
    assert_eq!(ask("/".to_owned(), 9_000).await.status, StatusCode::OK);
    // The handshake of a connection is a request, too.
    let Err(refused) = Socket::connect(&cloud, &"q".repeat(8_192)).await else { panic!("the quota applies") };
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    cloud.stop().await;
}

async fn every_response_has_the_headers_of_the_policy() {
    let cloud = start().await;
    let policy = [
        ("strict-transport-security", "max-age=60; includeSubDomains; preload"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", "default-src 'none'"),
        ("x-two", "edge"),
    ];
    let too_large =
        Request::post(format!("{}/", cloud.address())).body(vec![b'x'; 10 * 1024 * 1024 + 1].into());
    for (status, response) in [
        // A response of the function.
        (StatusCode::OK, get(&cloud, "/").await),
        // Responses of the gateway.
        (StatusCode::PAYLOAD_TOO_LARGE, send(too_large.unwrap()).await),
        (StatusCode::INTERNAL_SERVER_ERROR, get(&cloud, "/fail").await),
        (StatusCode::UPGRADE_REQUIRED, get(&cloud, "/socket/").await),
    ] {
        assert_eq!(response.status, status);
        for (name, value) in policy {
            assert_eq!(response.headers[name], value, "{status} {name}");
        }
    }
    // The policy replaces all values of a header.
    let response = get(&cloud, "/cookies").await;
    assert_eq!(response.headers.get_all("x-two").iter().collect::<Vec<_>>(), ["edge"]);
    cloud.stop().await;
}

async fn a_taken_port_is_an_error_that_says_what_to_do() {
    let cloud = start().await;
    let port = cloud.address().rsplit(':').next().unwrap().parse().unwrap();
    let error = Cloud::start(Options { port, ..options() }).await.unwrap_err();
    assert!(matches!(error, StartError::PortTaken(own) if own == port), "{error}");
    assert!(error.to_string().contains("--port"));
    cloud.stop().await;
}

async fn many_clouds_run_side_by_side() {
    let clouds: Vec<Cloud> = futures_util::future::join_all((0..10).map(|_| start())).await;
    for cloud in &clouds {
        assert_eq!(get(cloud, "/").await.status, StatusCode::OK);
    }
    for cloud in clouds {
        cloud.stop().await;
    }
}
