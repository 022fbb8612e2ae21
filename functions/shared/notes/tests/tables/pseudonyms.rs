//! Names for usernames in logs.

use notes::Pseudonyms;

use crate::Tables;

fn pseudonyms(tables: &Tables) -> Pseudonyms {
    Pseudonyms::new(tables.client.clone(), "Users")
}

#[tokio::test]
async fn all_spellings_of_a_username_have_the_same_pseudonym() {
    let tables = Tables::start();
    let (one, other) = (pseudonyms(&tables), pseudonyms(&tables));
    let ada = one.of("ada").await.unwrap();
    assert_eq!(ada.len(), 16);
    assert_eq!(other.of(" Ada\u{feff}").await.unwrap(), ada);
    assert_ne!(other.of("bob").await.unwrap(), ada);
    // An invalid username has one, too.
    assert_eq!(one.of("a b").await.unwrap(), other.of("a b ").await.unwrap());
}

#[tokio::test]
async fn a_pseudonym_depends_on_the_key() {
    let (one, other) = (Tables::start(), Tables::start());
    assert_ne!(pseudonyms(&one).of("ada").await.unwrap(), pseudonyms(&other).of("ada").await.unwrap());
}

#[tokio::test]
async fn the_key_is_created_once_and_then_reused() {
    let tables = Tables::start();
    let first = pseudonyms(&tables);
    first.warm_up().await.unwrap();
    assert_eq!(tables.requests(), ["GetItem Users"]);
    first.make_key().await.unwrap();
    assert_eq!(tables.requests(), ["GetItem Users", "PutItem Users"]);
    first.of("ada").await.unwrap();
    assert!(tables.requests().is_empty());

    let second = pseudonyms(&tables);
    second.warm_up().await.unwrap();
    tables.requests();
    second.of("ada").await.unwrap();
    assert!(tables.requests().is_empty());
    assert_eq!(tables.rows("Users").await.len(), 1);
}

#[tokio::test]
async fn two_concurrent_creations_end_with_the_same_key() {
    let tables = Tables::start();
    let (one, other) = (pseudonyms(&tables), pseudonyms(&tables));
    let (one, other) = tokio::join!(one.of("ada"), other.of("ada"));
    assert_eq!(one.unwrap(), other.unwrap());
}

#[tokio::test]
async fn a_user_handle_is_the_same_each_time_and_says_nothing() {
    let tables = Tables::start();
    let (one, other) = (pseudonyms(&tables), pseudonyms(&tables));
    let ada = one.user_handle(&crate::username("ada")).await.unwrap();
    assert_eq!(other.user_handle(&crate::username("Ada")).await.unwrap(), ada);
    assert_ne!(other.user_handle(&crate::username("bob")).await.unwrap(), ada);
    let elsewhere = Tables::start();
    assert_ne!(pseudonyms(&elsewhere).user_handle(&crate::username("ada")).await.unwrap(), ada);
}
