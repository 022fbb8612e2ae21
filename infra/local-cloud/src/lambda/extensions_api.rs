//! The Extensions API for internal extensions, which run in the process of the runtime.
//! (<https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html>; error types and messages as in
//! `lambda/rapi/handler` of <https://github.com/aws/aws-lambda-runtime-interface-emulator>)
//!
//! It only translates: every request becomes a [`Call`], which the session handles.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::mpsc;

use super::call::{Call, Calls, ExtensionRefused, NewExtension, ask};
use super::extensions::LIMIT;
use super::responses::{gone, refusal, status_ok};

const ID: &str = "lambda-extension-identifier";

pub(super) fn routes() -> Router<mpsc::Sender<Call>> {
    Router::new()
        .route("/2020-01-01/extension/register", post(register))
        .route("/2020-01-01/extension/event/next", get(next))
        .route("/2020-01-01/extension/init/error", post(error))
        .route("/2020-01-01/extension/exit/error", post(error))
}

#[derive(Deserialize)]
struct Registration {
    #[serde(default)]
    events: Vec<String>,
}

async fn register(calls: Calls, headers: HeaderMap, body: Bytes) -> Response {
    let name = header(&headers, "lambda-extension-name");
    if name.is_empty() {
        return forbidden("InvalidExtensionName", "Empty extension name");
    }
    let events = match serde_json::from_slice(&body) {
        Ok(Registration { events }) => events,
        Err(error) => return refusal(StatusCode::FORBIDDEN, "InvalidRequestFormat", &error.to_string()),
    };
    // Only extensions with a process of their own see how the environment ends.
    if let Some(event) = events.iter().find(|event| *event != "INVOKE") {
        return forbidden("InvalidEventType", &format!("{event}: not for an internal extension"));
    }
    let extension = NewExtension { name: name.to_owned(), wants_invocations: !events.is_empty() };
    match ask(&calls, |registered| Call::Register { extension, registered }).await {
        Some(Ok(registered)) => {
            let function = json!({"functionName": registered.function, "functionVersion": "$LATEST", "handler": "bootstrap"});
            ([(ID, registered.id)], axum::Json(function)).into_response()
        }
        Some(Err(refused)) => self::refused(refused),
        None => gone(),
    }
}

async fn next(calls: Calls, headers: HeaderMap) -> Response {
    let id = header(&headers, ID).to_owned();
    match ask(&calls, |waiting| Call::ExtensionNext { id, waiting }).await {
        Some(Ok(notice)) => axum::Json(json!({
            "eventType": "INVOKE",
            "deadlineMs": notice.deadline_ms(),
            "requestId": notice.request_id,
            "invokedFunctionArn": notice.arn(),
            "tracing": {"type": "X-Amzn-Trace-Id", "value": notice.trace()},
        }))
        .into_response(),
        Some(Err(refused)) => self::refused(refused),
        None => gone(),
    }
}

async fn error(calls: Calls, headers: HeaderMap) -> Response {
    let kind = header(&headers, "lambda-extension-function-error-type").to_owned();
    if kind.is_empty() {
        return forbidden("MissingHeader", "Lambda-Extension-Function-Error-Type is missing");
    }
    let id = header(&headers, ID).to_owned();
    match ask(&calls, |accepted| Call::ExtensionFailed { id, kind, accepted }).await {
        Some(true) => status_ok(),
        Some(false) => refused(ExtensionRefused::Unknown),
        None => gone(),
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn refused(reason: ExtensionRefused) -> Response {
    match reason {
        ExtensionRefused::Late => forbidden("RegistrationClosed", "Extension registration closed already"),
        ExtensionRefused::NameTaken => {
            forbidden("InvalidExtensionState", "Extension with this name already registered")
        }
        ExtensionRefused::TooMany => {
            forbidden("TooManyExtensions", &format!("Extension limit ({LIMIT}) reached"))
        }
        ExtensionRefused::Unknown => forbidden("UnknownExtensionIdentifier", "Unknown extension"),
    }
}

fn forbidden(kind: &str, message: &str) -> Response {
    refusal(StatusCode::FORBIDDEN, &format!("Extension.{kind}"), message)
}
