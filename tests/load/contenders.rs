//! The contenders: ways to post one packet to many connections, each on one thread, as in a function.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use futures_util::{StreamExt, TryStreamExt, stream};
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::json;
use socketio::{Settings, SocketIo};

use crate::sink::connection_id;
use crate::usage::{Usage, cpu_time};
use crate::{CONCURRENCY, CONNECTIONS, FRAME, PUSHES, Result};

const REGION: &str = "us-east-1";
const NAMESPACE: &str = "/home";
const EVENT: &str = "notetitles";

/// Runs one contender, and prints its usage.
#[tokio::main(flavor = "current_thread")]
pub(crate) async fn run(contender: &str, address: &str) -> Result<()> {
    let usage = match contender {
        "sdk" => sdk(address).await,
        "socketio" => socketio(address).await,
        "hyper" => hyper(address).await,
        other => Err(format!("no such contender: {other}").into()),
    };
    usage?.print();
    Ok(())
}

/// Warms up with one push, then measures the others.
async fn measured(push: impl AsyncFn() -> Result<()>) -> Result<Usage> {
    push().await?;
    let begin = cpu_time()?;
    for _ in 0..PUSHES {
        push().await?;
    }
    Usage::since(begin)
}

/// Posts in a bare loop over the SDK.
async fn sdk(address: &str) -> Result<Usage> {
    let (client, frame) = (gateway(address), Blob::new(frame()?));
    measured(async || {
        let post = |n| client.post_to_connection().connection_id(connection_id(n)).data(frame.clone()).send();
        stream::iter(0..CONNECTIONS)
            .map(post)
            .buffer_unordered(CONCURRENCY)
            .try_for_each(async |_| Ok(()))
            .await?;
        Ok(())
    })
    .await
}

/// Posts as our functions do: one call encodes the packet, queries the room, and posts.
async fn socketio(address: &str) -> Result<Usage> {
    let dynamodb = aws_sdk_dynamodb::Config::builder()
        .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
        .region(aws_sdk_dynamodb::config::Region::new(REGION))
        .credentials_provider(credentials())
        .endpoint_url(address);
    let dynamodb = aws_sdk_dynamodb::Client::from_conf(dynamodb.build());
    let settings = Settings { concurrent_posts: CONCURRENCY, ..Settings::default() };
    let io = SocketIo::with_clients(&dynamodb, &gateway(address), "Connections", settings);
    let payload = payload()?;
    measured(async || {
        let report = io.of(NAMESPACE).emit(EVENT, &payload).await?;
        if report.reached == CONNECTIONS { Ok(()) } else { Err(format!("{report:?}").into()) }
    })
    .await
}

/// Posts with a bare HTTP client that signs the same requests.
async fn hyper(address: &str) -> Result<Usage> {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let (frame, identity) = (Bytes::from(frame()?), credentials().into());
    let post = async |n| -> Result<()> {
        let uri = format!("{address}/@connections/{}", connection_id(n).replace('=', "%3D"));
        let signing = v4::SigningParams::builder()
            .identity(&identity)
            .region(REGION)
            .name("execute-api")
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()?;
        let content_type = ("content-type", "application/octet-stream");
        let body = SignableBody::Bytes(&frame);
        let signable = SignableRequest::new("POST", &uri, [content_type].into_iter(), body)?;
        let (instructions, _) = sign(signable, &signing.into())?.into_parts();
        let mut request = hyper::Request::post(&uri)
            .header(content_type.0, content_type.1)
            .body(Full::new(frame.clone()))?;
        instructions.apply_to_request_http1x(&mut request);
        let response = client.request(request).await?;
        if !response.status().is_success() {
            return Err(response.status().to_string().into());
        }
        response.into_body().collect().await?;
        Ok(())
    };
    measured(async || {
        stream::iter(0..CONNECTIONS)
            .map(&post)
            .buffer_unordered(CONCURRENCY)
            .try_for_each(async |()| Ok(()))
            .await
    })
    .await
}

fn gateway(address: &str) -> aws_sdk_apigatewaymanagement::Client {
    use aws_sdk_apigatewaymanagement::config::{BehaviorVersion, Region};
    let config = aws_sdk_apigatewaymanagement::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .credentials_provider(credentials())
        .endpoint_url(address);
    aws_sdk_apigatewaymanagement::Client::from_conf(config.build())
}

fn credentials() -> Credentials {
    Credentials::new("load", "secret", None, None, "load")
}

/// Returns a payload whose packet fills a frame to the byte.
fn payload() -> Result<serde_json::Value> {
    let of = |filling: &str| json!({ "revision": 1, "notelist": [filling], "more": false });
    let rest = FRAME - socketio::event(NAMESPACE, EVENT, &of(""))?.len();
    Ok(of(&"x".repeat(rest)))
}

fn frame() -> Result<String> {
    Ok(socketio::event(NAMESPACE, EVENT, &payload()?)?)
}
