//! The front door: one origin, under one name.

use axum::http::{Request, StatusCode};
use http_body_util::Full;
use local_cloud::{Cloud, Options, StartError};

use crate::running::{get, options, send, start};

crate::trials![
    who_comes_by_the_address_is_sent_to_the_name,
    who_comes_by_another_name_is_refused,
    plain_http_is_told_to_upgrade_where_sockets_are,
    a_port_that_is_taken_is_an_error_that_says_what_to_do,
    many_clouds_run_side_by_side,
];

async fn who_comes_by_the_address_is_sent_to_the_name() {
    let cloud = start().await;
    let address = cloud.address().replace("localhost", "127.0.0.1");
    let answer = send(Request::get(format!("{address}/a?b=c")).body(Full::default()).unwrap()).await;
    assert_eq!(answer.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(answer.headers["location"], format!("{}/a?b=c", cloud.address()));
    cloud.stop().await;
}

async fn who_comes_by_another_name_is_refused() {
    let cloud = start().await;
    for host in ["evil.example", "localhost.evil.example", "localhost:1", "localhost"] {
        let request =
            Request::get(format!("{}/", cloud.address())).header("host", host).body(Full::default());
        assert_eq!(send(request.unwrap()).await.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
    }
    cloud.stop().await;
}

async fn plain_http_is_told_to_upgrade_where_sockets_are() {
    let cloud = start().await;
    assert_eq!(get(&cloud, "/socket/").await.status, StatusCode::UPGRADE_REQUIRED);
    // What the pattern doesn't match goes elsewhere.
    assert_eq!(get(&cloud, "/socket").await.status, StatusCode::OK);
    cloud.stop().await;
}

async fn a_port_that_is_taken_is_an_error_that_says_what_to_do() {
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
