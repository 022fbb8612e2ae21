//! ARNs of tables and streams. Both are known before a table exists.

use crate::pseudo_parameters::{ACCOUNT, REGION};

/// The creation time of every stream, which AWS makes part of its ARN. Fixed, so that the ARN is known in advance.
pub const STREAM_LABEL: &str = "2026-01-01T00:00:00.000";

/// Returns the ARN of a table by its name.
#[must_use]
pub fn table_arn(name: &str) -> String {
    format!("arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/{name}")
}

/// Returns the ARN of a table's stream by the table's name.
#[must_use]
pub fn stream_arn(name: &str) -> String {
    format!("{}/stream/{STREAM_LABEL}", table_arn(name))
}
