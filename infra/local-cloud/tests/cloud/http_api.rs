//! HTTP APIs: requests to a function that uses `lambda_http`, and responses to the client.

use axum::body::Bytes;
use axum::http::{Request, StatusCode};
use futures_util::future::select;
use http_body_util::Full;
use serde_json::{Value, json};

use crate::running::{Gate, get, send, start};

crate::trials![
    a_complete_request_reaches_the_function,
    a_form_and_a_binary_body_arrive_byte_for_byte,
    cookies_and_joined_headers_reach_the_client,
    a_binary_response_arrives_byte_for_byte,
    an_error_or_a_crash_is_an_internal_server_error_without_details,
    a_body_whose_event_is_too_large_is_refused,
    a_request_line_and_header_values_beyond_10240_bytes_are_refused,
    a_response_to_head_has_no_body,
    an_event_has_exactly_payload_format_2_0,
    a_route_is_throttled_by_its_settings,
    a_function_without_free_concurrency_is_service_unavailable,
];

async fn a_complete_request_reaches_the_function() {
    let cloud = start().await;
    let request = Request::put(format!("{}/a/b%20c?x=1&y=%2F&x=2", cloud.address()))
        .header("content-type", "application/json")
        .header("cookie", "one=1; two=2")
        .header("x-thing", "thing")
        .body(Full::from("{\"é\": 1}"));
    let response = send(request.unwrap()).await;
    let seen = response.json();
    assert_eq!(seen["method"], "PUT");
    assert_eq!(seen["path"], "/a/b c");
    assert_eq!(seen["query"], "x=1&y=%2F&x=2");
    assert_eq!(seen["body"], "{\"é\": 1}");
    let header = |name: &str| {
        let headers = seen["headers"].as_array().unwrap();
        headers.iter().filter(|header| header[0] == name).map(|header| header[1].clone()).collect::<Vec<_>>()
    };
    assert_eq!(header("cookie"), [json!("one=1; two=2")]);
    assert_eq!(header("x-thing"), [json!("thing")]);
    assert_eq!(header("host"), [json!("httpapi.execute-api.us-east-1.amazonaws.com")]);
    assert_eq!(header("connection"), Vec::<Value>::new());
    cloud.stop().await;
}

async fn a_form_and_a_binary_body_arrive_byte_for_byte() {
    let cloud = start().await;
    let post = |kind: &'static str, body: &'static [u8]| {
        let request = Request::post(format!("{}/", cloud.address())).header("content-type", kind);
        send(request.body(Full::new(Bytes::from_static(body))).unwrap())
    };
    let form = post("application/x-www-form-urlencoded", b"a=1&b=2").await.json();
    assert_eq!((&form["body"], &form["binary"]), (&json!("a=1&b=2"), &json!(true)));
    let image = post("image/png", &[0, 1, 255, 254]).await.json();
    assert_eq!(image["bytes"], 4);
    let text = post("text/plain", b"text").await.json();
    assert_eq!((&text["body"], &text["binary"]), (&json!("text"), &json!(false)));
    cloud.stop().await;
}

async fn cookies_and_joined_headers_reach_the_client() {
    let cloud = start().await;
    let response = get(&cloud, "/cookies").await;
    assert_eq!(response.status, StatusCode::CREATED);
    let cookies: Vec<_> = response.headers.get_all("set-cookie").iter().collect();
    assert_eq!(cookies, ["a=1", "b=2"]);
    assert!(response.headers.contains_key("x-two"));
    cloud.stop().await;
}

async fn a_binary_response_arrives_byte_for_byte() {
    let cloud = start().await;
    assert_eq!(get(&cloud, "/binary").await.body.as_ref(), [0, 159, 146, 150]);
    cloud.stop().await;
}

async fn an_error_or_a_crash_is_an_internal_server_error_without_details() {
    let cloud = start().await;
    for path in ["/fail", "/exit"] {
        let response = get(&cloud, path).await;
        assert_eq!(response.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(response.json(), json!({"message": "Internal Server Error"}));
    }
    cloud.stop().await;
}

async fn a_body_whose_event_is_too_large_is_refused() {
    let cloud = start().await;
    // The first exceeds the limit of API Gateway. The second exceeds Lambda's limit as base64.
    for size in [10 * 1024 * 1024 + 1, 5 * 1024 * 1024] {
        let body = Full::from(vec![b'x'; size]);
        let request = Request::post(format!("{}/", cloud.address())).body(body).unwrap();
        assert_eq!(send(request).await.status, StatusCode::PAYLOAD_TOO_LARGE, "{size}");
    }
    let request = Request::post(format!("{}/", cloud.address())).body(Full::from(vec![b'x'; 1024 * 1024]));
    assert_eq!(send(request.unwrap()).await.status, StatusCode::OK);
    cloud.stop().await;
}

async fn a_request_line_and_header_values_beyond_10240_bytes_are_refused() {
    let cloud = start().await;
    let ask = async |cookie: usize| {
        let request = Request::get(format!("{}/", cloud.address())).header("cookie", "c".repeat(cookie));
        send(request.body(Full::default()).unwrap()).await
    };
    // The other headers need a few hundred bytes.
    assert_eq!(ask(9_900).await.status, StatusCode::OK);
    let response = ask(10_240).await;
    assert_eq!(response.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    assert_eq!(response.json(), json!({"message": "Request Header Fields Too Large"}));
    cloud.stop().await;
}

async fn an_event_has_exactly_payload_format_2_0() {
    let cloud = start().await;
    let request = Request::post(format!("{}/event/a%20b/c?x=1&y=%2F&x=2", cloud.address()))
        .header("content-type", "image/png")
        .header("cookie", "one=1; two=2")
        .header("user-agent", "test")
        .header("X-Thing", "1")
        .header("x-thing", "2")
        .body(Full::from(vec![0, 255]));
    let response = send(request.unwrap()).await;
    let mut event = response.json();
    let context = &mut event["requestContext"];
    let id = context["requestId"].take();
    assert_eq!(response.headers["apigw-requestid"], id.as_str().unwrap());
    let (time, epoch) = (context["time"].take(), context["timeEpoch"].take());
    assert!(time.as_str().unwrap().ends_with(" +0000") && epoch.is_u64());
    let source = context["http"]["sourceIp"].take();
    assert!(source == "127.0.0.1" || source == "::1", "{source}");
    assert_eq!(event["headers"]["x-thing"], "1,2");
    assert!(event["headers"].get("cookie").is_none());
    event["headers"].take();
    let expected = json!({
        "version": "2.0",
        "routeKey": "ANY /event/{proxy+}",
        "rawPath": "/event/a b/c",
        "rawQueryString": "x=1&y=%2F&x=2",
        "cookies": ["one=1", "two=2"],
        "headers": null,
        "queryStringParameters": {"x": "1,2", "y": "/"},
        "pathParameters": {"proxy": "a b/c"},
        "stageVariables": {"greeting": "hello"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "httpapi",
            "domainName": "httpapi.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "httpapi",
            "http": {
                "method": "POST",
                "path": "/event/a b/c",
                "protocol": "HTTP/1.1",
                "sourceIp": null,
                "userAgent": "test",
            },
            "requestId": null,
            "routeKey": "ANY /event/{proxy+}",
            "stage": "$default",
            "time": null,
            "timeEpoch": null,
        },
        "body": "AP8=",
        "isBase64Encoded": true,
    });
    assert_eq!(event, expected);
    cloud.stop().await;
}

async fn a_route_is_throttled_by_its_settings() {
    let cloud = start().await;
    assert_eq!(get(&cloud, "/throttled").await.status, StatusCode::OK);
    assert_eq!(get(&cloud, "/throttled").await.status, StatusCode::OK);
    let refused = get(&cloud, "/throttled").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.json(), json!({"message": "Too Many Requests"}));
    assert!(refused.headers.contains_key("apigw-requestid"));
    assert_eq!(get(&cloud, "/").await.status, StatusCode::OK, "other routes have separate settings");
    cloud.stop().await;
}

async fn a_function_without_free_concurrency_is_service_unavailable() {
    let cloud = start().await;
    let gate = Gate::new();
    let path = format!("/event/a?gate={}", gate.path());
    let pass = || Box::pin(get(&cloud, &path));
    // The first request occupies the function until the gate is open.
    let (refused, served) = select(pass(), pass()).await.factor_first();
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.json(), json!({"message": "Service Unavailable"}));
    gate.open();
    assert_eq!(served.await.status, StatusCode::OK);
    cloud.stop().await;
}

async fn a_response_to_head_has_no_body() {
    let cloud = start().await;
    let response = send(Request::head(format!("{}/", cloud.address())).body(Full::default()).unwrap()).await;
    assert_eq!(response.status, StatusCode::OK);
    assert!(response.body.is_empty());
    cloud.stop().await;
}
