//! Passkeys and their challenges.

use aws_sdk_dynamodb::types::AttributeValue;
use notes::{
    Challenge, Credential, DeviceToken, Passkey, PasskeyError, PasskeyId, PasskeyName, Passkeys, Purpose,
    Session, SignInError, Timestamp,
};

use crate::{Tables, ada, device, password};

const PASSWORD: &str = "correct horse";

impl Tables {
    fn passkeys(&self) -> Passkeys {
        Passkeys::new(self.client.clone(), "Users")
    }
}

fn name(text: &str) -> PasskeyName {
    PasskeyName::parse(text).unwrap()
}

fn credential(id: &str) -> Credential {
    Credential { id: id.into(), key: b"key".to_vec(), state: b"state 1".to_vec() }
}

fn challenge(random: u128) -> Challenge {
    Challenge { random, state: b"what the verification needs".to_vec() }
}

async fn add(tables: &Tables, session: &Session, id: &str) -> Result<Passkey, PasskeyError> {
    tables.passkeys().add(session, name(id), credential(id)).await
}

async fn sign_in(tables: &Tables, passkey: &Passkey) -> Result<Session, SignInError> {
    let begun = tables.accounts().sign_in_with_passkey(passkey, b"state 2", &device(), None).await;
    begun.map(|begun| begun.session)
}

/// The names of the rows about passkeys and challenges.
async fn row_names(tables: &Tables) -> Vec<String> {
    let rows = tables.rows("Users").await;
    let mut names: Vec<_> = rows.iter().map(|row| row["username"].as_s().unwrap().clone()).collect();
    names.retain(|name| name.starts_with("passkey#") || name.starts_with("challenge#"));
    names
}

#[tokio::test]
async fn passkeys_are_listed_oldest_first_and_found_by_their_credential() {
    let tables = Tables::start();
    let (_, session) = tables.begin(&ada()).await;
    let passkeys = tables.passkeys();
    assert_eq!(passkeys.of(session.username()).await.unwrap(), []);
    let phone = add(&tables, &session, "phone").await.unwrap();
    let key = add(&tables, &session, "key").await.unwrap();
    assert_eq!(phone.last_used, None);
    tables.requests();

    assert_eq!(passkeys.of(session.username()).await.unwrap(), [phone.clone(), key]);
    assert_eq!(tables.requests(), ["GetItem Users", "BatchGetItem Users"]);
    assert_eq!(passkeys.find(b"phone").await.unwrap(), Some(phone));
    assert_eq!(tables.requests(), ["GetItem Users"]);
    assert_eq!(passkeys.find(b"laptop").await.unwrap(), None);
}

#[tokio::test]
async fn a_credential_belongs_to_one_account_only() {
    let tables = Tables::start();
    let (_, session) = tables.begin(&ada()).await;
    tables.add_an_administrator().await;
    let bob = tables.accounts().sign_in(&crate::username("bob"), &password(PASSWORD), &device(), None).await;
    let bob = bob.unwrap().session;
    add(&tables, &session, "phone").await.unwrap();
    assert!(matches!(add(&tables, &session, "phone").await, Err(PasskeyError::Taken)));
    assert!(matches!(add(&tables, &bob, "phone").await, Err(PasskeyError::Taken)));
    assert_eq!(tables.passkeys().of(bob.username()).await.unwrap(), []);
    assert_eq!(tables.passkeys().find(b"phone").await.unwrap().unwrap().owner, *session.username());
}

#[tokio::test]
async fn an_account_has_at_most_ten_passkeys_even_if_they_are_added_at_once() {
    let tables = Tables::start();
    let (_, session) = tables.begin(&ada()).await;
    let ids: Vec<String> = (0..12).map(|number| number.to_string()).collect();
    let added = futures_util::future::join_all(ids.iter().map(|id| add(&tables, &session, id))).await;
    let refused = added.iter().filter(|added| matches!(added, Err(PasskeyError::TooMany))).count();
    assert_eq!(refused, 2, "{added:?}");
    assert_eq!(tables.passkeys().of(session.username()).await.unwrap().len(), Passkeys::MOST);
}

#[tokio::test]
async fn an_ended_session_adds_no_passkey() {
    let tables = Tables::start();
    let (_, session) = tables.begin(&ada()).await;
    let changed = tables
        .accounts()
        .change_password(&session, &password(PASSWORD), &password("battery staple"), &device())
        .await;
    changed.unwrap();
    assert!(matches!(add(&tables, &session, "phone").await, Err(PasskeyError::SignedOut)));
    assert!(row_names(&tables).await.is_empty());
}

#[tokio::test]
async fn a_passkey_is_removed_by_its_owner_only() {
    let tables = Tables::start();
    let (_, session) = tables.begin(&ada()).await;
    tables.add_an_administrator().await;
    let (passkeys, phone) = (tables.passkeys(), add(&tables, &session, "phone").await.unwrap());
    assert!(!passkeys.remove(&crate::username("bob"), &phone.id).await.unwrap());
    assert!(!passkeys.remove(session.username(), &PasskeyId::of(b"laptop")).await.unwrap());
    assert!(passkeys.remove(session.username(), &phone.id).await.unwrap());
    assert!(!passkeys.remove(session.username(), &phone.id).await.unwrap());
    assert!(row_names(&tables).await.is_empty());
    assert!(matches!(sign_in(&tables, &phone).await, Err(SignInError::WrongPasskey)));
    add(&tables, &session, "phone").await.unwrap();
}

#[tokio::test]
async fn a_passkey_begins_a_session_as_a_password_does_and_its_use_is_recorded() {
    let tables = Tables::start();
    let (_, session) = tables.begin(&ada()).await;
    let phone = add(&tables, &session, "phone").await.unwrap();
    tables.requests();
    let token = DeviceToken::generate();
    let accounts = tables.accounts();
    let begun =
        accounts.sign_in_with_passkey(&phone, b"state 2", &device(), Some(token.clone())).await.unwrap();
    assert_eq!(tables.requests(), ["GetItem Users", "TransactWriteItems Sessions, Users"]);
    assert_eq!(begun.device_token, token);
    assert_eq!(tables.sessions().find(&begun.token, None).await.unwrap(), Some(begun.session.clone()));
    assert_ne!(begun.session.id, session.id);
    // The account knows the device from now on.
    tables.requests();
    accounts.sign_in(session.username(), &password(PASSWORD), &device(), Some(token)).await.unwrap();
    assert_eq!(tables.requests().len(), 3, "a known device takes one request less");

    let used = tables.passkeys().find(b"phone").await.unwrap().unwrap();
    assert_eq!(used.credential.state, b"state 2");
    assert_eq!(used.last_used, Some(begun.session.created));
}

#[tokio::test]
async fn a_state_that_was_replaced_begins_no_session() {
    let tables = Tables::start();
    let (_, session) = tables.begin(&ada()).await;
    let phone = add(&tables, &session, "phone").await.unwrap();
    sign_in(&tables, &phone).await.unwrap();
    // A copy of the passkey signed with the same counter, at the same moment.
    assert!(matches!(sign_in(&tables, &phone).await, Err(SignInError::WrongPasskey)));
}

#[tokio::test]
async fn a_disabled_account_accepts_no_passkey_until_it_is_enabled() {
    let tables = Tables::start();
    let (_, session) = tables.begin(&ada()).await;
    tables.add_an_administrator().await;
    let phone = add(&tables, &session, "phone").await.unwrap();
    tables.people().disable(None, session.username()).await.unwrap();
    assert!(matches!(sign_in(&tables, &phone).await, Err(SignInError::Disabled)));
    tables.people().enable(None, session.username()).await.unwrap();
    sign_in(&tables, &phone).await.unwrap();
}

#[tokio::test]
async fn a_deleted_or_removed_account_has_no_passkeys() {
    for by_administrator in [false, true] {
        let tables = Tables::start();
        let (_, session) = tables.begin(&ada()).await;
        tables.add_an_administrator().await;
        let phone = add(&tables, &session, "phone").await.unwrap();
        add(&tables, &session, "key").await.unwrap();
        if by_administrator {
            tables.people().remove(None, session.username(), &tables.boards()).await.unwrap();
        } else {
            tables.accounts().delete(&session, &password(PASSWORD)).await.unwrap();
        }
        assert!(row_names(&tables).await.is_empty());
        assert_eq!(tables.passkeys().of(session.username()).await.unwrap(), []);
        assert!(matches!(sign_in(&tables, &phone).await, Err(SignInError::WrongPasskey)));
        assert!(matches!(add(&tables, &session, "phone").await, Err(PasskeyError::SignedOut)));
    }
}

#[tokio::test]
async fn a_new_password_by_link_removes_all_passkeys_and_a_changed_one_removes_none() {
    let tables = Tables::start();
    let (_, session) = tables.begin(&ada()).await;
    let phone = add(&tables, &session, "phone").await.unwrap();
    let accounts = tables.accounts();
    let changed =
        accounts.change_password(&session, &password(PASSWORD), &password("battery staple"), &device()).await;
    changed.unwrap();
    assert_eq!(tables.passkeys().of(session.username()).await.unwrap(), std::slice::from_ref(&phone));

    let (link, _) = tables.people().make_password_link(None, session.username()).await.unwrap();
    assert_eq!(tables.passkeys().of(session.username()).await.unwrap().len(), 1, "the link is not used yet");
    accounts.use_password_link(&link, &password("two gulls"), &device()).await.unwrap();
    assert!(row_names(&tables).await.is_empty());
    assert!(matches!(sign_in(&tables, &phone).await, Err(SignInError::WrongPasskey)));
}

#[tokio::test]
async fn a_challenge_is_taken_once_and_for_its_purpose_only() {
    let tables = Tables::start();
    let (_, session) = tables.begin(&ada()).await;
    let (_, other) = tables.begin(&ada()).await;
    let (accounts, passkeys) = (tables.accounts(), tables.passkeys());
    accounts.offer_passkey_sign_in(&device(), &challenge(1)).await.unwrap();
    accounts.offer_passkey(&session, &password(PASSWORD), &challenge(2)).await.unwrap();
    let register = Purpose::Register(session.id.clone());
    let elsewhere = Purpose::Register(other.id.clone());
    for (purpose, random) in [(&register, 1), (&Purpose::SignIn, 2), (&elsewhere, 2), (&Purpose::SignIn, 3)] {
        assert_eq!(passkeys.take_challenge(purpose, random).await.unwrap(), None, "{purpose:?} {random}");
    }
    for (purpose, random) in [(&Purpose::SignIn, 1), (&register, 2)] {
        assert_eq!(passkeys.take_challenge(purpose, random).await.unwrap(), Some(challenge(random)));
        assert_eq!(passkeys.take_challenge(purpose, random).await.unwrap(), None);
    }
    assert!(row_names(&tables).await.is_empty());
}

#[tokio::test]
async fn a_challenge_expires_after_five_minutes_even_if_its_row_is_still_there() {
    let tables = Tables::start();
    let before = Timestamp::now().as_second();
    tables.accounts().offer_passkey_sign_in(&device(), &challenge(1)).await.unwrap();
    let row = row_names(&tables).await.remove(0);
    let stored = tables.rows("Users").await;
    let stored = stored.iter().find(|stored| stored["username"].as_s() == Ok(&row)).unwrap();
    let expires: i64 = stored["expires"].as_n().unwrap().parse().unwrap();
    assert!(
        (before + 299..=Timestamp::now().as_second() + 300).contains(&expires),
        "{expires} after {before}"
    );

    let past = AttributeValue::N((before - 1).to_string());
    tables.set("Users", &[("username", &row)], "expires", past).await;
    assert_eq!(tables.passkeys().take_challenge(&Purpose::SignIn, 1).await.unwrap(), None);
}

#[tokio::test]
async fn a_wrong_password_gets_no_challenge_and_counts_as_at_the_other_prompts() {
    let tables = Tables::start();
    let (_, session) = tables.begin(&ada()).await;
    let accounts = tables.accounts();
    for _ in 0..4 {
        let wrong = accounts.offer_passkey(&session, &password("battery staple"), &challenge(1)).await;
        assert!(matches!(wrong, Err(SignInError::Wrong)));
    }
    // The right password clears the count.
    accounts.offer_passkey(&session, &password(PASSWORD), &challenge(2)).await.unwrap();
    for _ in 0..5 {
        let wrong = accounts.offer_passkey(&session, &password("battery staple"), &challenge(3)).await;
        assert!(matches!(wrong, Err(SignInError::Wrong)));
    }
    let (right, new) = (password(PASSWORD), password("two gulls"));
    let waiting = accounts.change_password(&session, &right, &new, &device()).await;
    assert!(matches!(waiting, Err(SignInError::TooMany(_))), "both prompts share one count");
    assert_eq!(row_names(&tables).await.len(), 1);
}

#[tokio::test]
async fn a_network_gets_300_challenges_for_sign_ins_in_an_hour() {
    let tables = Tables::start();
    let accounts = tables.accounts();
    accounts.offer_passkey_sign_in(&device(), &challenge(1)).await.unwrap();
    let count = [("username", "passkey-sign-ins#203.0.113.7")];
    tables.set("Users", &count, "count", AttributeValue::N("299".into())).await;
    accounts.offer_passkey_sign_in(&device(), &challenge(2)).await.unwrap();
    let refused = accounts.offer_passkey_sign_in(&device(), &challenge(3)).await;
    assert!(matches!(refused, Err(SignInError::TooMany(_))), "{refused:?}");
    let elsewhere = notes::Device::new("203.0.113.8", "A browser");
    accounts.offer_passkey_sign_in(&elsewhere, &challenge(4)).await.unwrap();
}
