//! How large the board is. `DynamoDB` takes 10 GB of it, with its index, and refuses what would make it larger.

use aws_sdk_dynamodb::types::ItemCollectionMetrics;
use metrics::histogram;

/// The metrics that this crate records.
pub const METRICS: &[&str] = &[BOARD_SIZE];

const BOARD_SIZE: &str = "BoardSize";

/// Records the least size of the board, in whole GB, as `DynamoDB` estimates it beside a write's response. It may be a
/// few hours old.
pub(crate) fn record(written: Option<&ItemCollectionMetrics>) {
    if let Some(at_least) = written.and_then(|written| written.size_estimate_range_gb().first()) {
        histogram!(BOARD_SIZE).record(*at_least);
    }
}
