//! Requests that meet a transaction, which DynamoDB turns away. The engine here never does: an endpoint does it instead.

use notes::{Comments, Message, NoteKey, NotesStore, Thread, Version};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::{Tables, client, draft, pass_on, username};

/// How DynamoDB turns away a write that met a transaction, and a transaction that met another.
const WRITE: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionConflictException","message":"Transaction is ongoing for the item"}"#;
const TRANSACTION: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Transaction cancelled","CancellationReasons":[{"Code":"TransactionConflict","Message":"Transaction is ongoing for the item"},{"Code":"None"}]}"#;

/// An endpoint that turns away the first request like this, and passes everything after it on to `upstream`.
async fn turning_away(first: &'static str, upstream: &str) -> String {
    let upstream = upstream.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        // The request is small: a read is all of it.
        assert!(client.read(&mut [0; 8 * 1024]).await.unwrap() > 0);
        let head =
            "HTTP/1.1 400 Bad Request\r\ncontent-type: application/x-amz-json-1.0\r\nconnection: close";
        let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{first}", first.len());
        client.write_all(answer.as_bytes()).await.unwrap();
        drop(client);
        pass_on(&listener, &upstream).await;
    });
    format!("http://{address}")
}

#[tokio::test]
async fn a_note_that_is_being_commented_on_is_written_a_moment_later() {
    let tables = Tables::start();
    let (key, ada) = (NoteKey::generate(), username("ada"));
    let store =
        async || NotesStore::new(client(&turning_away(WRITE, &tables.dynamodb.endpoint()).await), "Notes");
    let note = store().await.create(&key, &draft("A"), &ada).await.unwrap();
    let note = store().await.update(&key, note.version, &draft("B"), &ada).await.unwrap();
    assert_eq!(note.version, Version::FIRST.next());
    store().await.destroy(&key, note.version).await.unwrap();
    assert_eq!(tables.requests(), ["PutItem Notes", "UpdateItem Notes", "DeleteItem Notes"]);
}

#[tokio::test]
async fn two_who_comment_at_the_same_time_both_do() {
    let tables = Tables::start();
    let (key, ada) = (NoteKey::generate(), username("ada"));
    let note = tables.notes().create(&key, &draft("A"), &ada).await.unwrap();
    let endpoint = turning_away(TRANSACTION, &tables.dynamodb.endpoint()).await;
    let comments = Comments::new(client(&endpoint), "Notes");
    let comment = comments.create(&Thread::of(&note), &Message::parse("Me too").unwrap(), &ada).await;
    assert!(comment.unwrap().is_some());
}
