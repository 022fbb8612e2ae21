//! What AWS asks for what was used: list prices of the first tier, without what is free.

use local_service::Usage;

/// Where the prices hold.
pub(super) const REGION: &str = "us-east-1";
/// When they were last compared with the pages that they come from.
pub(super) const READ_ON: &str = "2026-11-25";

/// One line of the bill.
#[derive(Debug)]
pub(super) struct Price {
    /// What is paid for.
    pub(super) what: &'static str,
    /// How much of it was used.
    pub(super) used: fn(&Usage) -> f64,
    /// Dollars for so many.
    pub(super) dollars: f64,
    pub(super) per: f64,
    /// The page that says so.
    pub(super) source: &'static str,
}

impl Price {
    /// What one asks for it: `$1 / million`.
    pub(super) fn each(&self) -> String {
        let Self { dollars, per, .. } = self;
        if *per >= MILLION {
            format!("${dollars} / million")
        } else if *per > 1.0 {
            format!("${dollars} / {per}")
        } else {
            format!("${dollars}")
        }
    }

    /// What so much of it costs.
    pub(super) fn cost(&self, usage: &Usage) -> f64 {
        (self.used)(usage) * self.dollars / self.per
    }
}

const MILLION: f64 = 1e6;
const GB: f64 = 1024.0 * 1024.0 * 1024.0;

const API_GATEWAY: &str = "https://aws.amazon.com/api-gateway/pricing/";
const CLOUDFRONT: &str = "https://aws.amazon.com/cloudfront/pricing/";
const CLOUDWATCH: &str = "https://aws.amazon.com/cloudwatch/pricing/";
const DYNAMODB: &str = "https://aws.amazon.com/dynamodb/pricing/on-demand/";
const LAMBDA: &str = "https://aws.amazon.com/lambda/pricing/";

/// Records that Lambda reads from a stream are free, and so is a schedule's rule.
#[rustfmt::skip]
#[allow(clippy::cast_precision_loss, reason = "nobody counts past 2^53")]
pub(super) const PRICES: &[Price] = &[
    Price { what: "requests to the front door", used: |usage| usage.front_door_requests as f64, dollars: 0.01, per: 10_000.0, source: CLOUDFRONT },
    Price { what: "GB sent to viewers", used: |usage| usage.bytes_out as f64 / GB, dollars: 0.085, per: 1.0, source: CLOUDFRONT },
    Price { what: "requests to HTTP APIs", used: |usage| usage.http_requests as f64, dollars: 1.00, per: MILLION, source: API_GATEWAY },
    Price { what: "WebSocket messages", used: |usage| usage.messages as f64, dollars: 1.00, per: MILLION, source: API_GATEWAY },
    Price { what: "connection minutes", used: |usage| usage.connection_seconds / 60.0, dollars: 0.25, per: MILLION, source: API_GATEWAY },
    Price { what: "invocations of functions", used: |usage| usage.invocations as f64, dollars: 0.20, per: MILLION, source: LAMBDA },
    Price { what: "GB-seconds of functions (arm64)", used: |usage| usage.gb_seconds, dollars: 0.000_013_333_4, per: 1.0, source: LAMBDA },
    Price { what: "read request units", used: |usage| usage.read_units, dollars: 0.125, per: MILLION, source: DYNAMODB },
    Price { what: "write request units", used: |usage| usage.write_units, dollars: 0.625, per: MILLION, source: DYNAMODB },
    Price { what: "GB of logs", used: |usage| usage.log_bytes as f64 / GB, dollars: 0.50, per: 1.0, source: CLOUDWATCH },
];

/// What all of it costs.
pub(super) fn total(usage: &Usage) -> f64 {
    PRICES.iter().map(|price| price.cost(usage)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_price_of_everything_adds_up_to_what_the_pages_say() {
        let usage = Usage {
            front_door_requests: 10_000,
            bytes_out: 1024 * 1024 * 1024,
            http_requests: 1_000_000,
            messages: 1_000_000,
            connection_seconds: 60_000_000.0,
            invocations: 1_000_000,
            gb_seconds: 1.0,
            read_units: 1e6,
            write_units: 1e6,
            log_bytes: 1024 * 1024 * 1024,
        };
        assert!((total(&usage) - 3.795_013_333_4).abs() < 1e-9, "{}", total(&usage));
    }
}
