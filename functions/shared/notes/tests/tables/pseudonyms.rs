//! Names for usernames in logs.

use notes::Pseudonyms;

use crate::Tables;

fn pseudonyms(tables: &Tables) -> Pseudonyms {
    Pseudonyms::new(tables.client.clone(), "Users")
}

#[tokio::test]
async fn a_pseudonym_is_the_same_wherever_and_however_the_username_is_typed() {
    let tables = Tables::start();
    let (one, other) = (pseudonyms(&tables), pseudonyms(&tables));
    let ada = one.of("ada").await.unwrap();
    assert_eq!(ada.len(), 16);
    assert_eq!(other.of(" Ada\u{feff}").await.unwrap(), ada);
    assert_ne!(other.of("bob").await.unwrap(), ada);
    // What nobody can be called has one, too.
    assert_eq!(one.of("a b").await.unwrap(), other.of("a b ").await.unwrap());
}

#[tokio::test]
async fn nobody_finds_a_username_by_its_pseudonym_without_the_key() {
    let (one, other) = (Tables::start(), Tables::start());
    assert_ne!(pseudonyms(&one).of("ada").await.unwrap(), pseudonyms(&other).of("ada").await.unwrap());
}

#[tokio::test]
async fn the_key_is_made_once_and_then_known() {
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
async fn of_two_that_make_a_key_at_once_both_have_the_same() {
    let tables = Tables::start();
    let (one, other) = (pseudonyms(&tables), pseudonyms(&tables));
    let (one, other) = tokio::join!(one.of("ada"), other.of("ada"));
    assert_eq!(one.unwrap(), other.unwrap());
}
