//! The quota of writes per person and minute.

use std::time::Duration;

use notes::{Quota, Timestamp, Writes};

use crate::{Tables, username};

fn quota(tables: &Tables, count: u64, bytes: u64) -> Quota {
    Quota::new(tables.client.clone(), "Users", Writes { count, bytes })
}

/// Runs a test within a minute of the clock, because each minute has its own quota.
async fn within_a_minute(test: impl AsyncFn()) {
    let minute = || Timestamp::now().as_second().div_euclid(60);
    loop {
        let begun = minute();
        // A test that crosses into the next minute proves nothing, whatever it found.
        let outcome = futures_util::FutureExt::catch_unwind(std::panic::AssertUnwindSafe(test())).await;
        match outcome {
            _ if minute() != begun => {}
            Ok(()) => return,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

#[tokio::test]
async fn the_quota_holds_for_all_environments_together_and_for_each_person() {
    within_a_minute(async || {
        let tables = Tables::start();
        let environments = [quota(&tables, 6, 0), quota(&tables, 6, 0)];
        let (ada, bob) = (username("ada"), username("bob"));
        for write in 0..6 {
            let charged = environments[write % 2].charge(&ada, Writes::one(1)).await.unwrap();
            assert_eq!(charged, Ok(()), "write {write}");
        }
        for environment in &environments {
            let wait = environment.charge(&ada, Writes::one(1)).await.unwrap().unwrap_err();
            assert!(wait > Duration::ZERO && wait <= Duration::from_mins(1), "{wait:?}");
            assert_eq!(environment.charge(&bob, Writes::one(1)).await.unwrap(), Ok(()));
        }
    })
    .await;
}

#[tokio::test]
async fn bytes_are_counted_too() {
    within_a_minute(async || {
        let tables = Tables::start();
        let (quota, ada) = (quota(&tables, 0, 1_000), username("ada"));
        assert_eq!(quota.charge(&ada, Writes::one(990)).await.unwrap(), Ok(()));
        assert!(quota.charge(&ada, Writes::one(11)).await.unwrap().is_err());
        assert_eq!(quota.charge(&ada, Writes::one(10)).await.unwrap(), Ok(()));
        assert!(quota.charge(&ada, Writes::one(1)).await.unwrap().is_err());
    })
    .await;
}

#[tokio::test]
async fn nine_tenths_of_a_tenth_cost_no_request_and_a_tenth_costs_one() {
    within_a_minute(async || {
        let tables = Tables::start();
        let (quota, ada) = (quota(&tables, 100, 1_000_000), username("ada"));
        for _ in 0..9 {
            quota.charge(&ada, Writes::one(100)).await.unwrap().unwrap();
        }
        assert!(tables.requests().is_empty());
        quota.charge(&ada, Writes::one(100)).await.unwrap().unwrap();
        assert_eq!(tables.requests(), ["UpdateItem Users"]);
        // Once the quota is reached, refusals cost nothing either.
        for _ in 0..90 {
            quota.charge(&ada, Writes::one(100)).await.unwrap().unwrap();
        }
        assert_eq!(tables.requests().len(), 9);
        assert!(quota.charge(&ada, Writes::one(100)).await.unwrap().is_err());
        assert!(tables.requests().is_empty());
    })
    .await;
}

#[tokio::test]
async fn without_a_quota_nothing_is_refused_or_shared() {
    let tables = Tables::start();
    let (quota, ada) = (quota(&tables, 0, 0), username("ada"));
    for _ in 0..1_000 {
        quota.charge(&ada, Writes::one(1 << 20)).await.unwrap().unwrap();
    }
    assert!(tables.requests().is_empty());
}
