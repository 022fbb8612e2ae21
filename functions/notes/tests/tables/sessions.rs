//! Sessions.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::types::AttributeValue;
use notes::{Session, SessionToken};

use crate::{Tables, ada};

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test]
async fn a_session_is_found_by_its_token_and_by_its_id() {
    let tables = Tables::start();
    let sessions = tables.sessions();
    let (token, session) = sessions.create(&ada()).await.unwrap();
    assert_eq!(tables.requests(), ["PutItem Sessions"]);
    assert_eq!((&session.username, &session.display_name), (&ada().username, &ada().display_name));
    assert_eq!(sessions.find(&token).await.unwrap(), Some(session.clone()));
    assert_eq!(tables.requests(), ["GetItem Sessions"]);
    assert_eq!(sessions.find_by_id(&session.id).await.unwrap(), Some(session));
    assert_eq!(sessions.find(&SessionToken::generate()).await.unwrap(), None);
}

#[tokio::test]
async fn an_ended_session_is_not_found_and_may_be_ended_again() {
    let tables = Tables::start();
    let sessions = tables.sessions();
    let (token, session) = sessions.create(&ada()).await.unwrap();
    sessions.end(&session.id).await.unwrap();
    sessions.end(&session.id).await.unwrap();
    assert_eq!(sessions.find(&token).await.unwrap(), None);
    assert!(tables.rows("Sessions").await.is_empty());
}

#[tokio::test]
async fn the_table_holds_no_token_and_an_expiry_in_seconds() {
    let tables = Tables::start();
    let before = now();
    let (token, session) = tables.sessions().create(&ada()).await.unwrap();
    let rows = tables.rows("Sessions").await;
    assert!(!format!("{rows:?}").contains(&token.to_cookie_value()));
    assert_eq!(rows[0]["id"], AttributeValue::S(session.id.to_string()));
    let expires: u64 = rows[0]["expires"].as_n().unwrap().parse().unwrap();
    let lifetime = Session::LIFETIME.as_secs();
    assert!((before + lifetime..=now() + lifetime).contains(&expires), "{expires}");
}

#[tokio::test]
async fn an_expired_session_is_not_found_though_its_row_still_stands() {
    let tables = Tables::start();
    let sessions = tables.sessions();
    let (token, session) = sessions.create(&ada()).await.unwrap();
    let expire = async |second: u64| {
        let key = [("id", session.id.as_str())];
        tables.set("Sessions", &key, "expires", AttributeValue::N(second.to_string())).await;
    };
    expire(now() + 60).await;
    assert!(sessions.find(&token).await.unwrap().is_some());
    // Not so long ago that the sweep would be sure to have taken it.
    expire(now()).await;
    assert_eq!(sessions.find(&token).await.unwrap(), None);
}
