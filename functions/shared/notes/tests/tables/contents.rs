//! The contents of notes: they stay with their note, and are deleted when it is gone for good.

use std::time::{Duration, Instant};

use notes::{Archive, BoardId, Imported, LeftNote, Line, Note, Thread, TrashId};

use crate::{Tables, comment, messages, note, thread_of, username};

/// Deletes a note, and then for good.
async fn delete_for_good(tables: &Tables, note: &Note) {
    tables.notes().destroy(note, &username("ada")).await.unwrap();
    tables.trash().delete(&TrashId::of(note)).await.unwrap();
}

/// Imports a note, as if from an export of before it was deleted.
async fn import(tables: &Tables, note: &Note) {
    let archive = Archive::new(tables.client.clone(), "Notes", BoardId::team());
    let until = Instant::now() + Duration::from_mins(1);
    let imported = archive.import(vec![Line::Note(note.clone())], &username("ada"), until).await;
    assert!(matches!(imported[..], [Ok(Imported::Created)]), "{imported:?}");
}

/// Settles a note that has left a board, and returns how many comments were moved or deleted.
async fn settle(tables: &Tables, note: &Note, board: &BoardId, moved_to: Option<&BoardId>) -> usize {
    let (thread, document) = (Thread::of(board, note), note.document.clone());
    tables.contents().settle(&LeftNote { thread, document, moved_to: moved_to.cloned() }).await.unwrap()
}

#[tokio::test]
async fn comments_stay_while_their_note_is_on_a_board_or_in_the_trash() {
    let tables = Tables::start();
    let note = note(&tables, "a").await;
    let thread = thread_of(&note);
    comment(&tables, &thread, "Milk?", "ada").await;
    assert_eq!(settle(&tables, &note, &BoardId::team(), None).await, 0);
    tables.notes().destroy(&note, &username("ada")).await.unwrap();
    tables.requests();
    assert_eq!(settle(&tables, &note, &BoardId::team(), None).await, 0);
    assert_eq!(tables.requests(), ["TransactGetItems Notes"]);
    tables.trash().restore(&TrashId::of(&note), &username("bob")).await.unwrap();
    assert_eq!(settle(&tables, &note, &BoardId::team(), None).await, 0);
    assert_eq!(messages(&tables, &thread).await, ["Milk?"]);
}

#[tokio::test]
async fn all_comments_of_one_note_are_deleted_25_per_request() {
    let tables = Tables::start();
    let (deleted, stays) = (note(&tables, "a").await, note(&tables, "ab").await);
    let (gone, stays) = (thread_of(&deleted), thread_of(&stays));
    for _ in 0..51 {
        comment(&tables, &gone, "On a", "ada").await;
    }
    comment(&tables, &stays, "On ab", "ada").await;
    delete_for_good(&tables, &deleted).await;
    tables.requests();
    assert_eq!(settle(&tables, &deleted, &BoardId::team(), None).await, 51);
    let gone = ["TransactGetItems Notes", "Query Edits", "Query Edits", "Query Notes"];
    let deletions =
        ["TransactGetItems Notes", "BatchWriteItem Notes", "BatchWriteItem Notes", "BatchWriteItem Notes"];
    assert_eq!(tables.requests(), [gone, deletions].concat());
    assert_eq!(settle(&tables, &deleted, &BoardId::team(), None).await, 0);
    assert_eq!(tables.requests(), gone);
    assert_eq!(messages(&tables, &stays).await, ["On ab"]);
}

#[tokio::test]
async fn comments_of_an_imported_note_are_not_deleted() {
    let tables = Tables::start();
    let note = note(&tables, "a").await;
    let thread = thread_of(&note);
    comment(&tables, &thread, "Milk?", "ada").await;
    delete_for_good(&tables, &note).await;
    import(&tables, &note).await;
    assert_eq!(settle(&tables, &note, &BoardId::team(), None).await, 0);
    assert_eq!(messages(&tables, &thread).await, ["Milk?"]);
}

#[tokio::test]
async fn more_comments_than_a_query_returns_are_all_deleted() {
    let tables = Tables::start();
    let note = note(&tables, "a").await;
    let thread = thread_of(&note);
    // A query stops at 1 MB: at about 250 comments of maximum length.
    let longest = "🦀".repeat(1024);
    for _ in 0..300 {
        comment(&tables, &thread, &longest, "ada").await;
    }
    delete_for_good(&tables, &note).await;
    tables.requests();
    assert_eq!(settle(&tables, &note, &BoardId::team(), None).await, 300);
    assert!(tables.requests().iter().filter(|request| *request == "Query Notes").count() > 1);
    assert_eq!(tables.rows("Notes").await.len(), 1, "the tombstone");
}

#[tokio::test]
async fn comments_follow_a_moved_note_into_the_trash_of_its_new_board() {
    let tables = Tables::start();
    let (note, ada, to) = (note(&tables, "a").await, username("ada"), BoardId::generate());
    let (old, new) = (thread_of(&note), Thread::of(&to, &note));
    comment(&tables, &old, "Milk?", "ada").await;
    let moved = tables.notes().move_to(&note, note.version, &to, &ada).await.unwrap();
    tables.notes().on(&to).destroy(&moved, &ada).await.unwrap();

    // The move is reported after the deletion.
    assert_eq!(settle(&tables, &note, &to, None).await, 0);
    assert_eq!(settle(&tables, &note, &BoardId::team(), Some(&to)).await, 1);
    assert_eq!(
        (messages(&tables, &old).await, messages(&tables, &new).await),
        (vec![], vec!["Milk?".to_owned()])
    );
    tables.trash().on(&to).restore(&TrashId::of(&note), &ada).await.unwrap();
    assert_eq!(messages(&tables, &new).await, ["Milk?"]);
}

#[tokio::test]
async fn comments_of_a_note_that_was_restored_and_then_moved_are_not_deleted() {
    let tables = Tables::start();
    let (note, ada, to) = (note(&tables, "a").await, username("ada"), BoardId::generate());
    let (old, new) = (thread_of(&note), Thread::of(&to, &note));
    comment(&tables, &old, "Milk?", "ada").await;
    tables.notes().destroy(&note, &ada).await.unwrap();
    let restored = tables.trash().restore(&TrashId::of(&note), &ada).await.unwrap();
    tables.notes().move_to(&restored, restored.version, &to, &ada).await.unwrap();

    // The end of the row in the trash is reported before the move.
    assert_eq!(settle(&tables, &note, &BoardId::team(), None).await, 1);
    assert_eq!(messages(&tables, &new).await, ["Milk?"]);
    assert_eq!(settle(&tables, &note, &BoardId::team(), Some(&to)).await, 0);
    assert_eq!(
        (messages(&tables, &old).await, messages(&tables, &new).await),
        (vec![], vec!["Milk?".to_owned()])
    );
}

#[tokio::test]
async fn comments_of_a_moved_note_that_is_gone_for_good_are_deleted() {
    let tables = Tables::start();
    let (note, ada, to) = (note(&tables, "a").await, username("ada"), BoardId::generate());
    let old = thread_of(&note);
    comment(&tables, &old, "Milk?", "ada").await;
    let moved = tables.notes().move_to(&note, note.version, &to, &ada).await.unwrap();
    tables.notes().on(&to).destroy(&moved, &ada).await.unwrap();
    tables.trash().on(&to).delete(&TrashId::of(&note)).await.unwrap();
    assert_eq!(settle(&tables, &note, &BoardId::team(), Some(&to)).await, 1);
    assert!(messages(&tables, &old).await.is_empty());
}
