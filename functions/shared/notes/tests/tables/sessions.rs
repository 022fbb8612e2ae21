//! Sessions.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use notes::{Device, Session, SessionId, SessionToken, Timestamp, User};

use crate::{Tables, ada, device, username};

/// Writes to the row of a session.
async fn set(tables: &Tables, id: &SessionId, attribute: &str, value: AttributeValue) {
    let key = [("username", id.username().as_str()), ("id", id.digest())];
    tables.set("Sessions", &key, attribute, value).await;
}

/// Returns the time this long ago.
fn ago(duration: Duration) -> Timestamp {
    let now = Timestamp::now().as_second();
    Timestamp::from_second(now - i64::try_from(duration.as_secs()).unwrap()).unwrap()
}

fn seconds_left(session: &Session) -> u64 {
    (session.expires.as_second() - Timestamp::now().as_second()).try_into().unwrap()
}

/// Asserts that a session lasts that long, to within a minute.
#[track_caller]
fn assert_lasts(session: &Session, duration: Duration) {
    let remaining = seconds_left(session);
    assert!((duration.as_secs() - 60..=duration.as_secs()).contains(&remaining), "{remaining} s");
}

#[tokio::test]
async fn a_session_is_found_by_its_token_and_by_its_id() {
    let tables = Tables::start();
    let sessions = tables.sessions();
    let (token, session) = tables.begin(&ada()).await;
    assert_eq!((session.username(), &session.display_name), (&ada().username, &ada().display_name));
    assert_eq!(sessions.find(&token, None).await.unwrap(), Some(session.clone()));
    assert_eq!(tables.requests(), ["GetItem Sessions"]);
    assert_eq!(sessions.find_by_id(&session.id).await.unwrap(), Some(session));
    let unknown = SessionToken::generate(&ada().username);
    assert_eq!(sessions.find(&unknown, None).await.unwrap(), None);
}

#[tokio::test]
async fn a_token_with_another_username_is_not_found() {
    let tables = Tables::start();
    let (token, _) = tables.begin(&ada()).await;
    let forged = token.to_cookie_value().replace("ada.", "bob.");
    let forged = SessionToken::parse(&forged).unwrap();
    assert_eq!(tables.sessions().find(&forged, None).await.unwrap(), None);
}

#[tokio::test]
async fn an_ended_session_is_not_found_and_can_be_ended_again() {
    let tables = Tables::start();
    let sessions = tables.sessions();
    let (token, session) = tables.begin(&ada()).await;
    assert!(sessions.end(&session.id).await.unwrap());
    assert!(!sessions.end(&session.id).await.unwrap());
    assert_eq!(sessions.find(&token, None).await.unwrap(), None);
    assert!(tables.rows("Sessions").await.is_empty());
}

#[tokio::test]
async fn the_table_stores_no_token_and_an_expiry_in_seconds() {
    let tables = Tables::start();
    let (token, session) = tables.begin(&ada()).await;
    let rows = tables.rows("Sessions").await;
    let secret = token.to_cookie_value().split_once('.').unwrap().1.to_owned();
    assert!(!format!("{rows:?}").contains(&secret));
    assert_eq!(rows[0]["id"], AttributeValue::S(session.id.digest().to_owned()));
    assert_eq!(rows[0]["expires"], AttributeValue::N(session.expires.as_second().to_string()));
    assert_lasts(&session, Session::IDLE);
}

#[tokio::test]
async fn an_expired_session_is_not_found_although_its_row_remains() {
    let tables = Tables::start();
    let sessions = tables.sessions();
    let (token, session) = tables.begin(&ada()).await;
    let now = Timestamp::now().as_second();
    set(&tables, &session.id, "expires", AttributeValue::N((now + 60).to_string())).await;
    assert!(sessions.find(&token, None).await.unwrap().is_some());
    // Recently enough that TTL may not have deleted it.
    set(&tables, &session.id, "expires", AttributeValue::N(now.to_string())).await;
    assert_eq!(sessions.find(&token, None).await.unwrap(), None);
    assert!(sessions.of(&ada().username).await.unwrap().is_empty());
}

#[tokio::test]
async fn use_is_recorded_every_five_minutes_and_keeps_a_session_alive() {
    let tables = Tables::start();
    let sessions = tables.sessions();
    let (token, session) = tables.begin(&ada()).await;
    let since = async |duration: Duration| {
        let last_seen = ago(duration);
        set(&tables, &session.id, "lastSeen", AttributeValue::S(last_seen.to_string())).await;
        tables.requests();
        last_seen
    };

    let last_seen = since(Duration::from_secs(200)).await;
    assert_eq!(sessions.find(&token, None).await.unwrap().unwrap().last_seen, last_seen);
    assert_eq!(tables.requests(), ["GetItem Sessions"]);

    since(Session::PRECISION).await;
    let soon = AttributeValue::N((Timestamp::now().as_second() + 60).to_string());
    set(&tables, &session.id, "expires", soon).await;
    tables.requests();
    let elsewhere = Device::new("203.0.113.9", "Another browser");
    let found = sessions.find(&token, Some(&elsewhere)).await.unwrap().unwrap();
    assert_eq!(tables.requests(), ["GetItem Sessions", "UpdateItem Sessions"]);
    assert_eq!((found.last_seen > ago(Duration::from_mins(1)), &found.device), (true, &elsewhere));
    assert_lasts(&found, Session::IDLE);
    assert_eq!(sessions.find_by_id(&session.id).await.unwrap(), Some(found));
}

#[tokio::test]
async fn a_session_ends_after_thirty_days_despite_use() {
    let tables = Tables::start();
    let (token, session) = tables.begin(&ada()).await;
    let created = ago(Duration::from_hours(30 * 24 - 1));
    set(&tables, &session.id, "created", AttributeValue::S(created.to_string())).await;
    set(&tables, &session.id, "lastSeen", AttributeValue::S(ago(Duration::from_hours(1)).to_string())).await;
    let found = tables.sessions().find(&token, None).await.unwrap().unwrap();
    assert_lasts(&found, Duration::from_hours(1));
}

#[tokio::test]
async fn the_limits_of_a_session_are_fourteen_days_and_thirty() {
    assert_eq!(Session::IDLE, Duration::from_hours(14 * 24));
    assert_eq!(Session::LIFETIME, Duration::from_hours(30 * 24));
    assert_eq!(Session::PRECISION, Duration::from_mins(5));
}

#[tokio::test]
async fn recording_use_does_not_restore_an_ended_session() {
    let tables = Tables::start();
    let sessions = tables.sessions();
    let (token, session) = tables.begin(&ada()).await;
    set(&tables, &session.id, "lastSeen", AttributeValue::S(ago(Session::PRECISION).to_string())).await;
    // Repeats until a session ends between the read and the write of its use.
    let (found, _) = tokio::join!(sessions.find(&token, None), sessions.end(&session.id));
    found.unwrap();
    assert!(tables.rows("Sessions").await.is_empty());
}

#[tokio::test]
async fn only_the_users_sessions_are_listed_and_ended() {
    let tables = Tables::start();
    let sessions = tables.sessions();
    let (_, first) = tables.begin(&ada()).await;
    let (_, second) = tables.begin(&ada()).await;
    let bob = User { username: username("bob"), display_name: ada().display_name };
    let (bobs, _) = tables.begin(&bob).await;
    set(&tables, &first.id, "lastSeen", AttributeValue::S(ago(Duration::from_mins(2)).to_string())).await;
    tables.requests();

    let listed = sessions.of(&ada().username).await.unwrap();
    assert_eq!(tables.requests(), ["Query Sessions"]);
    let ids: Vec<&SessionId> = listed.iter().map(|session| &session.id).collect();
    assert_eq!(ids, [&second.id, &first.id], "the one used last first");
    assert_eq!(listed[0].device, device());

    sessions.end_all(&ada().username, Some(&first.id)).await.unwrap();
    let remaining = sessions.of(&ada().username).await.unwrap();
    assert_eq!(remaining.iter().map(|session| &session.id).collect::<Vec<_>>(), [&first.id]);
    sessions.end_all(&ada().username, None).await.unwrap();
    assert!(sessions.of(&ada().username).await.unwrap().is_empty());
    assert!(sessions.find(&bobs, None).await.unwrap().is_some());
}
