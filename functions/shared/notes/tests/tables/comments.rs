//! Comments: rows in the table of notes.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::join_all;
use notes::{CommentId, CommentPage, CreateCommentError, DeleteCommentError, Message, Timestamp, TrashId};

use crate::{Tables, comment, left, messages, note, thread_of, username};

fn shown(page: &CommentPage) -> Vec<&str> {
    page.comments.iter().map(|comment| comment.message.as_str()).collect()
}

#[tokio::test]
async fn a_comment_is_read_as_written_and_is_not_a_note() {
    let tables = Tables::start();
    let comments = tables.comments();
    let thread = thread_of(&note(&tables, "a").await);
    tables.requests();
    let comment = comment(&tables, &thread, "Milk?", "bob").await;
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
    tables.notes().destroy(&note, &username("ada")).await.unwrap();
    let (id, message) = (CommentId::generate(), Message::parse("Too late").unwrap());
    let created = tables.comments().create(&thread_of(&note), &id, &message, &username("ada")).await;
    assert!(matches!(created, Err(CreateCommentError::NoNote)), "{created:?}");
    assert!(!tables.comments().note_exists(&thread_of(&note)).await.unwrap());
    assert_eq!(tables.rows("Notes").await.len(), 2, "the tombstone of the note, and the note in the trash");
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
    let taken = comment(&tables, &thread, "Milk?", "bob").await;
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
    assert_eq!(messages(&tables, &thread).await, ["Milk?"]);
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
    comment(&tables, &thread_of(&old), "On the old", "ada").await;
    tables.notes().destroy(&old, &username("ada")).await.unwrap();
    while notes::Timestamp::now() <= old.created {}
    let new = note(&tables, "a").await;

    assert!(comments.page(&thread_of(&new), 20, None).await.unwrap().comments.is_empty());
    let (id, message) = (CommentId::generate(), Message::parse("Late").unwrap());
    let late = comments.create(&thread_of(&old), &id, &message, &username("ada")).await;
    assert!(matches!(late, Err(CreateCommentError::NoNote)), "{late:?}");
    assert!(!comments.note_exists(&thread_of(&old)).await.unwrap());
    // However late the old ones are deleted, those on the new note stay.
    comment(&tables, &thread_of(&new), "On the new", "ada").await;
    tables.trash().delete(&TrashId::of(&old)).await.unwrap();
    assert_eq!(tables.contents().settle(&left(&old)).await.unwrap(), 1);
    assert_eq!(messages(&tables, &thread_of(&new)).await, ["On the new"]);
}

#[tokio::test]
async fn pages_have_every_comment_once_newest_first_and_the_last_has_no_cursor() {
    let tables = Tables::start();
    let comments = tables.comments();
    let thread = thread_of(&note(&tables, "a").await);
    let other = thread_of(&note(&tables, "b").await);
    for message in ["1", "2", "3", "4"] {
        comment(&tables, &thread, message, "ada").await;
        comment(&tables, &other, "elsewhere", "ada").await;
    }
    let first = comments.page(&thread, 2, None).await.unwrap();
    assert_eq!(shown(&first), ["4", "3"]);
    // A page continues after a comment even if that is deleted.
    comments.delete(&thread, first.next.as_ref().unwrap(), &username("ada")).await.unwrap();
    let last = comments.page(&thread, 2, first.next.as_ref()).await.unwrap();
    assert_eq!((shown(&last), &last.next), (vec!["2", "1"], &None));
}

#[tokio::test]
async fn an_unreadable_comment_does_not_hide_the_others() {
    let tables = Tables::start();
    let thread = thread_of(&note(&tables, "a").await);
    let spoilt = comment(&tables, &thread, "spoilt", "ada").await;
    comment(&tables, &thread, "whole", "ada").await;
    let row = [("board", &*thread.to_string()), ("key", spoilt.id.as_str())];
    tables.set("Notes", &row, "message", AttributeValue::Bool(true)).await;
    assert_eq!(messages(&tables, &thread).await, ["whole"]);
}

#[tokio::test]
async fn the_author_deletes_a_comment_in_one_request_and_the_notes_author_in_three() {
    let tables = Tables::start();
    let comments = tables.comments();
    let thread = thread_of(&note(&tables, "a").await);
    let bobs = comment(&tables, &thread, "bob's", "bob").await;
    let carols = comment(&tables, &thread, "carol's", "carol").await;
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
    let adas = comment(&tables, &thread, "ada's", "ada").await;
    let carols = comment(&tables, &thread, "carol's", "carol").await;
    for comment in [&adas, &carols] {
        let refused = comments.delete(&thread, &comment.id, &username("bob")).await;
        assert!(matches!(refused, Err(DeleteCommentError::Forbidden)));
    }
    for nobodys in [CommentId::generate(), CommentId::generate()] {
        let refused = comments.delete(&thread, &nobodys, &username("ada")).await;
        assert!(matches!(refused, Err(DeleteCommentError::NotFound)));
    }
    assert_eq!(messages(&tables, &thread).await, ["carol's", "ada's"]);
}
