//! Comments: in the table of notes, and gone with their note.

use aws_sdk_dynamodb::types::AttributeValue;
use notes::{
    Body, Comment, CommentId, CommentPage, Comments, DeleteCommentError, Draft, Message, Note, NoteKey,
    Thread, Title,
};

use crate::{Tables, username};

/// A note of ada's.
async fn note(tables: &Tables, key: &str) -> Note {
    let draft = Draft { title: Title::parse("A").unwrap(), body: Body::parse("").unwrap() };
    tables.notes().create(&NoteKey::parse(key).unwrap(), &draft, &username("ada")).await.unwrap()
}

async fn comment(comments: &Comments, thread: &Thread, message: &str, author: &str) -> Comment {
    let message = Message::parse(message).unwrap();
    comments.create(thread, &message, &username(author)).await.unwrap().expect("the note is there")
}

fn messages(page: &CommentPage) -> Vec<&str> {
    page.comments.iter().map(|comment| comment.message.as_str()).collect()
}

#[tokio::test]
async fn a_comment_is_read_back_as_it_was_written_and_is_no_note() {
    let tables = Tables::start();
    let comments = tables.comments();
    let thread = Thread::of(&note(&tables, "a").await);
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
async fn there_is_no_comment_without_its_note() {
    let tables = Tables::start();
    let note = note(&tables, "a").await;
    tables.notes().destroy(&note.key, note.version).await.unwrap();
    let message = Message::parse("Too late").unwrap();
    let created = tables.comments().create(&Thread::of(&note), &message, &username("ada")).await;
    assert_eq!(created.unwrap(), None);
    assert!(tables.rows("Notes").await.is_empty());
}

#[tokio::test]
async fn a_note_that_takes_the_key_of_another_begins_without_comments() {
    let tables = Tables::start();
    let comments = tables.comments();
    let old = note(&tables, "a").await;
    comment(&comments, &Thread::of(&old), "On the old", "ada").await;
    tables.notes().destroy(&old.key, old.version).await.unwrap();
    while notes::Timestamp::now() <= old.created {}
    let new = note(&tables, "a").await;

    assert!(comments.page(&Thread::of(&new), 20, None).await.unwrap().comments.is_empty());
    let late = comments.create(&Thread::of(&old), &Message::parse("Late").unwrap(), &username("ada")).await;
    assert_eq!(late.unwrap(), None);
    assert!(!comments.note_stands(&Thread::of(&old)).await.unwrap());
    // However late the old ones are deleted, those on the new note stay.
    comment(&comments, &Thread::of(&new), "On the new", "ada").await;
    assert_eq!(comments.delete_all(&Thread::of(&old)).await.unwrap(), 1);
    assert_eq!(messages(&comments.page(&Thread::of(&new), 20, None).await.unwrap()), ["On the new"]);
}

#[tokio::test]
async fn pages_hold_every_comment_once_newest_first_and_the_last_has_no_next() {
    let tables = Tables::start();
    let comments = tables.comments();
    let thread = Thread::of(&note(&tables, "a").await);
    let other = Thread::of(&note(&tables, "b").await);
    for message in ["1", "2", "3", "4"] {
        comment(&comments, &thread, message, "ada").await;
        comment(&comments, &other, "elsewhere", "ada").await;
    }
    let first = comments.page(&thread, 2, None).await.unwrap();
    assert_eq!(messages(&first), ["4", "3"]);
    // A page goes on after a comment even if that is gone.
    comments.delete(&thread, first.next.as_ref().unwrap(), &username("ada")).await.unwrap();
    let last = comments.page(&thread, 2, first.next.as_ref()).await.unwrap();
    assert_eq!((messages(&last), &last.next), (vec!["2", "1"], &None));
}

#[tokio::test]
async fn one_unreadable_comment_does_not_take_the_others_from_everybody() {
    let tables = Tables::start();
    let comments = tables.comments();
    let thread = Thread::of(&note(&tables, "a").await);
    let spoilt = comment(&comments, &thread, "spoilt", "ada").await;
    comment(&comments, &thread, "whole", "ada").await;
    let row = [("board", &*thread.to_string()), ("key", spoilt.id.as_str())];
    tables.set("Notes", &row, "message", AttributeValue::Bool(true)).await;
    assert_eq!(messages(&comments.page(&thread, 20, None).await.unwrap()), ["whole"]);
}

#[tokio::test]
async fn its_author_deletes_a_comment_in_one_request_and_the_notes_author_in_three() {
    let tables = Tables::start();
    let comments = tables.comments();
    let thread = Thread::of(&note(&tables, "a").await);
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
async fn others_may_not_delete_a_comment_and_one_that_is_not_there_is_not_found() {
    let tables = Tables::start();
    let comments = tables.comments();
    let thread = Thread::of(&note(&tables, "a").await);
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
async fn all_comments_of_a_note_are_deleted_25_a_request_and_no_others() {
    let tables = Tables::start();
    let comments = tables.comments();
    let (gone, stays) = (note(&tables, "a").await, note(&tables, "ab").await);
    let (gone, stays) = (Thread::of(&gone), Thread::of(&stays));
    for _ in 0..51 {
        comment(&comments, &gone, "On a", "ada").await;
    }
    comment(&comments, &stays, "On ab", "ada").await;
    tables.requests();
    assert_eq!(comments.delete_all(&gone).await.unwrap(), 51);
    assert_eq!(tables.requests(), [["Query Notes"].as_slice(), &["BatchWriteItem Notes"; 3]].concat());
    assert_eq!(comments.delete_all(&gone).await.unwrap(), 0);
    assert_eq!(messages(&comments.page(&stays, 20, None).await.unwrap()), ["On ab"]);
}

#[tokio::test]
async fn more_comments_than_a_query_shows_at_once_are_all_deleted() {
    let tables = Tables::start();
    let comments = tables.comments();
    let thread = Thread::of(&note(&tables, "a").await);
    // A query stops at 1 MB: at about 250 of the longest.
    let longest = "🦀".repeat(1024);
    for _ in 0..300 {
        comment(&comments, &thread, &longest, "ada").await;
    }
    tables.requests();
    assert_eq!(comments.delete_all(&thread).await.unwrap(), 300);
    assert!(tables.requests().iter().filter(|request| *request == "Query Notes").count() > 1);
    assert_eq!(tables.rows("Notes").await.len(), 1);
}
