//! Requests that conflict with a transaction, which DynamoDB refuses. The local engine never does, so an endpoint does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use notes::{
    BoardId, CommentId, Comments, Contents, CreateCommentError, Message, NoteKey, NotesStore, Thread,
    Timestamp, Version, WriteError,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::{Tables, client, config, draft, left, note, pass_on, thread_of, username};

/// The responses of DynamoDB to a write and to a transaction that conflict with a transaction.
const WRITE: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionConflictException","message":"Transaction is ongoing for the item"}"#;
const TRANSACTION: &str = r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException","Message":"Transaction cancelled","CancellationReasons":[{"Code":"TransactionConflict","Message":"Transaction is ongoing for the item"},{"Code":"None"}]}"#;

/// Sends this response to one request of any kind.
async fn turn_away(client: &mut TcpStream, answer: &str) {
    // The request is small, so one read contains it.
    assert!(client.read(&mut [0; 8 * 1024]).await.unwrap() > 0);
    let head = "HTTP/1.1 400 Bad Request\r\ncontent-type: application/x-amz-json-1.0\r\nconnection: close";
    let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{answer}", answer.len());
    client.write_all(answer.as_bytes()).await.unwrap();
}

/// Starts an endpoint that refuses the first request with this response, and forwards all later ones to `upstream`.
async fn turning_away(first: &'static str, upstream: &str) -> String {
    let upstream = upstream.trim_start_matches("http://").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        turn_away(&mut client, first).await;
        drop(client);
        pass_on(&listener, &upstream).await;
    });
    format!("http://{address}")
}

/// Starts an endpoint that refuses every request with this response, and counts the requests.
async fn turning_all_away(answer: &'static str) -> (String, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let requests = Arc::new(AtomicU32::new(0));
    let counter = Arc::clone(&requests);
    tokio::spawn(async move {
        loop {
            let (mut client, _) = listener.accept().await.unwrap();
            counter.fetch_add(1, Relaxed);
            turn_away(&mut client, answer).await;
        }
    });
    (format!("http://{address}"), requests)
}

#[tokio::test]
async fn a_write_in_conflict_with_a_transaction_is_retried_by_the_policy_and_then_fails() {
    // Only the pauses differ from the policy.
    let client = |endpoint: &str| {
        let retries = aws::retries().with_initial_backoff(Duration::from_millis(1));
        notes::dynamodb(config(endpoint).retry_config(retries))
    };
    let (key, ada) = (NoteKey::generate(), username("ada"));
    let (endpoint, requests) = turning_all_away(WRITE).await;
    let created =
        NotesStore::new(client(&endpoint), "Notes", BoardId::team()).create(&key, &draft("A"), &ada).await;
    assert!(matches!(created, Err(WriteError::Store(_))), "{created:?}");
    assert_eq!(requests.load(Relaxed), aws::ATTEMPTS);

    let (endpoint, requests) = turning_all_away(TRANSACTION).await;
    let thread = Thread { board: BoardId::team(), key, created: Timestamp::now() };
    let (id, message) = (CommentId::generate(), Message::parse("Me too").unwrap());
    let created = Comments::new(client(&endpoint), "Notes").create(&thread, &id, &message, &ada).await;
    assert!(matches!(created, Err(CreateCommentError::Store(_))), "{created:?}");
    assert_eq!(requests.load(Relaxed), aws::ATTEMPTS);
}

#[tokio::test]
async fn a_write_in_conflict_with_a_comment_succeeds_on_a_retry() {
    let tables = Tables::start();
    let (key, ada) = (NoteKey::generate(), username("ada"));
    let store = async || {
        NotesStore::new(
            client(&turning_away(WRITE, &tables.dynamodb.endpoint()).await),
            "Notes",
            BoardId::team(),
        )
    };
    let note = store().await.create(&key, &draft("A"), &ada).await.unwrap();
    let note = store().await.rename(&note, &draft("B").title, &ada).await.unwrap();
    assert_eq!(note.version, Version::FIRST.next());
    assert_eq!(tables.requests(), ["PutItem Notes", "UpdateItem Notes"]);
}

#[tokio::test]
async fn a_deletion_and_a_look_in_conflict_with_a_transaction_succeed_on_a_retry() {
    let tables = Tables::start();
    let note = note(&tables, "a").await;
    let client = async || client(&turning_away(TRANSACTION, &tables.dynamodb.endpoint()).await);
    let notes = NotesStore::new(client().await, "Notes", BoardId::team());
    notes.destroy(&note, &username("ada")).await.unwrap();
    let contents = Contents::new(client().await, "Notes", tables.documents());
    assert_eq!(contents.settle(&left(&note)).await.unwrap(), 0);
}

#[tokio::test]
async fn two_concurrent_comments_are_both_written() {
    let tables = Tables::start();
    let (key, ada) = (NoteKey::generate(), username("ada"));
    let note = tables.notes().create(&key, &draft("A"), &ada).await.unwrap();
    let endpoint = turning_away(TRANSACTION, &tables.dynamodb.endpoint()).await;
    let comments = Comments::new(client(&endpoint), "Notes");
    let message = Message::parse("Me too").unwrap();
    comments.create(&thread_of(&note), &CommentId::generate(), &message, &ada).await.unwrap();
}
