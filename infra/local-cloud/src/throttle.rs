//! Throttling: a token bucket for each route, as in API Gateway.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use sam_template::Throttling;

/// The token buckets of an API, by route key. A route without a bucket has no limit.
#[derive(Debug)]
pub(crate) struct Throttle {
    routes: BTreeMap<String, Mutex<Bucket>>,
}

#[derive(Debug)]
struct Bucket {
    settings: Throttling,
    tokens: f64,
    filled: Instant,
}

impl Throttle {
    pub(crate) fn new(routes: &BTreeMap<String, Throttling>) -> Self {
        let bucket = |(route, settings): (&String, &Throttling)| {
            let bucket = Bucket { settings: *settings, tokens: settings.burst, filled: Instant::now() };
            (route.clone(), Mutex::new(bucket))
        };
        Self { routes: routes.iter().map(bucket).collect() }
    }

    /// Takes a token of the route. Returns whether there was one.
    pub(crate) fn admits(&self, route: &str) -> bool {
        self.routes
            .get(route)
            .is_none_or(|bucket| bucket.lock().unwrap_or_else(PoisonError::into_inner).take(Instant::now()))
    }
}

impl Bucket {
    /// Refills the bucket and takes a token. Returns whether there was one.
    fn take(&mut self, now: Instant) -> bool {
        let since = now.saturating_duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + since * self.settings.rate).min(self.settings.burst);
        self.filled = now;
        let admitted = self.tokens >= 1.0;
        if admitted {
            self.tokens -= 1.0;
        }
        admitted
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_burst_passes_at_once_and_then_the_rate_limits_requests() {
        let begun = Instant::now();
        let mut bucket =
            Bucket { settings: Throttling { rate: 10.0, burst: 2.0 }, tokens: 2.0, filled: begun };
        let mut after = |milliseconds| bucket.take(begun + Duration::from_millis(milliseconds));
        assert_eq!([after(0), after(0), after(0)], [true, true, false]);
        assert_eq!([after(101), after(101)], [true, false]);
        assert_eq!([after(9000), after(9000), after(9000)], [true, true, false]);
    }
}
