//! Accounts: signing up, signing in, changing the password, and deletion.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::AttributeValue;
use notes::{Account, Admission, DeleteAccountError, Invitations, Session, SignInError, SignUpError, User};

use crate::{Tables, ada, device, password, username};

/// Signs Ada up with the password `correct horse`.
async fn with_ada() -> (Tables, Session) {
    let tables = Tables::start();
    let (_, session) = tables.sign_up(&ada(), "correct horse").await.unwrap();
    tables.requests();
    (tables, session)
}

async fn sign_in(tables: &Tables, text: &str) -> Result<Session, SignInError> {
    let signed_in = tables.accounts().sign_in(&ada().username, &password(text), &device(), None).await;
    signed_in.map(|begun| begun.session)
}

/// Returns the hash in Ada's row.
async fn hash(tables: &Tables) -> String {
    let rows = tables.rows("Users").await;
    let row = rows.iter().find(|row| row["username"] == AttributeValue::S("ada".into())).unwrap();
    row["passwordHash"].as_s().unwrap().clone()
}

#[tokio::test]
async fn a_user_signs_in_with_the_password_of_the_sign_up() {
    let tables = Tables::start();
    let signed_up = tables.sign_up(&ada(), "correct horse").await;
    let (token, session) = signed_up.unwrap();
    assert_eq!(tables.requests(), ["GetItem Users", "TransactWriteItems Boards, Sessions, Users"]);
    assert_eq!(tables.sessions().find(&token, None).await.unwrap(), Some(session));
    tables.requests();
    let session = sign_in(&tables, "correct horse").await.unwrap();
    assert_eq!((session.username(), &session.display_name), (&ada().username, &ada().display_name));
    assert_eq!(
        tables.requests(),
        ["GetItem Users", "PutItem Users", "UpdateItem Users", "TransactWriteItems Sessions, Users"],
        "the account, the network's attempt, the hour's, and the session"
    );
}

#[tokio::test]
async fn the_operators_invitation_to_an_empty_deployment_makes_the_administrator() {
    let tables = Tables::start();
    let invitations = Invitations::new(tables.client.clone(), "Users");
    let (_, invitation) = invitations.make(None, 1, Duration::from_hours(1)).await.unwrap();
    let invited = Admission::Invited(invitation);
    let accounts = tables.accounts();
    accounts.sign_up(&ada(), &password("correct horse"), &device(), None, &invited).await.unwrap();
    assert!(tables.people().is_administrator(&ada().username).await.unwrap());
    let bob = User { username: username("bob"), ..ada() };
    for admission in [Admission::FirstOnly, invited] {
        let refused = accounts.sign_up(&bob, &password("correct horse"), &device(), None, &admission).await;
        assert!(matches!(refused, Err(SignUpError::NotInvited)), "{refused:?}");
    }
}

#[tokio::test]
async fn an_account_of_an_older_version_becomes_an_administrators_and_is_listed() {
    let tables = Tables::start();
    tables.sign_up(&ada(), "correct horse").await.unwrap();
    // The row of an older version, without the count of administrators.
    let remove = |name: &str, attributes: &str| {
        let update = tables.client.update_item().table_name("Users");
        let update = update.key("username", AttributeValue::S(name.into()));
        update.update_expression(format!("REMOVE {attributes}")).send()
    };
    remove("ada", "kind, administrator, lastSeen").await.unwrap();
    let row = tables.client.delete_item().table_name("Users");
    row.key("username", AttributeValue::S("administrators#".into())).send().await.unwrap();
    let people = tables.people();
    assert!(people.page(None, 10).await.unwrap().0.is_empty());

    people.grant(None, &ada().username).await.unwrap();
    assert!(people.page(None, 10).await.unwrap().0[0].administrator);
    remove("ada", "kind").await.unwrap();
    sign_in(&tables, "correct horse").await.unwrap();
    assert_eq!(people.page(None, 10).await.unwrap().0.len(), 1, "signing in lists it as well");
    assert!(!people.is_nobody_here().await.unwrap(), "no other account becomes the first");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_username_have_the_same_error() {
    let (tables, _) = with_ada().await;
    assert!(matches!(sign_in(&tables, "battery staple").await, Err(SignInError::Wrong)));
    assert_eq!(tables.requests(), ["GetItem Users", "PutItem Users", "UpdateItem Users"]);
    let bob = tables.accounts().sign_in(&username("bob"), &password("correct horse"), &device(), None).await;
    assert!(matches!(bob, Err(SignInError::Wrong)));
    assert_eq!(
        tables.requests(),
        ["GetItem Users", "PutItem Users", "UpdateItem Users"],
        "as after a wrong password"
    );
}

#[tokio::test]
async fn signing_up_with_a_taken_username_changes_nothing_and_creates_no_session() {
    let (tables, _) = with_ada().await;
    let again = tables.sign_up(&ada(), "battery staple").await;
    assert!(matches!(again, Err(SignUpError::Taken)));
    assert_eq!(tables.rows("Sessions").await.len(), 1);
    assert!(sign_in(&tables, "battery staple").await.is_err());
    assert!(sign_in(&tables, "correct horse").await.is_ok());
}

#[tokio::test]
async fn the_table_stores_no_password() {
    let (tables, _) = with_ada().await;
    let rows = format!("{:?}", tables.rows("Users").await);
    assert!(rows.contains("$argon2id$v=19$m=19456,t=2,p=1$"), "{rows}");
    assert!(!rows.contains("correct horse"), "{rows}");
}

#[tokio::test]
async fn signing_in_replaces_a_hash_of_lower_costs() {
    let (tables, _) = with_ada().await;
    // `correct horse`, as it was hashed when 8 MiB and one pass were thought to be enough.
    let old =
        "$argon2id$v=19$m=8192,t=1,p=1$YW4gb2xkIHNhbHQsIDE2IQ$oDEIfdbuhXwFq8LkKqgtMGYVUPeyHrrd3VMn/pym6io";
    let stored = AttributeValue::S(old.into());
    tables.set("Users", &[("username", "ada")], "passwordHash", stored).await;
    assert!(matches!(sign_in(&tables, "battery staple").await, Err(SignInError::Wrong)));
    assert_eq!(hash(&tables).await, old);
    sign_in(&tables, "correct horse").await.unwrap();
    assert!(hash(&tables).await.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
    sign_in(&tables, "correct horse").await.unwrap();
}

#[tokio::test]
async fn changing_the_password_ends_all_sessions_except_the_new_one() {
    let (tables, current) = with_ada().await;
    sign_in(&tables, "correct horse").await.unwrap();
    let (accounts, new) = (tables.accounts(), password("battery staple"));
    let begun =
        accounts.change_password(&current, &password("correct horse"), &new, &device()).await.unwrap();
    let sessions = tables.sessions().of(&ada().username).await.unwrap();
    assert_eq!(sessions, [begun.session]);
    assert!(matches!(sign_in(&tables, "correct horse").await, Err(SignInError::Wrong)));
    assert!(sign_in(&tables, "battery staple").await.is_ok());
}

#[tokio::test]
async fn one_final_write_changes_the_password_and_ends_the_sessions() {
    let (tables, current) = with_ada().await;
    for _ in 0..3 {
        sign_in(&tables, "correct horse").await.unwrap();
    }
    tables.requests();
    let (accounts, new) = (tables.accounts(), password("battery staple"));
    accounts.change_password(&current, &password("correct horse"), &new, &device()).await.unwrap();
    assert_eq!(
        tables.requests(),
        ["GetItem Users", "PutItem Users", "Query Sessions", "TransactWriteItems Sessions, Users"],
        "one transaction, so that no session of the old password remains after a failure"
    );
}

#[tokio::test]
async fn the_old_password_creates_no_session_during_a_password_change() {
    for _ in 0..5 {
        let (tables, current) = with_ada().await;
        let (accounts, old, new) = (tables.accounts(), password("correct horse"), password("battery staple"));
        let device = device();
        let changing = accounts.change_password(&current, &old, &new, &device);
        let signing_in = futures_util::future::join_all((0..4).map(|_| sign_in(&tables, "correct horse")));
        let (changed, _) = tokio::join!(changing, signing_in);
        let begun = changed.unwrap();
        assert_eq!(tables.sessions().of(&ada().username).await.unwrap(), [begun.session]);
    }
}

#[tokio::test]
async fn an_account_has_fifty_sessions_and_a_new_one_ends_the_oldest() {
    let (tables, first) = with_ada().await;
    let mut begun = vec![first];
    for _ in 0..Session::MOST + 2 {
        begun.push(sign_in(&tables, "correct horse").await.unwrap());
    }
    let ids = |sessions: &[Session]| -> std::collections::HashSet<String> {
        sessions.iter().map(|session| session.id.digest().to_owned()).collect()
    };
    let stand = tables.sessions().of(&ada().username).await.unwrap();
    assert_eq!(ids(&stand), ids(&begun[3..]));
    assert_eq!(tables.rows("Sessions").await.len(), Session::MOST);
}

#[tokio::test]
async fn an_older_account_without_a_session_list_works() {
    let (tables, current) = with_ada().await;
    let key = std::collections::HashMap::from([("username".into(), AttributeValue::S("ada".into()))]);
    let update = tables.client.update_item().table_name("Users").set_key(Some(key));
    update.update_expression("REMOVE sessions").send().await.unwrap();
    let second = sign_in(&tables, "correct horse").await.unwrap();
    assert_ne!(second.id, current.id);
    let (accounts, new) = (tables.accounts(), password("battery staple"));
    let changed = accounts.change_password(&second, &password("correct horse"), &new, &device()).await;
    let sessions = tables.sessions().of(&ada().username).await.unwrap();
    assert_eq!(sessions, [changed.unwrap().session], "the session that no row names has ended, too");
}

#[tokio::test]
async fn a_wrong_old_password_changes_nothing_and_counts_as_a_failure() {
    let (tables, current) = with_ada().await;
    let before = hash(&tables).await;
    let accounts = tables.accounts();
    let (wrong, new, device) = (password("a wrong one"), password("battery staple"), device());
    for _ in 0..5 {
        let changed = accounts.change_password(&current, &wrong, &new, &device).await;
        assert!(matches!(changed, Err(SignInError::Wrong)));
    }
    let deleted = accounts.delete(&current, &wrong).await;
    assert!(matches!(deleted, Err(DeleteAccountError::Password(SignInError::TooMany(_)))));
    assert_eq!(hash(&tables).await, before);
    assert_eq!(tables.sessions().of(&ada().username).await.unwrap(), [current]);
}

#[tokio::test]
async fn deleting_an_account_keeps_its_username_only() {
    let (tables, current) = with_ada().await;
    tables.add_an_administrator().await;
    sign_in(&tables, "correct horse").await.unwrap();
    let accounts = tables.accounts();
    assert_eq!(accounts.account(&ada().username).await.unwrap(), Some(Account::Active(ada())));
    accounts.delete(&current, &password("correct horse")).await.unwrap();
    assert_eq!(accounts.account(&ada().username).await.unwrap(), Some(Account::Deleted));
    assert_eq!(accounts.account(&username("carol")).await.unwrap(), None);
    assert!(tables.rows("Sessions").await.is_empty());
    let rows = tables.rows("Users").await;
    let row = rows.iter().find(|row| row["username"] == AttributeValue::S("ada".into())).unwrap();
    let mut attributes: Vec<&String> = row.keys().collect();
    attributes.sort();
    assert_eq!(attributes, ["created", "username"]);

    assert!(matches!(sign_in(&tables, "correct horse").await, Err(SignInError::Wrong)));
    let again = tables.sign_up(&ada(), "battery staple").await;
    assert!(matches!(again, Err(SignUpError::Taken)), "or another user would own the notes");
}

#[tokio::test]
async fn repeating_an_interrupted_deletion_finishes_it() {
    let (tables, current) = with_ada().await;
    tables.add_an_administrator().await;
    let accounts = tables.accounts();
    let row = tables.rows("Sessions").await.remove(0);
    accounts.delete(&current, &password("correct horse")).await.unwrap();
    // The deletion failed before its last step.
    tables.client.put_item().table_name("Sessions").set_item(Some(row)).send().await.unwrap();
    accounts.delete(&current, &password("correct horse")).await.unwrap();
    assert!(tables.rows("Sessions").await.is_empty());
}

#[tokio::test]
async fn many_concurrent_sign_ins_all_succeed() {
    let (tables, _) = with_ada().await;
    let all = futures_util::future::join_all((0..4).map(|_| sign_in(&tables, "correct horse"))).await;
    assert!(all.iter().all(Result::is_ok), "{all:?}");
    assert_eq!(tables.rows("Sessions").await.len(), 5);
}

/// Compares the fastest of many attempts of each kind, since other programs only add time. The order in each pair alternates,
/// so that both profit from warm caches. A busy machine needs more attempts until both have a fast one. If one kind took
/// longer, no number of attempts would be enough.
#[tokio::test]
async fn an_unknown_user_takes_as_long_as_a_wrong_password() {
    const TRIES: usize = 30;
    const MOST_TRIES: usize = 300;
    let (tables, _) = with_ada().await;
    let accounts = tables.accounts();
    let mut quickest = [Duration::MAX; 2];
    let is_alike = |[known, unknown]: [Duration; 2]| {
        (0.8..1.25).contains(&(known.as_secs_f64() / unknown.as_secs_f64()))
    };
    for n in 0..MOST_TRIES {
        if n >= TRIES && is_alike(quickest) {
            return;
        }
        for which in [n % 2, (n + 1) % 2] {
            // Each account has only a few attempts, so that none has to wait.
            let name = if which == 0 {
                username(&format!("known-{}", n / 4))
            } else {
                username(&format!("nobody-{}", n / 4))
            };
            if which == 0 && n % 4 == 0 {
                let user = notes::User { username: name.clone(), display_name: ada().display_name };
                tables.sign_up(&user, "correct horse").await.unwrap();
            }
            tables.requests();
            let begun = Instant::now();
            let guess = accounts.sign_in(&name, &password("battery staple"), &device(), None).await;
            quickest[which] = quickest[which].min(begun.elapsed());
            assert!(matches!(guess, Err(SignInError::Wrong)), "{guess:?}");
            // The network's first attempt at a name is counted at once, and a later one at the second try.
            let count = ["PutItem Users", "PutItem Users"];
            let count = if n % 4 == 0 { &count[..1] } else { &count[..] };
            let expected = [&["GetItem Users"], count, &["UpdateItem Users"]].concat();
            assert_eq!(tables.requests(), expected, "{name}");
        }
    }
    panic!("{:?} with a wrong password, {:?} as nobody", quickest[0], quickest[1]);
}
