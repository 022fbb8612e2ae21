//! Signatures: a call with a function's access key id needs a valid signature.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use aws_sdk_dynamodb::config::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use local_cloud::Cloud;
use serde_json::Value;

use crate::{credentials, refusal, signing_with, start, text};

const SCAN: &str = r#"{"TableName": "Orders"}"#;

/// A call that a test signs by hand, with parts that the test can make wrong.
struct Call {
    credentials: Credentials,
    time: SystemTime,
    region: &'static str,
    service: &'static str,
    signed_body: &'static str,
    /// Headers that are sent but not signed.
    unsigned: Vec<(&'static str, &'static str)>,
    /// Changes the `Authorization` header.
    spoil: fn(&str) -> String,
}

impl Call {
    fn of(credentials: Credentials) -> Self {
        Self {
            credentials,
            time: SystemTime::now(),
            region: "us-east-1",
            service: "dynamodb",
            signed_body: SCAN,
            unsigned: Vec::new(),
            spoil: str::to_owned,
        }
    }

    /// Sends the call. Returns the status, the exception and the message of the response.
    async fn send(self, cloud: &Cloud) -> (u16, String, String) {
        let endpoint = cloud.dynamodb_endpoint();
        let mut headers =
            BTreeMap::from([("host".to_owned(), endpoint.trim_start_matches("http://").to_owned())]);
        if self.unsigned.is_empty() {
            headers.insert("x-amz-target".to_owned(), "DynamoDB_20120810.Scan".to_owned());
        }
        let identity = self.credentials.into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(self.service)
            .time(self.time)
            .settings(SigningSettings::default());
        let params = params.build().unwrap().into();
        let signed = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let body = SignableBody::Bytes(self.signed_body.as_bytes());
        let request = SignableRequest::new("POST", format!("{endpoint}/"), signed, body).unwrap();
        let (instructions, _) = sign(request, &params).unwrap().into_parts();
        for (name, value) in instructions.headers() {
            headers.insert(name.to_owned(), value.to_owned());
        }
        let authorization = headers.get_mut("authorization").unwrap();
        *authorization = (self.spoil)(authorization);

        let mut request = reqwest::Client::new().post(endpoint).body(SCAN);
        request = request.header("content-type", "application/x-amz-json-1.0");
        for (name, value) in headers.iter().filter(|(name, _)| *name != "host") {
            request = request.header(name, value);
        }
        for (name, value) in self.unsigned {
            request = request.header(name, value);
        }
        let response = request.send().await.unwrap();
        let status = response.status().as_u16();
        let body: Value = response.json().await.unwrap();
        let member = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let exception = member("__type").replace("com.amazon.coral.service#", "");
        (status, exception, member("message"))
    }
}

#[track_caller]
fn assert_invalid((status, exception, message): (u16, String, String), text: &str) {
    assert_eq!((status, exception.as_str()), (400, "InvalidSignatureException"), "{message}");
    assert!(message.contains(text), "{message}");
}

const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. Check your AWS \
                        Secret Access Key and signing method. Consult the service documentation for details.";

#[tokio::test]
async fn a_signature_covers_the_secret_the_body_and_the_headers() {
    let cloud = start().await;
    let own = || credentials(&cloud, "Keeper");
    assert_eq!(Call::of(own()).send(&cloud).await.0, 200);

    let token = own().session_token().map(str::to_owned);
    let guessed = Credentials::new(own().access_key_id(), "guessed", token, None, "test");
    assert_invalid(Call::of(guessed).send(&cloud).await, MISMATCH);
    let other_body = Call { signed_body: r#"{"TableName": "Users"}"#, ..Call::of(own()) };
    assert_invalid(other_body.send(&cloud).await, MISMATCH);
    let cut = Call { spoil: |header| header[..header.len() - 1].to_owned(), ..Call::of(own()) };
    assert_invalid(cut.send(&cloud).await, MISMATCH);
    // The target must be signed, or a proxy could change the operation.
    let target = vec![("x-amz-target", "DynamoDB_20120810.Scan")];
    let unsigned = Call { unsigned: target, ..Call::of(own()) };
    assert_invalid(unsigned.send(&cloud).await, "'x-amz-target' must be a 'SignedHeader'");
    cloud.stop().await;
}

#[tokio::test]
async fn a_signature_is_valid_for_five_minutes_one_region_and_one_service() {
    let cloud = start().await;
    let own = || credentials(&cloud, "Keeper");
    let minutes = |minutes| Duration::from_mins(minutes);
    let at = |time| Call { time, ..Call::of(own()) };
    assert_eq!(at(SystemTime::now() - minutes(4)).send(&cloud).await.0, 200);
    assert_eq!(at(SystemTime::now() + minutes(4)).send(&cloud).await.0, 200);
    let (status, exception, expired) = at(SystemTime::now() - minutes(6)).send(&cloud).await;
    assert_eq!((status, exception.as_str()), (400, "InvalidSignatureException"));
    assert!(expired.starts_with("Signature expired: 20"), "{expired}");
    assert!(expired.contains(" is now earlier than ") && expired.ends_with(" - 5 min.)"), "{expired}");
    let early = at(SystemTime::now() + minutes(6)).send(&cloud).await;
    assert_invalid(early, "Signature not yet current: ");

    let other_region = Call { region: "eu-west-1", ..Call::of(own()) };
    assert_invalid(other_region.send(&cloud).await, "scoped to a valid region, not 'eu-west-1'");
    let other_service = Call { service: "execute-api", ..Call::of(own()) };
    assert_invalid(other_service.send(&cloud).await, "scoped to correct service: 'dynamodb'");
    cloud.stop().await;
}

#[tokio::test]
async fn credentials_of_another_run_or_without_a_token_are_unknown() {
    let (cloud, other) = (start().await, start().await);
    let put = |credentials| {
        signing_with(&cloud, credentials).put_item().table_name("Orders").item("key", text("a")).send()
    };
    let invalid = "The security token included in the request is invalid.".to_owned();
    let unrecognized = ("UnrecognizedClientException".to_owned(), invalid);
    assert_eq!(refusal(put(credentials(&other, "Keeper")).await), unrecognized);
    let own = credentials(&cloud, "Keeper");
    let without = Credentials::new(own.access_key_id(), own.secret_access_key(), None, None, "test");
    assert_eq!(refusal(put(without).await), unrecognized);
    let made_up = Credentials::new("ASIALOCALAAAAAAAAAAA", "secret", None, None, "test");
    assert_eq!(refusal(put(made_up).await), unrecognized);
    put(own).await.unwrap();
    cloud.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn an_incomplete_header_is_an_error_that_names_the_missing_part() {
    let cloud = start().await;
    let own = || credentials(&cloud, "Keeper");
    let unsigned = Call { spoil: |_| "Bearer abc".to_owned(), ..Call::of(own()) };
    let (status, exception, message) = unsigned.send(&cloud).await;
    assert_eq!((status, exception.as_str()), (400, "MissingAuthenticationTokenException"));
    assert_eq!(message, "Request is missing Authentication Token");
    for (spoil, text) in [
        (
            (|header| header.replace("Signature=", "Sign=")) as fn(&str) -> String,
            "requires 'Signature' parameter",
        ),
        (|header| header.replace("SignedHeaders=", "Headers="), "requires 'SignedHeaders' parameter"),
        (|header| header.replace("/aws4_request", ""), "exactly 5 slash-delimited elements"),
    ] {
        let (status, exception, message) = Call { spoil, ..Call::of(own()) }.send(&cloud).await;
        assert_eq!((status, exception.as_str()), (400, "IncompleteSignatureException"));
        assert!(message.contains(text), "{message}");
    }
    cloud.stop().await;
}
