//! Limits of attempts to guess passwords.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use notes::{
    DeleteAccountError, Device, DeviceToken, NewSession, Session, SignInError, SignUpError, Timestamp, User,
};

use crate::{Tables, ada, device, password, username};

/// The network of [`device`].
const NETWORK: &str = "203.0.113.7";
const RIGHT: &str = "correct horse";
const WRONG: &str = "battery staple";

/// The name of the count of a network.
fn of_network(name: &str, network: &str) -> String {
    format!("attempts#{name}#network#{network}")
}

/// Tries a password at an account, from an address, with or without a device's token.
async fn try_password(
    tables: &Tables,
    name: &str,
    text: &str,
    address: &str,
    token: Option<&DeviceToken>,
) -> Result<NewSession, SignInError> {
    let device = Device::new(address, "A browser");
    tables.accounts().sign_in(&username(name), &password(text), &device, token.cloned()).await
}

/// Tries a password from the usual network, without a device's token.
async fn guess(tables: &Tables, name: &str, text: &str) -> Result<NewSession, SignInError> {
    try_password(tables, name, text, NETWORK, None).await
}

/// Returns how long a wrong password must wait. `None` if it was compared.
#[track_caller]
fn wait_of<Any: std::fmt::Debug>(result: Result<Any, SignInError>) -> Option<Duration> {
    match result {
        Err(SignInError::Wrong) => None,
        Err(SignInError::TooMany(wait)) => Some(wait),
        other => panic!("{other:?}"),
    }
}

async fn wait(tables: &Tables, name: &str) -> Option<Duration> {
    wait_of(guess(tables, name, WRONG).await)
}

/// Returns how many attempts a count has. Zero without one.
async fn count(tables: &Tables, name: &str) -> u32 {
    let rows = tables.rows("Users").await;
    let row = rows.iter().find(|row| row["username"] == AttributeValue::S(name.into()));
    row.map_or(0, |row| row["count"].as_n().unwrap().parse().unwrap())
}

/// Returns the time until which a count allows no other attempt.
async fn until(tables: &Tables, name: &str) -> Timestamp {
    let rows = tables.rows("Users").await;
    let row = rows.iter().find(|row| row["username"] == AttributeValue::S(name.into())).unwrap();
    Timestamp::parse(row["until"].as_s().unwrap()).unwrap()
}

async fn set_until(tables: &Tables, name: &str, until: Timestamp) {
    let until = AttributeValue::S(until.to_string());
    tables.set("Users", &[("username", name)], "until", until).await;
}

/// Makes a count's wait last, so that the next guess comes too early however slow this machine is.
async fn time_stands(tables: &Tables, name: &str) {
    set_until(tables, name, Timestamp::now().saturating_add(Duration::from_hours(1))).await;
}

/// Lets a count's wait be over.
async fn time_passes(tables: &Tables, name: &str) {
    set_until(tables, name, Timestamp::from_second(1).unwrap()).await;
}

/// Returns the names of the counts of an account in this hour and the next, which may begin during a test.
fn hours(name: &str) -> [String; 2] {
    let now = Timestamp::now();
    [now, now.saturating_add(Duration::from_hours(1))]
        .map(|time| format!("attempts#{name}#hour#{}:00:00.000Z", &time.to_string()[.."2026-11-23T20".len()]))
}

/// Returns how many failures of unknown devices an account has in this hour.
async fn count_in_hour(tables: &Tables, name: &str) -> u32 {
    let [this, next] = hours(name);
    count(tables, &this).await + count(tables, &next).await
}

/// Sets how many failures of unknown devices an account has in this hour.
async fn set_count_in_hour(tables: &Tables, name: &str, count: u32) {
    for hour in hours(name) {
        let count = AttributeValue::N(count.to_string());
        tables.set("Users", &[("username", &hour)], "count", count).await;
    }
}

/// Returns whether an account knows a device. Counts a failure of it.
async fn is_known(tables: &Tables, name: &str, token: &DeviceToken) -> bool {
    let network = "192.0.2.99";
    tables.requests();
    assert_eq!(wait_of(try_password(tables, name, WRONG, network, Some(token)).await), None);
    let requests = tables.requests();
    let is_known = !requests.contains(&"UpdateItem Users".to_owned());
    assert_eq!(count(tables, &of_network(name, network)).await == 0, is_known, "{requests:?}");
    let key = [("username".to_owned(), AttributeValue::S(of_network(name, network)))].into();
    tables.client.delete_item().table_name("Users").set_key(Some(key)).send().await.unwrap();
    is_known
}

async fn with_ada() -> Tables {
    let tables = Tables::start();
    tables.sign_up(&ada(), RIGHT).await.unwrap();
    tables.requests();
    tables
}

#[tokio::test]
async fn after_five_failures_waits_grow_from_a_second_to_15_minutes() {
    let tables = with_ada().await;
    for name in ["ada", "nobody"] {
        let network = of_network(name, NETWORK);
        for _ in 0..4 {
            assert_eq!(wait(&tables, name).await, None);
        }
        for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            let before = Timestamp::now();
            assert_eq!(wait(&tables, name).await, None, "a guess, after the wait");
            let after = Timestamp::now();
            let until = until(&tables, &network).await;
            let seconds = Duration::from_secs(seconds);
            let is_due = before.saturating_add(seconds) <= until && until <= after.saturating_add(seconds);
            assert!(is_due, "{name}: {until}, not {seconds:?} after something from {before} to {after}");
            time_stands(&tables, &network).await;
            let wait = wait(&tables, name).await.unwrap_or_else(|| panic!("{name} need not wait"));
            assert!(wait <= Duration::from_hours(1) && wait > Duration::from_mins(50), "{wait:?}");
            time_passes(&tables, &network).await;
        }
    }
}

#[tokio::test]
async fn the_right_password_must_wait_too_and_then_clears_the_failures() {
    let tables = with_ada().await;
    let network = of_network("ada", NETWORK);
    for _ in 0..5 {
        assert_eq!(wait(&tables, "ada").await, None);
    }
    time_stands(&tables, &network).await;
    assert!(matches!(guess(&tables, "ada", RIGHT).await, Err(SignInError::TooMany(_))));
    time_passes(&tables, &network).await;
    guess(&tables, "ada", RIGHT).await.unwrap();
    assert_eq!(count(&tables, &network).await, 0, "the count is gone");
    for _ in 0..5 {
        assert_eq!(wait(&tables, "ada").await, None);
    }
    assert_eq!(count(&tables, &network).await, 5, "those before are forgotten");
}

#[tokio::test]
async fn concurrent_attempts_are_all_counted() {
    let tables = with_ada().await;
    let network = of_network("ada", NETWORK);
    let side_by_side = async |count: usize| {
        let guesses = (0..count).map(|_| guess(&tables, "ada", WRONG));
        let outcomes = futures_util::future::join_all(guesses).await;
        let compared = outcomes.iter().filter(|outcome| matches!(outcome, Err(SignInError::Wrong))).count();
        let refused =
            outcomes.iter().filter(|outcome| matches!(outcome, Err(SignInError::TooMany(_)))).count();
        (compared, refused)
    };
    assert_eq!(side_by_side(5).await, (5, 0));
    assert_eq!(count(&tables, &network).await, 5);
    // The wait after so many is a quarter of an hour: no guess of these comes after it.
    tables.set("Users", &[("username", &network)], "count", AttributeValue::N("20".into())).await;
    time_passes(&tables, &network).await;
    assert_eq!(side_by_side(15).await, (1, 14));
    assert_eq!(count_in_hour(&tables, "ada").await, 6, "refused attempts do not count in the hour");
}

#[tokio::test]
async fn failures_are_forgotten_exactly_a_day_after_the_last() {
    let tables = with_ada().await;
    let network = of_network("ada", NETWORK);
    let before = Timestamp::now();
    for _ in 0..5 {
        assert_eq!(wait(&tables, "ada").await, None);
    }
    let rows = tables.rows("Users").await;
    let row = rows.iter().find(|row| row.contains_key("until")).unwrap();
    let expires = row["expires"].as_n().unwrap().parse::<i64>().unwrap();
    let (earliest, latest) = (before.as_second() + 86_400, Timestamp::now().as_second() + 86_401);
    assert!((earliest..=latest).contains(&expires), "{expires}");
    // TTL may be late: an expired count does not apply, even if its row exists.
    time_passes(&tables, &network).await;
    let now = AttributeValue::N(Timestamp::now().as_second().to_string());
    tables.set("Users", &[("username", &network)], "expires", now).await;
    for _ in 0..5 {
        assert_eq!(wait(&tables, "ada").await, None);
    }
    assert_eq!(count(&tables, &network).await, 5, "those before are forgotten");
}

#[tokio::test]
async fn each_network_has_its_own_waits() {
    let tables = with_ada().await;
    for (network, alike, other) in [
        (NETWORK, NETWORK, "198.51.100.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::1", "2001:db8:1:3:3:4:5:6"),
    ] {
        for _ in 0..5 {
            assert_eq!(wait_of(try_password(&tables, "ada", WRONG, network, None).await), None);
        }
        let failed = of_network("ada", &Device::new(network, "").network());
        assert_eq!(count(&tables, &failed).await, 5);
        time_stands(&tables, &failed).await;
        let waiting = try_password(&tables, "ada", RIGHT, alike, None).await;
        assert!(matches!(waiting, Err(SignInError::TooMany(_))), "{waiting:?}");
        try_password(&tables, "ada", RIGHT, other, None).await.unwrap();
        let waiting = try_password(&tables, "ada", RIGHT, network, None).await;
        assert!(matches!(waiting, Err(SignInError::TooMany(_))), "a sign-in clears its own count only");
    }
}

#[tokio::test]
async fn strangers_do_not_keep_a_known_device_out() {
    let tables = with_ada().await;
    let known = guess(&tables, "ada", RIGHT).await.unwrap().device_token;
    for _ in 0..5 {
        assert_eq!(wait(&tables, "ada").await, None);
    }
    time_stands(&tables, &of_network("ada", NETWORK)).await;
    set_count_in_hour(&tables, "ada", 100).await;
    tables.requests();
    // Even from the same network, and with the fewest requests.
    let begun = try_password(&tables, "ada", RIGHT, NETWORK, Some(&known)).await.unwrap();
    let requests = ["GetItem Users", "PutItem Users", "TransactWriteItems Sessions, Users"];
    assert_eq!(tables.requests(), requests);
    assert_eq!(begun.device_token, known, "the browser keeps its token");
    assert_eq!(count(&tables, &of_network("ada", NETWORK)).await, 5, "the strangers' failures stay");
    assert_eq!(count_in_hour(&tables, "ada").await, 200);
    assert!(wait(&tables, "ada").await.is_some());
    // A token that the account does not know is a stranger's.
    let waiting = try_password(&tables, "ada", RIGHT, NETWORK, Some(&DeviceToken::generate())).await;
    assert!(matches!(waiting, Err(SignInError::TooMany(_))), "{waiting:?}");
}

#[tokio::test]
async fn a_known_device_has_its_own_waits() {
    let tables = with_ada().await;
    let [known, other] = [guess(&tables, "ada", RIGHT).await, guess(&tables, "ada", RIGHT).await]
        .map(|begun| begun.unwrap().device_token);
    let fail = async |token| wait_of(try_password(&tables, "ada", WRONG, NETWORK, Some(token)).await);
    for _ in 0..5 {
        assert_eq!(fail(&known).await, None);
    }
    let rows = tables.rows("Users").await;
    let row = rows.iter().find(|row| row.contains_key("until")).unwrap();
    let name = row["username"].as_s().unwrap().clone();
    assert!(name.starts_with("attempts#ada#device#"), "{name}");
    time_stands(&tables, &name).await;
    let waiting = try_password(&tables, "ada", RIGHT, "198.51.100.9", Some(&known)).await;
    assert!(matches!(waiting, Err(SignInError::TooMany(_))), "in any network: {waiting:?}");
    assert_eq!(count_in_hour(&tables, "ada").await, 0, "it is not a stranger");
    try_password(&tables, "ada", RIGHT, NETWORK, Some(&other)).await.unwrap();
    guess(&tables, "ada", RIGHT).await.unwrap();
    assert_eq!(count(&tables, &name).await, 5, "the others cleared their own counts");
    time_passes(&tables, &name).await;
    try_password(&tables, "ada", RIGHT, NETWORK, Some(&known)).await.unwrap();
    assert_eq!(count(&tables, &name).await, 0);
}

#[tokio::test]
async fn all_strangers_together_have_a_hundred_failures_per_account_and_hour() {
    let tables = with_ada().await;
    tables.sign_up(&User { username: username("bob"), ..ada() }, RIGHT).await.unwrap();
    for name in ["ada", "nobody"] {
        set_count_in_hour(&tables, name, 99).await;
        assert_eq!(wait(&tables, name).await, None, "the hundredth");
        for (text, network) in [(WRONG, NETWORK), (RIGHT, "198.51.100.9")] {
            let refused = wait_of(try_password(&tables, name, text, network, None).await).unwrap();
            assert!(refused <= Duration::from_hours(1), "{refused:?}");
        }
    }
    guess(&tables, "bob", RIGHT).await.unwrap();
    // The count expires with its hour, in seconds.
    let rows = tables.rows("Users").await;
    let row = rows.iter().find(|row| row.get("count") == Some(&AttributeValue::N("100".into()))).unwrap();
    let expires: i64 = row["expires"].as_n().unwrap().parse().unwrap();
    let now = Timestamp::now().as_second();
    assert!(expires % 3600 == 0 && (now..=now + 3600).contains(&expires), "{expires}");
}

#[tokio::test]
async fn a_right_password_does_not_count_in_the_hour() {
    let tables = with_ada().await;
    for _ in 0..3 {
        guess(&tables, "ada", RIGHT).await.unwrap();
    }
    assert_eq!(count_in_hour(&tables, "ada").await, 0);
    assert_eq!(wait(&tables, "ada").await, None);
    guess(&tables, "ada", RIGHT).await.unwrap();
    assert_eq!(count_in_hour(&tables, "ada").await, 1, "the failures of the hour stay");
}

#[tokio::test]
async fn concurrent_failures_of_many_networks_are_all_counted() {
    let tables = with_ada().await;
    set_count_in_hour(&tables, "ada", 90).await;
    let networks: Vec<String> = (0..20).map(|number| format!("198.51.100.{number}")).collect();
    let guesses = networks.iter().map(|network| try_password(&tables, "ada", WRONG, network, None));
    let results = futures_util::future::join_all(guesses).await;
    let made = results.into_iter().filter(|result| matches!(result, Err(SignInError::Wrong))).count();
    assert_eq!(made, 10);
}

#[tokio::test]
async fn strangers_do_not_keep_a_session_from_its_password_prompts() {
    let tables = with_ada().await;
    let NewSession { session, .. } = guess(&tables, "ada", RIGHT).await.unwrap();
    for _ in 0..5 {
        assert_eq!(wait(&tables, "ada").await, None);
    }
    time_stands(&tables, &of_network("ada", NETWORK)).await;
    set_count_in_hour(&tables, "ada", 100).await;
    let (accounts, new) = (tables.accounts(), password("another horse"));
    let changed = accounts.change_password(&session, &password(RIGHT), &new, &device()).await.unwrap();
    assert_eq!(count(&tables, &of_network("ada", NETWORK)).await, 5, "the strangers' failures stay");
    tables.add_an_administrator().await;
    accounts.delete(&changed.session, &new).await.unwrap();
}

#[tokio::test]
async fn failures_at_the_prompts_of_a_session_delay_only_that_session() {
    let tables = with_ada().await;
    let [one, other] =
        [guess(&tables, "ada", RIGHT).await.unwrap(), guess(&tables, "ada", RIGHT).await.unwrap()];
    let (accounts, device) = (tables.accounts(), device());
    let new = password("another horse");
    let change = async |session: &Session, text: &str| {
        accounts.change_password(session, &password(text), &new, &device).await
    };
    for _ in 0..3 {
        assert_eq!(wait_of(change(&one.session, WRONG).await), None);
    }
    for _ in 0..2 {
        let deleted = accounts.delete(&one.session, &password(WRONG)).await;
        assert!(matches!(deleted, Err(DeleteAccountError::Password(SignInError::Wrong))), "both prompts");
    }
    let name = format!("attempts#ada#session#{}", one.session.id.digest());
    assert_eq!(count(&tables, &name).await, 5);
    time_stands(&tables, &name).await;
    assert!(wait_of(change(&one.session, RIGHT).await.map(drop)).is_some());
    guess(&tables, "ada", RIGHT).await.unwrap();
    assert_eq!(count_in_hour(&tables, "ada").await, 0);
    change(&other.session, RIGHT).await.unwrap();
    assert_eq!(count(&tables, &name).await, 5, "a session clears its own count only");
}

#[tokio::test]
async fn the_table_holds_only_digests_of_devices() {
    let tables = with_ada().await;
    let token = guess(&tables, "ada", RIGHT).await.unwrap().device_token;
    assert_eq!(wait_of(try_password(&tables, "ada", WRONG, NETWORK, Some(&token)).await), None);
    let rows = format!("{:?}", tables.rows("Users").await);
    assert!(rows.contains("devices") && rows.contains("attempts#ada#device#"), "{rows}");
    assert!(!rows.contains(&token.to_cookie_value()), "{rows}");
}

#[tokio::test]
async fn an_eleventh_device_replaces_the_one_that_signed_in_longest_ago() {
    let tables = with_ada().await;
    let mut tokens = Vec::new();
    for _ in 0..DeviceToken::MOST {
        tokens.push(guess(&tables, "ada", RIGHT).await.unwrap().device_token);
    }
    assert!(is_known(&tables, "ada", &tokens[0]).await && is_known(&tables, "ada", &tokens[9]).await);
    try_password(&tables, "ada", RIGHT, NETWORK, Some(&tokens[0])).await.unwrap();
    let eleventh = guess(&tables, "ada", RIGHT).await.unwrap().device_token;
    assert!(!is_known(&tables, "ada", &tokens[1]).await);
    for token in [&tokens[0], &tokens[2], &tokens[9], &eleventh] {
        assert!(is_known(&tables, "ada", token).await);
    }
}

#[tokio::test]
async fn a_new_password_forgets_all_other_devices() {
    let tables = with_ada().await;
    let [one, other] =
        [guess(&tables, "ada", RIGHT).await.unwrap(), guess(&tables, "ada", RIGHT).await.unwrap()];
    let (accounts, new) = (tables.accounts(), password("another horse"));
    let changed = accounts.change_password(&one.session, &password(RIGHT), &new, &device()).await.unwrap();
    for forgotten in [&one.device_token, &other.device_token] {
        assert!(!is_known(&tables, "ada", forgotten).await, "a copy of the former token is worthless");
    }
    assert!(is_known(&tables, "ada", &changed.device_token).await);

    let (link, _) = tables.people().make_password_link(None, &ada().username).await.unwrap();
    let linked = accounts.use_password_link(&link, &password(RIGHT), &device()).await.unwrap();
    assert!(!is_known(&tables, "ada", &changed.device_token).await);
    assert!(is_known(&tables, "ada", &linked.device_token).await);
}

#[tokio::test]
async fn users_of_one_browser_share_its_token_but_not_its_counts() {
    let tables = with_ada().await;
    let bob = User { username: username("bob"), ..ada() };
    let token = guess(&tables, "ada", RIGHT).await.unwrap().device_token;
    assert!(!is_known(&tables, "bob", &token).await);
    let accounts = tables.accounts();
    let admission = notes::Admission::Open;
    let signed_up =
        accounts.sign_up(&bob, &password(RIGHT), &device(), Some(token.clone()), &admission).await.unwrap();
    assert_eq!(signed_up.device_token, token);
    assert!(is_known(&tables, "bob", &token).await && is_known(&tables, "ada", &token).await);
    let counts = tables.rows("Users").await.into_iter().filter(|row| row.contains_key("until")).count();
    assert_eq!(counts, 2);
}

#[tokio::test]
async fn an_older_account_without_devices_works() {
    let tables = with_ada().await;
    let update = tables.client.update_item().table_name("Users");
    let update = update.key("username", AttributeValue::S("ada".into())).update_expression("REMOVE devices");
    update.send().await.unwrap();
    let token = guess(&tables, "ada", RIGHT).await.unwrap().device_token;
    assert!(is_known(&tables, "ada", &token).await);
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
