//! Writes whose response is lost. The SDK repeats them, and must recognize its own first write.

use std::time::Duration;

use notes::{
    Accounts, Admission, BoardId, Boards, Body, Documents, Draft, Invitations, NewSession, NoteKey,
    NotesStore, Sessions, WriteError,
};
use tokio::io::{AsyncReadExt as _, copy};
use tokio::net::{TcpListener, TcpStream};

use crate::{Tables, ada, client, device, draft, pass_on, password, username};

/// Starts an endpoint that forwards everything to `upstream`, but loses the first response.
async fn losing_the_first_response_of(upstream: &str) -> String {
    let upstream = upstream.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        let (mut answer, mut request) = TcpStream::connect(&upstream).await.unwrap().into_split();
        let mut first = [0];
        tokio::select! {
            _ = copy(&mut client, &mut request) => unreachable!("the client waits"),
            // There is a response, so the write is done.
            read = answer.read(&mut first) => assert_eq!(read.unwrap(), 1),
        }
        drop(client);
        pass_on(&listener, &upstream).await;
    });
    format!("http://{address}")
}

#[tokio::test]
async fn a_creation_with_a_lost_response_is_not_a_conflict_when_retried() {
    let tables = Tables::start();
    let key = NoteKey::generate();
    let lossy = losing_the_first_response_of(&tables.dynamodb.endpoint()).await;
    let note = NotesStore::new(client(&lossy), "Notes", BoardId::team())
        .create(&key, &draft("A"), &username("ada"))
        .await
        .unwrap();
    assert_eq!(tables.requests(), ["PutItem Notes", "PutItem Notes"]);
    assert_eq!(tables.notes().read(&key).await.unwrap(), Some(note));
}

#[tokio::test]
async fn a_new_title_with_a_lost_response_is_not_a_conflict_when_retried() {
    let tables = Tables::start();
    let key = NoteKey::generate();
    let old = tables.notes().create(&key, &draft("A"), &username("ada")).await.unwrap();
    tables.requests();
    let lossy = losing_the_first_response_of(&tables.dynamodb.endpoint()).await;
    let lossy = NotesStore::new(client(&lossy), "Notes", BoardId::team());
    let new = lossy.rename(&old, &draft("B").title, &username("ada")).await.unwrap();
    assert_eq!(tables.requests(), ["UpdateItem Notes", "UpdateItem Notes"]);
    assert_eq!((new.version, new.title.as_str()), (old.version.next(), "B"));
    assert_eq!(tables.notes().read(&key).await.unwrap(), Some(new));
}

#[tokio::test]
async fn a_new_text_with_a_lost_response_is_not_a_conflict_when_retried() {
    let tables = Tables::start();
    let old = tables.notes().create(&NoteKey::generate(), &draft("A"), &username("ada")).await.unwrap();
    let read = tables.documents().open(&old).await.unwrap();
    let lossy = client(&losing_the_first_response_of(&tables.dynamodb.endpoint()).await);
    let lossy = Documents::new(lossy, "Edits", "Notes");
    let new = Draft { body: Body::parse("Another text.").unwrap(), ..draft("A") };
    let new = lossy.write(&BoardId::team(), &old, read, &new, &username("ada")).await.unwrap();
    assert_eq!(new.version, old.version.next());
    assert_eq!(tables.notes().read(&old.key).await.unwrap(), Some(new));
}

#[tokio::test]
async fn a_deletion_with_a_lost_response_is_not_a_conflict_even_if_its_key_is_reused() {
    let tables = Tables::start();
    let key = NoteKey::generate();
    let note = tables.notes().create(&key, &draft("A"), &username("ada")).await.unwrap();
    tables.requests();
    let lossy = losing_the_first_response_of(&tables.dynamodb.endpoint()).await;
    NotesStore::new(client(&lossy), "Notes", BoardId::team()).destroy(&note, &username("ada")).await.unwrap();
    assert_eq!(tables.requests(), ["TransactWriteItems Notes"; 2]);
    let again = tables.notes().destroy(&note, &username("ada")).await;
    assert!(matches!(again, Err(WriteError::NotFound)));
    tables.requests();

    let lossy = losing_the_first_response_of(&tables.dynamodb.endpoint()).await;
    let new = NotesStore::new(client(&lossy), "Notes", BoardId::team())
        .create(&key, &draft("B"), &username("bob"))
        .await
        .unwrap();
    assert_eq!(new.version, note.version.next());
    assert_eq!(tables.notes().read(&key).await.unwrap(), Some(new));
}

#[tokio::test]
async fn a_sign_up_with_a_lost_response_is_not_a_conflict_when_retried() {
    let tables = Tables::start();
    let lossy = losing_the_first_response_of(&tables.dynamodb.endpoint()).await;
    let client = client(&lossy);
    let accounts = Accounts::new(
        client.clone(),
        "Users",
        Sessions::new(client.clone(), "Sessions"),
        Boards::new(client, "Boards"),
    );
    let invitations = Invitations::new(tables.client.clone(), "Users");
    let (_, invitation) =
        invitations.make(Some(&username("root")), 1, Duration::from_hours(1)).await.unwrap();
    tables.requests();
    let admission = Admission::Invited(invitation);
    let signed_up = accounts.sign_up(&ada(), &password("correct horse"), &device(), None, &admission).await;
    let NewSession { token, session, .. } = signed_up.unwrap();
    assert_eq!(tables.requests(), ["TransactWriteItems Sessions, Users"; 2]);
    assert!(invitations.list().await.unwrap().is_empty(), "it was used once");
    tables.requests();
    assert_eq!(tables.sessions().find(&token, None).await.unwrap(), Some(session));
}

#[tokio::test]
async fn another_users_write_in_the_meantime_is_still_a_conflict() {
    let tables = Tables::start();
    let key = NoteKey::generate();
    let note = tables.notes().create(&key, &draft("A"), &username("ada")).await.unwrap();
    // The same words by the same person are another change, if made at another time.
    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    let again = tables.notes().create(&key, &draft("A"), &username("ada")).await;
    assert!(matches!(again, Err(WriteError::Exists(_))));
    tables.update(&note, &draft("B"), &username("ada")).await.unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    let again = tables.update(&note, &draft("B"), &username("ada")).await;
    assert!(matches!(again, Err(WriteError::Stale(_))));
}
