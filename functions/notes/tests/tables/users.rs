//! Accounts.

use notes::SignUpError;

use crate::{Tables, ada, password, username};

#[tokio::test]
async fn who_signed_up_is_known_by_the_password() {
    let tables = Tables::start();
    let users = tables.users();
    users.create(&ada(), &password("correct horse")).await.unwrap();
    assert_eq!(tables.requests(), ["PutItem Users"]);
    assert_eq!(users.verify(&username("ADA"), &password("correct horse")).await.unwrap(), Some(ada()));
    assert_eq!(tables.requests(), ["GetItem Users"]);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_both_nobody() {
    let tables = Tables::start();
    let users = tables.users();
    users.create(&ada(), &password("correct horse")).await.unwrap();
    assert_eq!(users.verify(&username("ada"), &password("battery staple")).await.unwrap(), None);
    assert_eq!(users.verify(&username("bob"), &password("correct horse")).await.unwrap(), None);
}

#[tokio::test]
async fn a_taken_username_stays_whose_it_was() {
    let tables = Tables::start();
    let users = tables.users();
    users.create(&ada(), &password("correct horse")).await.unwrap();
    let again = users.create(&ada(), &password("battery staple")).await;
    assert!(matches!(again, Err(SignUpError::Taken)));
    assert_eq!(users.verify(&ada().username, &password("correct horse")).await.unwrap(), Some(ada()));
    assert_eq!(users.verify(&ada().username, &password("battery staple")).await.unwrap(), None);
}

#[tokio::test]
async fn no_password_stands_in_the_table() {
    let tables = Tables::start();
    tables.users().create(&ada(), &password("correct horse")).await.unwrap();
    let rows = format!("{:?}", tables.rows("Users").await);
    assert!(rows.contains("$argon2id$v=19$m=19456,t=2,p=1$"), "{rows}");
    assert!(!rows.contains("correct horse"), "{rows}");
}
