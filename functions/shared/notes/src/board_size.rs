//! The size of the board. `DynamoDB` refuses writes beyond 10 GB, the index included.

use aws_sdk_dynamodb::types::ItemCollectionMetrics;
use metrics::histogram;

/// The metrics that this crate records.
pub const METRICS: &[&str] = &[BOARD_SIZE];

const BOARD_SIZE: &str = "BoardSize";

/// Records the estimated minimum size of the board in GB, which `DynamoDB` returns with a write. It may be a few hours
/// old.
pub(crate) fn record(written: Option<&ItemCollectionMetrics>) {
    if let Some(at_least) = written.and_then(|written| written.size_estimate_range_gb().first()) {
        histogram!(BOARD_SIZE).record(*at_least);
    }
}
