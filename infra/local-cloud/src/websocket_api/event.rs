//! The events of a connection: `$connect`, messages, `$disconnect`.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::api::Api;
use super::client::Client;
use super::closing::Closing;
use crate::api_gateway::{forwarded_for, new_id, request_time};

/// Creates the event of `$connect`, the only event with the client's headers and query.
pub(super) fn connect(api: &Api, client: &Client) -> Value {
    let mut headers = Fields::default();
    let unforwarded =
        ["connection", "upgrade", "host", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"];
    for (name, value) in client.headers.iter().filter(|(name, _)| !unforwarded.contains(&name.as_str())) {
        headers.add(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
    }
    headers.add("Host", &api.domain);
    headers.add("X-Forwarded-For", &forwarded_for(&client.headers, &client.source));
    headers.add("X-Forwarded-Port", "443");
    headers.add("X-Forwarded-Proto", "https");
    let mut event = headers.under("headers", "multiValueHeaders");
    if !client.query.is_empty() {
        let mut parameters = Fields::default();
        for (name, value) in form_urlencoded::parse(client.query.as_bytes()) {
            parameters.add(&name, &value);
        }
        event.append(&mut parameters.under("queryStringParameters", "multiValueQueryStringParameters"));
    }
    finish(api, event, context(api, client, "$connect", "CONNECT"))
}

/// Creates the event of a message. Returns it with its request id.
pub(super) fn message(api: &Api, client: &Client, route: &str, body: &str) -> (Value, String) {
    let mut context = context(api, client, route, "MESSAGE");
    context["messageId"] = new_id().into();
    let request_id = context["requestId"].as_str().unwrap_or_default().to_owned();
    let mut event = finish(api, Map::new(), context);
    event["body"] = body.into();
    (event, request_id)
}

/// Creates the event of `$disconnect`.
pub(super) fn disconnect(api: &Api, client: &Client, closing: &Closing) -> Value {
    let mut headers = Fields::default();
    headers.add("Host", &api.domain);
    headers.add("x-api-key", "");
    headers.add("X-Forwarded-For", "");
    headers.add("x-restapi", "");
    let mut context = context(api, client, "$disconnect", "DISCONNECT");
    context["disconnectStatusCode"] = closing.code.into();
    context["disconnectReason"] = closing.reason.as_ref().into();
    finish(api, headers.under("headers", "multiValueHeaders"), context)
}

fn context(api: &Api, client: &Client, route: &str, kind: &str) -> Value {
    let now = Timestamp::now();
    let request_id = new_id();
    json!({
        "routeKey": route,
        "eventType": kind,
        "extendedRequestId": request_id,
        "requestTime": request_time(now),
        "messageDirection": "IN",
        "stage": api.declared.stage,
        "connectedAt": client.connected.as_millisecond(),
        "requestTimeEpoch": now.as_millisecond(),
        "identity": {"userAgent": client.user_agent, "sourceIp": client.source},
        "requestId": request_id,
        "domainName": api.domain,
        "connectionId": client.id,
        "apiId": api.declared.api_id,
    })
}

fn finish(api: &Api, mut event: Map<String, Value>, context: Value) -> Value {
    if !api.declared.stage_variables.is_empty() {
        event.insert("stageVariables".to_owned(), json!(api.declared.stage_variables));
    }
    event.insert("requestContext".to_owned(), context);
    event.insert("isBase64Encoded".to_owned(), false.into());
    event.into()
}

/// Headers or parameters: the last value of each name, and all values of each name.
#[derive(Debug, Default)]
struct Fields {
    last: Map<String, Value>,
    all: Map<String, Value>,
}

impl Fields {
    fn add(&mut self, name: &str, value: &str) {
        self.last.insert(name.to_owned(), value.into());
        match self.all.get_mut(name).and_then(Value::as_array_mut) {
            Some(values) => values.push(value.into()),
            None => {
                self.all.insert(name.to_owned(), json!([value]));
            }
        }
    }

    fn under(self, last: &str, all: &str) -> Map<String, Value> {
        Map::from_iter([(last.to_owned(), self.last.into()), (all.to_owned(), self.all.into())])
    }
}
