//! AWS list prices of the first tier, without the free tier.

use local_service::Usage;

/// The region of the prices.
pub(super) const REGION: &str = "us-east-1";
/// The date of the last comparison with the pricing pages.
pub(super) const READ_ON: &str = "2026-11-25";

/// A price, which is one line of the bill.
#[derive(Debug)]
pub(super) struct Price {
    /// The billed item.
    pub(super) what: &'static str,
    /// Returns the amount used.
    pub(super) used: fn(&Usage) -> f64,
    /// Price in dollars for `per` units.
    pub(super) dollars: f64,
    pub(super) per: f64,
    /// The pricing page.
    pub(super) source: &'static str,
}

impl Price {
    /// Formats the price: `$1 / million`.
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

    /// Returns the cost of a usage in dollars.
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

/// All prices. Stream reads by Lambda and the rules of schedules are free.
#[rustfmt::skip]
#[allow(clippy::cast_precision_loss, reason = "counts stay below 2^53")]
pub(super) const PRICES: &[Price] = &[
    Price { what: "requests to CloudFront", used: |usage| usage.front_door_requests as f64, dollars: 0.01, per: 10_000.0, source: CLOUDFRONT },
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

/// Returns the total cost of a usage in dollars.
pub(super) fn total(usage: &Usage) -> f64 {
    PRICES.iter().map(|price| price.cost(usage)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_unit_of_each_item_costs_the_sum_of_the_prices() {
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
