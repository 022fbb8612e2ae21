//! Guessing, slowed down.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use notes::{SignInError, SignUpError, Timestamp};

use crate::{Tables, ada, device, password, username};

async fn guess(tables: &Tables, name: &str, text: &str) -> Result<(), SignInError> {
    tables.accounts().sign_in(&username(name), &password(text), &device()).await.map(drop)
}

/// How long a guess is told to wait; `None` if it was only wrong.
async fn wait(tables: &Tables, name: &str) -> Option<Duration> {
    match guess(tables, name, "battery staple").await {
        Err(SignInError::Wrong) => None,
        Err(SignInError::TooMany(wait)) => Some(wait),
        other => panic!("{other:?}"),
    }
}

/// A count's row: how many attempts, and until when there is no other.
async fn counted(tables: &Tables, name: &str) -> (u32, Timestamp) {
    let rows = tables.rows("Users").await;
    let name = AttributeValue::S(format!("attempts#{name}"));
    let row = rows.iter().find(|row| row["username"] == name).unwrap();
    (row["count"].as_n().unwrap().parse().unwrap(), Timestamp::parse(row["until"].as_s().unwrap()).unwrap())
}

async fn set_until(tables: &Tables, name: &str, until: Timestamp) {
    let until = AttributeValue::S(until.to_string());
    tables.set("Users", &[("username", &format!("attempts#{name}"))], "until", until).await;
}

/// Makes a count's wait last, so that the next guess comes too early however slow this machine is.
async fn time_stands(tables: &Tables, name: &str) {
    set_until(tables, name, Timestamp::now().saturating_add(Duration::from_hours(1))).await;
}

/// Lets a count's wait be over.
async fn time_passes(tables: &Tables, name: &str) {
    set_until(tables, name, Timestamp::from_second(1).unwrap()).await;
}

async fn with_ada() -> Tables {
    let tables = Tables::start();
    tables.sign_up(&ada(), "correct horse").await.unwrap();
    tables.requests();
    tables
}

#[tokio::test]
async fn after_five_failures_waits_grow_from_a_second_to_15_minutes() {
    let tables = with_ada().await;
    for name in ["ada", "nobody"] {
        for _ in 0..4 {
            assert_eq!(wait(&tables, name).await, None);
        }
        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            let before = Timestamp::now();
            assert_eq!(wait(&tables, name).await, None, "a guess, after the wait");
            let after = Timestamp::now();
            let (_, until) = counted(&tables, name).await;
            let seconds = Duration::from_secs(seconds);
            let is_due = before.saturating_add(seconds) <= until && until <= after.saturating_add(seconds);
            assert!(is_due, "{name}: {until}, not {seconds:?} after something from {before} to {after}");
            time_stands(&tables, name).await;
            let told = wait(&tables, name).await.unwrap_or_else(|| panic!("{name} need not wait"));
            assert!(told <= Duration::from_hours(1) && told > Duration::from_mins(50), "{told:?}");
            time_passes(&tables, name).await;
        }
    }
}

#[tokio::test]
async fn the_right_password_must_wait_too_and_then_clears_the_failures() {
    let tables = with_ada().await;
    for _ in 0..5 {
        assert_eq!(wait(&tables, "ada").await, None);
    }
    time_stands(&tables, "ada").await;
    assert!(matches!(guess(&tables, "ada", "correct horse").await, Err(SignInError::TooMany(_))));
    time_passes(&tables, "ada").await;
    guess(&tables, "ada", "correct horse").await.unwrap();
    let counts = tables.rows("Users").await.into_iter().filter(|row| row.contains_key("until")).count();
    assert_eq!(counts, 0, "the count is gone");
    for _ in 0..5 {
        assert_eq!(wait(&tables, "ada").await, None);
    }
    assert_eq!(counted(&tables, "ada").await.0, 5, "those before are forgotten");
}

#[tokio::test]
async fn concurrent_attempts_are_all_counted() {
    let tables = with_ada().await;
    let side_by_side = async |count: usize| {
        let guesses = (0..count).map(|_| guess(&tables, "ada", "battery staple"));
        let told = futures_util::future::join_all(guesses).await;
        let made = told.iter().filter(|told| matches!(told, Err(SignInError::Wrong))).count();
        let turned_away = told.iter().filter(|told| matches!(told, Err(SignInError::TooMany(_)))).count();
        (made, turned_away)
    };
    assert_eq!(side_by_side(5).await, (5, 0));
    assert_eq!(counted(&tables, "ada").await.0, 5);
    // The wait after so many is a quarter of an hour: no guess of these comes after it.
    let key = [("username", "attempts#ada")];
    tables.set("Users", &key, "count", AttributeValue::N("20".into())).await;
    time_passes(&tables, "ada").await;
    tables.requests();
    assert_eq!(side_by_side(15).await, (1, 14));
    // Whose password is compared is counted first: no account was read for those who were turned away.
    let looked = tables.requests().iter().filter(|request| *request == "GetItem Users").count();
    assert_eq!(looked, 1);
}

#[tokio::test]
async fn failures_are_forgotten_exactly_a_day_after_the_last() {
    let tables = with_ada().await;
    let before = Timestamp::now();
    for _ in 0..5 {
        assert_eq!(wait(&tables, "ada").await, None);
    }
    let rows = tables.rows("Users").await;
    let count = rows.iter().find(|row| row.contains_key("until")).unwrap();
    let expires = count["expires"].as_n().unwrap().parse::<i64>().unwrap();
    let (earliest, latest) = (before.as_second() + 86_400, Timestamp::now().as_second() + 86_401);
    assert!((earliest..=latest).contains(&expires), "{expires}");
    // TTL may be late: what has expired is not remembered, though its row stands.
    time_passes(&tables, "ada").await;
    let now = AttributeValue::N(Timestamp::now().as_second().to_string());
    tables.set("Users", &[("username", "attempts#ada")], "expires", now).await;
    for _ in 0..5 {
        assert_eq!(wait(&tables, "ada").await, None);
    }
    assert_eq!(counted(&tables, "ada").await.0, 5, "those before are forgotten");
}

#[tokio::test]
async fn sign_ups_per_address_and_hour_are_limited() {
    let tables = Tables::start();
    let count = async |address: &str| tables.accounts().count_sign_up(address, 3).await;
    for _ in 0..3 {
        count("203.0.113.7").await.unwrap();
    }
    let Err(SignUpError::TooMany(wait)) = count("203.0.113.7").await else { panic!("a fourth was let in") };
    assert!(wait <= Duration::from_secs(3601) && wait > Duration::from_secs(3500), "{wait:?}");
    count("203.0.113.8").await.unwrap();

    let key = [("username", "sign-ups#203.0.113.7")];
    let over = Timestamp::from_second(1).unwrap();
    tables.set("Users", &key, "until", AttributeValue::S(over.to_string())).await;
    tables.set("Users", &key, "expires", AttributeValue::N("1".into())).await;
    for _ in 0..3 {
        count("203.0.113.7").await.unwrap();
    }
    assert!(count("203.0.113.7").await.is_err());
}

#[tokio::test]
async fn concurrent_sign_ups_are_all_counted() {
    let tables = Tables::start();
    let accounts = tables.accounts();
    let all = (0..12).map(|_| accounts.count_sign_up("203.0.113.7", 4));
    let all = futures_util::future::join_all(all).await;
    assert_eq!(all.iter().filter(|counted| counted.is_ok()).count(), 4, "{all:?}");
}
