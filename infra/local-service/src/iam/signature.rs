//! Signature Version 4, with which a request proves that its sender has an access key.
//!
//! The verification signs the request again with the SDK's signer, and compares the signatures. The algorithm:
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials as Identity;
use aws_sigv4::http_request::{self, SessionTokenMode, SignableBody, SignableRequest, SigningSettings};
use aws_sigv4::sign::v4::SigningParams;
use axum::http::{HeaderMap, Method, Uri};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use subtle::ConstantTimeEq;

use super::error::AuthenticationError;
use crate::credentials::Credentials;
use sam_template::REGION;

/// Maximum difference between the time of a signature and now. DynamoDB's error messages say five minutes, sometimes 15.
const SKEW: Duration = Duration::from_mins(5);
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The signed parts of a request.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path and query, unchanged.
    pub uri: &'a Uri,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The whole body.
    pub body: &'a [u8],
}

/// The parsed `Authorization` header.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Authorization<'a> {
    pub(super) access_key_id: &'a str,
    /// The day, region and service for which the signature is valid.
    date: &'a str,
    region: &'a str,
    service: &'a str,
    signed_headers: Vec<&'a str>,
    signature: &'a str,
}

impl<'a> Request<'a> {
    pub(super) fn authorization(&self) -> &'a str {
        self.header("authorization")
    }

    fn header(&self, name: &str) -> &'a str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl<'a> Authorization<'a> {
    /// Parses the header.
    ///
    /// # Errors
    /// If the header is missing or incomplete.
    pub(super) fn parse(header: &'a str) -> Result<Self, AuthenticationError> {
        let fields = header.strip_prefix(ALGORITHM).ok_or(AuthenticationError::Missing)?;
        let field = |name: &str| {
            let mut fields = fields.split(',').map(str::trim);
            let value = fields.find_map(|field| field.strip_prefix(name)?.strip_prefix('='));
            value.filter(|value| !value.is_empty()).ok_or_else(|| {
                AuthenticationError::Incomplete(format!("Authorization header requires '{name}' parameter."))
            })
        };
        let credential = field("Credential")?;
        let scope: Vec<&str> = credential.split('/').collect();
        let [access_key_id, date, region, service, "aws4_request"] = scope[..] else {
            return Err(AuthenticationError::Incomplete(format!(
                "Credential must have exactly 5 slash-delimited elements, e.g. \
                 keyid/date/region/service/term, got '{credential}'"
            )));
        };
        if access_key_id.is_empty() {
            return Err(AuthenticationError::Missing);
        }
        let signed_headers = field("SignedHeaders")?.split(';').collect();
        Ok(Self { access_key_id, date, region, service, signed_headers, signature: field("Signature")? })
    }

    /// Checks that the request was signed recently, with these credentials and for this service.
    ///
    /// # Errors
    /// If the signature is wrong, too old, or for another service.
    pub(super) fn verify(
        &self,
        request: &Request<'_>,
        credentials: &Credentials,
        service: &str,
        now: SystemTime,
    ) -> Result<(), AuthenticationError> {
        let invalid = |text: String| Err(AuthenticationError::Invalid(text));
        // The effect of a call depends on no other header.
        for name in ["host", "x-amz-date", "x-amz-target"] {
            if request.headers.contains_key(name) && !self.signed_headers.contains(&name) {
                return invalid(format!("'{name}' must be a 'SignedHeader' in the AWS Authorization."));
            }
        }
        let token = request.header("x-amz-security-token");
        if !bool::from(token.as_bytes().ct_eq(credentials.session_token.as_bytes())) {
            return Err(AuthenticationError::UnknownToken);
        }
        let date = request.header("x-amz-date");
        let Some(time) = parse_time(date) else {
            return Err(AuthenticationError::Incomplete(
                "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."
                    .to_owned(),
            ));
        };
        check_time(date, time, now)?;
        if !date.starts_with(self.date) || self.date.len() != 8 {
            return invalid(format!(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
                 '{}' != '{}', from '{date}'.",
                self.date,
                &date[..8]
            ));
        }
        if self.region != REGION {
            return invalid(format!(
                "Credential should be scoped to a valid region, not '{}'. ",
                self.region
            ));
        }
        if self.service != service {
            return invalid(format!("Credential should be scoped to correct service: '{service}'. "));
        }
        match self.expected_signature(request, credentials, time) {
            Some(signature) if bool::from(signature.as_bytes().ct_eq(self.signature.as_bytes())) => Ok(()),
            _ => invalid(
                "The request signature we calculated does not match the signature you provided. Check your AWS \
                 Secret Access Key and signing method. Consult the service documentation for details."
                    .to_owned(),
            ),
        }
    }

    /// Computes the expected signature. Returns `None` if the request cannot be signed.
    fn expected_signature(
        &self,
        request: &Request<'_>,
        credentials: &Credentials,
        time: SystemTime,
    ) -> Option<String> {
        let Credentials { access_key_id, secret_access_key, session_token } = credentials;
        let mut settings = SigningSettings::default();
        // Signs exactly the headers that the sender signed.
        settings.excluded_headers = None;
        if !self.signed_headers.contains(&"x-amz-security-token") {
            settings.session_token_mode = SessionTokenMode::Exclude;
        }
        let identity =
            Identity::new(access_key_id, secret_access_key, Some(session_token.clone()), None, "local")
                .into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name(self.service)
            .time(time)
            .settings(settings)
            .build()
            .ok()?;
        let mut headers = Vec::new();
        for name in &self.signed_headers {
            for value in request.headers.get_all(*name) {
                headers.push((*name, value.to_str().ok()?));
            }
        }
        let body = SignableBody::Bytes(request.body);
        let (method, uri) = (request.method.as_str(), request.uri.to_string());
        let signable = SignableRequest::new(method, uri, headers.into_iter(), body).ok()?;
        let (_, signature) = http_request::sign(signable, &params.into()).ok()?.into_parts();
        Some(signature)
    }
}

/// Parses a time like `20261125T034212Z`.
fn parse_time(text: &str) -> Option<SystemTime> {
    let time = DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok().filter(|_| text.len() == 16)?;
    Some(time.to_zoned(TimeZone::UTC).ok()?.timestamp().into())
}

fn check_time(date: &str, time: SystemTime, now: SystemTime) -> Result<(), AuthenticationError> {
    let minutes = SKEW.as_secs() / 60;
    let problem = if time + SKEW < now {
        let (bound, now) = (format_time(now - SKEW), format_time(now));
        format!("Signature expired: {date} is now earlier than {bound} ({now} - {minutes} min.)")
    } else if now + SKEW < time {
        let (bound, now) = (format_time(now + SKEW), format_time(now));
        format!("Signature not yet current: {date} is still later than {bound} ({now} + {minutes} min.)")
    } else {
        return Ok(());
    };
    Err(AuthenticationError::Invalid(problem))
}

fn format_time(time: SystemTime) -> String {
    Timestamp::try_from(time).unwrap_or_default().strftime("%Y%m%dT%H%M%SZ").to_string()
}
