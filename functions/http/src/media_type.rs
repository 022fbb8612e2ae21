//! The media types that the API reads and writes.

/// The media type of a JSON value.
pub(crate) const JSON: &str = "application/json";

/// The media type of newline-delimited JSON. Gateways treat it as binary and pass it on in base64.
pub(crate) const NDJSON: &str = "application/x-ndjson";

/// The media type of a problem document (RFC 9457).
pub(crate) const PROBLEM: &str = "application/problem+json";
