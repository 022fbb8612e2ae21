//! Comments: rows in the table of notes, which are deleted with their note.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use notes::{
    Archive, BoardId, Body, Comment, CommentId, CommentPage, Comments, CreateCommentError,
    DeleteCommentError, Draft, Imported, Line, Message, Note, NoteKey, Thread, Timestamp, Title,
};

use crate::{Tables, thread_of, username};

/// Creates a note of ada's.
async fn note(tables: &Tables, key: &str) -> Note {
    let draft = Draft { title: Title::parse("A").unwrap(), body: Body::parse("").unwrap() };
    tables.notes().create(&NoteKey::parse(key).unwrap(), &draft, &username("ada")).await.unwrap()
}

async fn comment(comments: &Comments, thread: &Thread, message: &str, author: &str) -> Comment {
    let message = Message::parse(message).unwrap();
    comments.create(thread, &CommentId::generate(), &message, &username(author)).await.unwrap()
}

fn messages(page: &CommentPage) -> Vec<&str> {
    page.comments.iter().map(|comment| comment.message.as_str()).collect()
}

#[tokio::test]
async fn a_comment_is_read_as_written_and_is_not_a_note() {
    let tables = Tables::start();
    let comments = tables.comments();
    let thread = thread_of(&note(&tables, "a").await);
    tables.requests();
    let comment = comment(&comments, &thread, "Milk?", "bob").await;
    assert_eq!(tables.requests(), ["TransactWriteItems Notes"]);
    assert_eq!((comment.key.as_str(), &comment.author), ("a", &username("bob")));

    let page = comments.page(&thread, 20, None).await.unwrap();
    assert_eq!(tables.requests(), ["Query Notes"]);
    assert_eq!(page, CommentPage { comments: vec![comment], next: None });
    assert_eq!(tables.notes().count().await.unwrap(), 1);
    assert_eq!(tables.notes().titles(100, None).await.unwrap().notelist.len(), 1);
}

#[tokio::test]
async fn a_comment_requires_its_note() {
    let tables = Tables::start();
    let note = note(&tables, "a").await;
    tables.notes().destroy(&note.key, note.version).await.unwrap();
    let (id, message) = (CommentId::generate(), Message::parse("Too late").unwrap());
    let created = tables.comments().create(&thread_of(&note), &id, &message, &username("ada")).await;
    assert!(matches!(created, Err(CreateCommentError::NoNote)), "{created:?}");
    assert!(!tables.comments().note_exists(&thread_of(&note)).await.unwrap());
    assert_eq!(tables.rows("Notes").await.len(), 1, "the tombstone of the note");
}

#[tokio::test]
async fn a_repeated_comment_is_written_once() {
    let tables = Tables::start();
    let comments = tables.comments();
    let thread = thread_of(&note(&tables, "a").await);
    let (id, milk, bob) = (CommentId::generate(), Message::parse("Milk?").unwrap(), username("bob"));
    let first = comments.create(&thread, &id, &milk, &bob).await.unwrap();
    let again = join_all((0..8).map(|_| comments.create(&thread, &id, &milk, &bob))).await;
    for again in again {
        assert_eq!(again.unwrap(), first);
    }
    assert_eq!(comments.page(&thread, 20, None).await.unwrap().comments, [first]);
    // One that was written two days ago is known as well.
    let old = id_made(Timestamp::now().as_second() - 2 * 24 * 60 * 60);
    let key = [("board", &*thread.to_string()), ("key", old.as_str())];
    for (attribute, value) in
        [("message", "Milk?"), ("author", "bob"), ("created", &thread.created.to_string())]
    {
        tables.set("Notes", &key, attribute, AttributeValue::S(value.into())).await;
    }
    assert_eq!(comments.create(&thread, &old, &milk, &bob).await.unwrap().id, old);
}

#[tokio::test]
async fn a_taken_id_and_an_id_of_another_time_are_refused() {
    let tables = Tables::start();
    let comments = tables.comments();
    let thread = thread_of(&note(&tables, "a").await);
    let taken = comment(&comments, &thread, "Milk?", "bob").await;
    let create = async |id: &CommentId, message: &str, author: &str| {
        comments.create(&thread, id, &Message::parse(message).unwrap(), &username(author)).await
    };
    for (message, author) in [("Milk?", "ada"), ("Cream?", "bob")] {
        let refused = create(&taken.id, message, author).await;
        assert!(matches!(refused, Err(CreateCommentError::IdTaken)), "{refused:?}");
    }
    let now = Timestamp::now().as_second();
    let forged = CommentId::parse("ffffffff-ffff-7fff-bfff-ffffffffffff").unwrap();
    for id in [forged, id_made(now + 120), id_made(now - 2 * 24 * 60 * 60), id_made(0)] {
        let refused = create(&id, "Milk?", "ada").await;
        assert!(matches!(refused, Err(CreateCommentError::OtherTime)), "{id}: {refused:?}");
    }
    assert_eq!(messages(&comments.page(&thread, 20, None).await.unwrap()), ["Milk?"]);
    // Clocks differ a little, and comments that were written offline are sent later.
    for at in [now + 30, now - 60 * 60] {
        create(&id_made(at), "Cream?", "ada").await.unwrap();
    }
}

/// Returns an id that was created at this Unix time.
fn id_made(second: i64) -> CommentId {
    let made = format!("{:012x}", second * 1000);
    CommentId::parse(&format!("{}-{}-7b7d-9d52-3f1c0e6a7b88", &made[..8], &made[8..])).unwrap()
}

#[tokio::test]
async fn a_new_note_under_an_old_key_has_no_comments() {
    let tables = Tables::start();
    let comments = tables.comments();
    let old = note(&tables, "a").await;
    comment(&comments, &thread_of(&old), "On the old", "ada").await;
    tables.notes().destroy(&old.key, old.version).await.unwrap();
    while notes::Timestamp::now() <= old.created {}
    let new = note(&tables, "a").await;

    assert!(comments.page(&thread_of(&new), 20, None).await.unwrap().comments.is_empty());
    let (id, message) = (CommentId::generate(), Message::parse("Late").unwrap());
    let late = comments.create(&thread_of(&old), &id, &message, &username("ada")).await;
    assert!(matches!(late, Err(CreateCommentError::NoNote)), "{late:?}");
    assert!(!comments.note_exists(&thread_of(&old)).await.unwrap());
    // However late the old ones are deleted, those on the new note stay.
    comment(&comments, &thread_of(&new), "On the new", "ada").await;
    assert_eq!(comments.delete_all(&thread_of(&old)).await.unwrap(), 1);
    assert_eq!(messages(&comments.page(&thread_of(&new), 20, None).await.unwrap()), ["On the new"]);
}

#[tokio::test]
async fn pages_have_every_comment_once_newest_first_and_the_last_has_no_cursor() {
    let tables = Tables::start();
    let comments = tables.comments();
    let thread = thread_of(&note(&tables, "a").await);
    let other = thread_of(&note(&tables, "b").await);
    for message in ["1", "2", "3", "4"] {
        comment(&comments, &thread, message, "ada").await;
        comment(&comments, &other, "elsewhere", "ada").await;
    }
    let first = comments.page(&thread, 2, None).await.unwrap();
    assert_eq!(messages(&first), ["4", "3"]);
    // A page continues after a comment even if that is deleted.
    comments.delete(&thread, first.next.as_ref().unwrap(), &username("ada")).await.unwrap();
    let last = comments.page(&thread, 2, first.next.as_ref()).await.unwrap();
    assert_eq!((messages(&last), &last.next), (vec!["2", "1"], &None));
}

#[tokio::test]
async fn an_unreadable_comment_does_not_hide_the_others() {
    let tables = Tables::start();
    let comments = tables.comments();
    let thread = thread_of(&note(&tables, "a").await);
    let spoilt = comment(&comments, &thread, "spoilt", "ada").await;
    comment(&comments, &thread, "whole", "ada").await;
    let row = [("board", &*thread.to_string()), ("key", spoilt.id.as_str())];
    tables.set("Notes", &row, "message", AttributeValue::Bool(true)).await;
    assert_eq!(messages(&comments.page(&thread, 20, None).await.unwrap()), ["whole"]);
}

#[tokio::test]
async fn the_author_deletes_a_comment_in_one_request_and_the_notes_author_in_three() {
    let tables = Tables::start();
    let comments = tables.comments();
    let thread = thread_of(&note(&tables, "a").await);
    let bobs = comment(&comments, &thread, "bob's", "bob").await;
    let carols = comment(&comments, &thread, "carol's", "carol").await;
    tables.requests();
    comments.delete(&thread, &bobs.id, &username("bob")).await.unwrap();
    assert_eq!(tables.requests(), ["DeleteItem Notes"]);
    comments.delete(&thread, &carols.id, &username("ada")).await.unwrap();
    assert_eq!(tables.requests(), ["DeleteItem Notes", "GetItem Notes", "DeleteItem Notes"]);
    assert!(comments.page(&thread, 20, None).await.unwrap().comments.is_empty());
}

#[tokio::test]
async fn other_users_cannot_delete_a_comment_and_a_missing_one_is_not_found() {
    let tables = Tables::start();
    let comments = tables.comments();
    let thread = thread_of(&note(&tables, "a").await);
    let adas = comment(&comments, &thread, "ada's", "ada").await;
    let carols = comment(&comments, &thread, "carol's", "carol").await;
    for comment in [&adas, &carols] {
        let refused = comments.delete(&thread, &comment.id, &username("bob")).await;
        assert!(matches!(refused, Err(DeleteCommentError::Forbidden)));
    }
    for nobodys in [CommentId::generate(), CommentId::generate()] {
        let refused = comments.delete(&thread, &nobodys, &username("ada")).await;
        assert!(matches!(refused, Err(DeleteCommentError::NotFound)));
    }
    assert_eq!(messages(&comments.page(&thread, 20, None).await.unwrap()), ["carol's", "ada's"]);
}

#[tokio::test]
async fn all_comments_of_one_note_are_deleted_25_per_request() {
    let tables = Tables::start();
    let comments = tables.comments();
    let (deleted, stays) = (note(&tables, "a").await, note(&tables, "ab").await);
    let (gone, stays) = (thread_of(&deleted), thread_of(&stays));
    for _ in 0..51 {
        comment(&comments, &gone, "On a", "ada").await;
    }
    comment(&comments, &stays, "On ab", "ada").await;
    tables.notes().destroy(&deleted.key, deleted.version).await.unwrap();
    tables.requests();
    assert_eq!(comments.delete_all(&gone).await.unwrap(), 51);
    let batches = &["BatchWriteItem Notes"; 3];
    assert_eq!(tables.requests(), [["Query Notes", "GetItem Notes"].as_slice(), batches].concat());
    assert_eq!(comments.delete_all(&gone).await.unwrap(), 0);
    assert_eq!(tables.requests(), ["Query Notes"]);
    assert_eq!(messages(&comments.page(&stays, 20, None).await.unwrap()), ["On ab"]);
}

#[tokio::test]
async fn comments_of_a_restored_note_are_not_deleted() {
    let tables = Tables::start();
    let comments = tables.comments();
    let note = note(&tables, "a").await;
    let thread = thread_of(&note);
    comment(&comments, &thread, "Milk?", "ada").await;
    tables.notes().destroy(&note.key, note.version).await.unwrap();
    let archive = Archive::new(tables.client.clone(), "Notes", BoardId::team());
    let until = Instant::now() + Duration::from_mins(1);
    let imported = archive.import(vec![Line::Note(note)], &username("ada"), until).await;
    assert!(matches!(imported[..], [Ok(Imported::Created)]), "{imported:?}");

    assert_eq!(comments.delete_all(&thread).await.unwrap(), 0);
    assert_eq!(messages(&comments.page(&thread, 20, None).await.unwrap()), ["Milk?"]);
}

#[tokio::test]
async fn more_comments_than_a_query_returns_are_all_deleted() {
    let tables = Tables::start();
    let comments = tables.comments();
    let note = note(&tables, "a").await;
    let thread = thread_of(&note);
    // A query stops at 1 MB: at about 250 comments of maximum length.
    let longest = "🦀".repeat(1024);
    for _ in 0..300 {
        comment(&comments, &thread, &longest, "ada").await;
    }
    tables.notes().destroy(&note.key, note.version).await.unwrap();
    tables.requests();
    assert_eq!(comments.delete_all(&thread).await.unwrap(), 300);
    assert!(tables.requests().iter().filter(|request| *request == "Query Notes").count() > 1);
    assert_eq!(tables.rows("Notes").await.len(), 1);
}
