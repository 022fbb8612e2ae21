//! Display names: changing one, in the account and in its sessions, and looking many up.

use std::collections::BTreeSet;

use aws_sdk_dynamodb::types::{AttributeValue, PutRequest, WriteRequest};
use notes::{Account, DisplayName, User, Username};

use crate::{Tables, ada, device, password, username};

fn name(text: &str) -> DisplayName {
    DisplayName::parse(text).unwrap()
}

/// Returns the display names in the rows of the sessions, each once.
async fn names_of_sessions(tables: &Tables) -> BTreeSet<String> {
    tables.rows("Sessions").await.iter().map(|row| row["displayName"].as_s().unwrap().clone()).collect()
}

#[tokio::test]
async fn one_write_changes_the_name_of_the_account_and_of_all_its_sessions() {
    let tables = Tables::start();
    let (token, session) = tables.begin(&ada()).await;
    let (other, _) = tables.begin(&ada()).await;
    let bob = User { username: username("bob"), display_name: name("Bob") };
    let (bobs, _) = tables.begin(&bob).await;
    tables.requests();

    assert!(tables.accounts().change_display_name(&session, &name("Countess")).await.unwrap());
    assert_eq!(
        tables.requests(),
        ["GetItem Users", "Query Sessions", "TransactWriteItems Sessions, Users"],
        "one transaction changes all of them or none"
    );
    let countess = User { username: ada().username, display_name: name("Countess") };
    let account = tables.accounts().account(&ada().username).await.unwrap();
    assert_eq!(account, Some(Account::Active(countess.clone())));
    for token in [token, other] {
        assert_eq!(tables.sessions().find(&token, None).await.unwrap().unwrap().user(), countess);
    }
    assert_eq!(tables.sessions().find(&bobs, None).await.unwrap().unwrap().user(), bob);
    let (_, later) = tables.begin(&countess).await;
    assert_eq!(later.user(), countess);
}

#[tokio::test]
async fn a_change_can_be_repeated() {
    let tables = Tables::start();
    let (_, session) = tables.begin(&ada()).await;
    for _ in 0..2 {
        assert!(tables.accounts().change_display_name(&session, &name("Countess")).await.unwrap());
    }
    assert_eq!(names_of_sessions(&tables).await, BTreeSet::from(["Countess".to_owned()]));
}

#[tokio::test]
async fn a_change_brings_no_ended_session_back() {
    for _ in 0..10 {
        let tables = Tables::start();
        let (_, session) = tables.begin(&ada()).await;
        let (_, ended) = tables.begin(&ada()).await;
        let (accounts, sessions, countess) = (tables.accounts(), tables.sessions(), name("Countess"));
        let (changed, _) =
            tokio::join!(accounts.change_display_name(&session, &countess), sessions.end(&ended.id));
        assert!(changed.unwrap());
        assert_eq!(tables.rows("Sessions").await.len(), 1);
        assert_eq!(names_of_sessions(&tables).await, BTreeSet::from(["Countess".to_owned()]));
    }
}

#[tokio::test]
async fn a_session_that_begins_during_a_change_has_the_new_name() {
    let tables = Tables::start();
    let (_, session) = tables.begin(&ada()).await;
    let (accounts, horse, device) = (tables.accounts(), password("correct horse"), device());
    let ada = ada().username;
    for number in 0..8 {
        let new = name(&format!("Ada {number}"));
        let signing_in =
            futures_util::future::join_all((0..3).map(|_| accounts.sign_in(&ada, &horse, &device, None)));
        let (changed, signed_in) = tokio::join!(accounts.change_display_name(&session, &new), signing_in);
        assert!(changed.unwrap());
        assert!(signed_in.iter().all(Result::is_ok), "{signed_in:?}");
        assert_eq!(names_of_sessions(&tables).await, BTreeSet::from([new.to_string()]));
    }
}

#[tokio::test]
async fn of_two_concurrent_changes_one_wins_everywhere() {
    let tables = Tables::start();
    let (_, session) = tables.begin(&ada()).await;
    tables.begin(&ada()).await;
    for _ in 0..5 {
        let (accounts, one, two) = (tables.accounts(), name("One"), name("Two"));
        let changed = tokio::join!(
            accounts.change_display_name(&session, &one),
            accounts.change_display_name(&session, &two)
        );
        assert!(changed.0.unwrap() && changed.1.unwrap());
        let Some(Account::Active(user)) = accounts.account(&ada().username).await.unwrap() else { panic!() };
        assert_eq!(names_of_sessions(&tables).await, BTreeSet::from([user.display_name.to_string()]));
    }
}

#[tokio::test]
async fn the_name_of_a_deleted_account_cannot_be_changed() {
    let tables = Tables::start();
    let (_, session) = tables.begin(&ada()).await;
    tables.add_an_administrator().await;
    tables.accounts().delete(&session, &password("correct horse")).await.unwrap();
    assert!(!tables.accounts().change_display_name(&session, &name("Countess")).await.unwrap());
    assert_eq!(tables.accounts().account(&ada().username).await.unwrap(), Some(Account::Deleted));
    assert!(tables.rows("Sessions").await.is_empty());
}

#[tokio::test]
async fn sessions_beyond_one_transaction_are_changed_too() {
    let tables = Tables::start();
    let (_, session) = tables.begin(&ada()).await;
    let mut row = tables.rows("Sessions").await.remove(0);
    let ids: Vec<String> = (0..95).map(|number| format!("{number:042}A")).collect();
    for batch in ids.chunks(25) {
        let puts = batch.iter().map(|id| {
            row.insert("id".into(), AttributeValue::S(id.clone()));
            let put = PutRequest::builder().set_item(Some(row.clone())).build().unwrap();
            WriteRequest::builder().put_request(put).build()
        });
        tables.client.batch_write_item().request_items("Sessions", puts.collect()).send().await.unwrap();
    }
    assert!(tables.accounts().change_display_name(&session, &name("Countess")).await.unwrap());
    assert_eq!(tables.rows("Sessions").await.len(), 96);
    assert_eq!(names_of_sessions(&tables).await, BTreeSet::from(["Countess".to_owned()]));
}

#[tokio::test]
async fn a_stored_name_that_breaks_the_rules_is_shown_cleaned_and_can_be_changed() {
    let tables = Tables::start();
    let (token, session) = tables.begin(&ada()).await;
    let mirrored = AttributeValue::S("Ada\u{202e}".into());
    tables.set("Users", &[("username", "ada")], "displayName", mirrored.clone()).await;
    let key = [("username", "ada"), ("id", session.id.digest())];
    tables.set("Sessions", &key, "displayName", mirrored).await;

    let cleaned = User { username: ada().username, display_name: name("Ada") };
    let accounts = tables.accounts();
    assert_eq!(accounts.account(&cleaned.username).await.unwrap(), Some(Account::Active(cleaned.clone())));
    let found = accounts.accounts(&BTreeSet::from([cleaned.username.clone()])).await.unwrap();
    assert_eq!(found[&cleaned.username], Account::Active(cleaned.clone()));
    assert_eq!(tables.sessions().find(&token, None).await.unwrap().unwrap().user(), cleaned);
    let (_, second) = tables.begin(&cleaned).await;
    assert_eq!(second.user(), cleaned);
    assert!(accounts.change_display_name(&session, &name("Countess")).await.unwrap());
    assert_eq!(names_of_sessions(&tables).await, BTreeSet::from(["Countess".to_owned()]));
}

#[tokio::test]
async fn many_accounts_are_looked_up_in_one_request_per_hundred() {
    let tables = Tables::start();
    tables.begin(&ada()).await;
    let bob = User { username: username("bob"), display_name: name("Bob") };
    let (_, session) = tables.begin(&bob).await;
    let accounts = tables.accounts();
    accounts.delete(&session, &password("correct horse")).await.unwrap();
    tables.requests();

    let both = [(ada().username, Account::Active(ada())), (bob.username.clone(), Account::Deleted)];
    for (count, requests) in [(98, 1), (99, 2)] {
        let unknown = (0..count).map(|number| username(&format!("nobody-{number}")));
        let usernames: BTreeSet<Username> = unknown.chain([ada().username, bob.username.clone()]).collect();
        let found = accounts.accounts(&usernames).await.unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), both);
        assert_eq!(tables.requests(), vec!["BatchGetItem Users"; requests]);
    }
    assert!(accounts.accounts(&BTreeSet::new()).await.unwrap().is_empty());
    assert!(tables.requests().is_empty());
}
