//! Requests the consumed capacity with every call, and counts it.

use axum::body::{Body, Bytes};
use axum::http::header;
use axum::response::Response;
use http_body_util::BodyExt;
use serde_json::{Value, json};

use crate::operation::Operation;
use local_service::Meter;

/// Adds the request for consumed capacity. Returns the body to send, and whether the request was added.
pub(crate) fn ask(mut request: Value, body: Bytes) -> (Bytes, bool) {
    let has_asked = matches!(request["ReturnConsumedCapacity"].as_str(), Some("TOTAL" | "INDEXES"));
    if has_asked {
        return (body, false);
    }
    request["ReturnConsumedCapacity"] = json!("TOTAL");
    (request.to_string().into(), true)
}

/// Counts the consumed capacity in a response. Removes it from the response if the caller did not request it.
pub(crate) async fn count(
    answer: Response,
    operation: &Operation<'_>,
    only_ours: bool,
    meter: &Meter,
) -> Result<Response, axum::Error> {
    let (mut head, body) = answer.into_parts();
    let body = body.collect().await?.to_bytes();
    let add = |units: f64| if operation.writes() { meter.wrote(units) } else { meter.read(units) };
    if !head.status.is_success() {
        // AWS bills a write whose condition fails by the item's size. The response has no size, so this counts one unit.
        if operation.writes() && is_condition_failure(&body) {
            add(1.0);
        }
        return Ok(Response::from_parts(head, Body::from(body)));
    }
    let Ok(mut response) = serde_json::from_slice::<Value>(&body) else {
        return Ok(Response::from_parts(head, Body::from(body)));
    };
    add(units(&response["ConsumedCapacity"]));
    if !only_ours {
        return Ok(Response::from_parts(head, Body::from(body)));
    }
    if let Some(response) = response.as_object_mut() {
        response.remove("ConsumedCapacity");
    }
    // Both belong to the body before the removal.
    head.headers.remove(header::CONTENT_LENGTH);
    head.headers.remove("x-amz-crc32");
    Ok(Response::from_parts(head, Body::from(response.to_string())))
}

fn is_condition_failure(body: &[u8]) -> bool {
    let response: Value = serde_json::from_slice(body).unwrap_or_default();
    response["__type"].as_str().is_some_and(|kind| {
        kind.ends_with("#ConditionalCheckFailedException") || kind.ends_with("#TransactionCanceledException")
    })
}

/// Returns the sum of the capacity units of one or several tables.
fn units(consumed: &Value) -> f64 {
    match consumed {
        Value::Array(tables) => tables.iter().map(units).sum(),
        table => table["CapacityUnits"].as_f64().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_consumption_of_several_tables_adds_up() {
        let two = json!([{"TableName": "A", "CapacityUnits": 2.0}, {"TableName": "B", "CapacityUnits": 0.5}]);
        assert!((units(&two) - 2.5).abs() < f64::EPSILON);
        assert!(units(&Value::Null).abs() < f64::EPSILON);
    }

    #[test]
    fn a_request_of_the_caller_is_not_changed() {
        let request = json!({"ReturnConsumedCapacity": "INDEXES"});
        assert_eq!(ask(request, Bytes::from("as it came")), (Bytes::from("as it came"), false));
        let (asked, only_ours) = ask(json!({"ReturnConsumedCapacity": "NONE"}), Bytes::new());
        assert!(only_ours && asked == r#"{"ReturnConsumedCapacity":"TOTAL"}"#);
    }
}
