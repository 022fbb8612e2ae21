//! The trash: deleted notes, until they are restored, deleted for good, or expired.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::AttributeValue;
use notes::{
    Archive, BoardId, Draft, Imported, Line, Note, NoteKey, Timestamp, TrashId, TrashPage, Version,
    WriteError,
};

use crate::{Tables, comment, draft, messages, note, thread_of, username};

/// Deletes a note, as bob.
async fn destroy(tables: &Tables, note: &Note) {
    tables.notes().destroy(note, &username("bob")).await.unwrap();
}

fn keys(page: &TrashPage) -> Vec<&str> {
    page.notes.iter().map(|note| note.id.key.as_str()).collect()
}

/// Lets the row of a note in the trash expire. TTL, which may be late, does not delete it.
async fn expire(tables: &Tables, note: &Note) {
    let id = TrashId::of(note).to_string();
    let past = AttributeValue::N((Timestamp::now().as_second() - 1).to_string());
    tables.set("Notes", &[("board", "trash#team"), ("key", &id)], "expires", past).await;
}

#[tokio::test]
async fn a_deleted_note_is_in_the_trash_with_who_deleted_it_when_for_30_days() {
    let tables = Tables::start();
    let note = note(&tables, "a").await;
    let before = Timestamp::now();
    destroy(&tables, &note).await;
    tables.requests();
    let page = tables.trash().page(100, None).await.unwrap();
    assert_eq!(tables.requests(), ["Query Notes/index/by-listed"]);
    let [trashed] = &page.notes[..] else { panic!("{page:?}") };
    assert_eq!((&trashed.id, &trashed.title), (&TrashId::of(&note), &note.title));
    assert_eq!((&trashed.deleted_by, page.next), (&username("bob"), None));
    assert!((before..=Timestamp::now()).contains(&trashed.deleted), "{trashed:?}");
    let month = Duration::from_hours(30 * 24);
    let left = trashed.deleted.until(trashed.expires);
    assert!((month..month + Duration::from_secs(1)).contains(&left), "{left:?}");
    assert!(tables.trash().on(&BoardId::generate()).page(100, None).await.unwrap().notes.is_empty());
    assert_eq!(tables.notes().count().await.unwrap(), 0);
}

#[tokio::test]
async fn a_restored_note_is_as_it_was_with_the_next_version_and_its_comments() {
    let tables = Tables::start();
    let notes = tables.notes();
    let first = note(&tables, "a").await;
    let body = notes::Body::parse("Milk, bread.").unwrap();
    let note = tables.update(&first, &Draft { body, ..draft("Shopping") }, &username("carol")).await.unwrap();
    comment(&tables, &thread_of(&note), "Milk?", "ada").await;
    destroy(&tables, &note).await;
    tables.requests();
    let restored = tables.trash().restore(&TrashId::of(&note), &username("bob")).await.unwrap();
    assert_eq!(tables.requests(), ["BatchGetItem Notes", "TransactWriteItems Notes"]);
    let expected = Note {
        version: note.version.next(),
        editor: username("bob"),
        updated: restored.updated,
        listed: restored.updated,
        ..note.clone()
    };
    assert_eq!(restored, expected);
    assert!(restored.updated >= note.updated);
    assert_eq!(notes.read(&note.key).await.unwrap(), Some(restored.clone()));
    assert_eq!(notes.titles(100, None).await.unwrap().notelist.len(), 1);
    assert!(tables.trash().page(100, None).await.unwrap().notes.is_empty());
    assert_eq!(messages(&tables, &thread_of(&note)).await, ["Milk?"]);
    assert_eq!(tables.rows("Notes").await.len(), 2, "the note and its comment");
}

#[tokio::test]
async fn a_note_is_restored_once_however_often_it_is_asked_for() {
    let tables = Tables::start();
    let note = note(&tables, "a").await;
    destroy(&tables, &note).await;
    let (id, trash, ada, bob) = (TrashId::of(&note), tables.trash(), username("ada"), username("bob"));
    let (one, other) = tokio::join!(trash.restore(&id, &ada), trash.restore(&id, &bob));
    let restored = one.unwrap();
    assert_eq!(other.unwrap(), restored);
    // A repetition does not undo what was written since.
    let changed = tables.update(&restored, &draft("B"), &ada).await.unwrap();
    assert_eq!(trash.restore(&id, &bob).await.unwrap(), changed);
    // The next deletion is another one.
    destroy(&tables, &changed).await;
    assert_eq!(trash.restore(&id, &bob).await.unwrap().title, changed.title);
}

#[tokio::test]
async fn a_note_is_not_restored_over_another_with_its_key() {
    let tables = Tables::start();
    let old = note(&tables, "a").await;
    destroy(&tables, &old).await;
    while Timestamp::now() <= old.created {}
    let new = note(&tables, "a").await;
    let taken = tables.trash().restore(&TrashId::of(&old), &username("ada")).await;
    assert!(matches!(taken, Err(WriteError::Exists(note)) if *note == new));
    destroy(&tables, &new).await;
    assert_eq!(keys(&tables.trash().page(100, None).await.unwrap()), ["a", "a"], "both are there");
    let restored = tables.trash().restore(&TrashId::of(&old), &username("ada")).await.unwrap();
    assert_eq!((restored.created, restored.version), (old.created, new.version.next()));
}

#[tokio::test]
async fn a_note_that_an_import_has_restored_meanwhile_keeps_its_place() {
    let tables = Tables::start();
    let note = note(&tables, "a").await;
    destroy(&tables, &note).await;
    let archive = Archive::new(tables.client.clone(), "Notes", BoardId::team());
    let until = Instant::now() + Duration::from_mins(1);
    let imported = archive.import(vec![Line::Note(note.clone())], &username("eve"), until).await;
    assert!(matches!(imported[..], [Ok(Imported::Created)]), "{imported:?}");
    let id = TrashId::of(&note);
    let there = tables.notes().read(&note.key).await.unwrap().unwrap();
    let taken = tables.trash().restore(&id, &username("ada")).await;
    assert!(matches!(taken, Err(WriteError::Exists(note)) if *note == there));
    // Its deletion replaces the older text in the trash.
    let changed = tables.update(&there, &draft("Newer"), &username("ada")).await.unwrap();
    destroy(&tables, &changed).await;
    assert_eq!(tables.trash().restore(&id, &username("ada")).await.unwrap().title, changed.title);
}

#[tokio::test]
async fn a_note_that_is_deleted_for_good_cannot_be_restored_and_its_versions_continue() {
    let tables = Tables::start();
    let old = note(&tables, "a").await;
    destroy(&tables, &old).await;
    let id = TrashId::of(&old);
    tables.requests();
    for _ in ["once", "again"] {
        tables.trash().delete(&id).await.unwrap();
        assert_eq!(tables.requests(), ["DeleteItem Notes"]);
    }
    let gone = tables.trash().restore(&id, &username("ada")).await;
    assert!(matches!(gone, Err(WriteError::NotFound)), "{gone:?}");
    while Timestamp::now() <= old.created {}
    let new = note(&tables, "a").await;
    assert_eq!(new.version, old.version.next());
    let gone = tables.trash().restore(&id, &username("ada")).await;
    assert!(matches!(gone, Err(WriteError::NotFound)), "{gone:?}");
}

#[tokio::test]
async fn an_expired_note_is_neither_listed_nor_restored() {
    let tables = Tables::start();
    let (early, late) = (note(&tables, "early").await, note(&tables, "late").await);
    destroy(&tables, &early).await;
    while Timestamp::now() <= late.created {}
    destroy(&tables, &late).await;
    expire(&tables, &early).await;
    let trash = tables.trash();
    for limit in [1, 100] {
        assert_eq!(keys(&trash.page(limit, None).await.unwrap()), ["late"]);
    }
    let first = trash.page(1, None).await.unwrap();
    let rest = trash.page(1, first.next.as_ref()).await.unwrap();
    assert_eq!(rest, TrashPage { notes: vec![], next: None });
    let gone = trash.restore(&TrashId::of(&early), &username("ada")).await;
    assert!(matches!(gone, Err(WriteError::NotFound)), "{gone:?}");
}

#[tokio::test]
async fn pages_have_every_note_once_newest_deletion_first_and_the_last_has_no_cursor() {
    let tables = Tables::start();
    for key in ["b", "a", "d", "c"] {
        let note = note(&tables, key).await;
        destroy(&tables, &note).await;
        while Timestamp::now() <= note.created {}
    }
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = tables.trash().page(3, cursor.as_ref()).await.unwrap();
        seen.extend(page.notes.iter().map(|note| note.id.key.to_string()));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["c", "d", "a", "b"]);
    assert_eq!(tables.trash().page(4, None).await.unwrap().next, None);
}

#[tokio::test]
async fn an_unreadable_row_does_not_hide_the_others() {
    let tables = Tables::start();
    for key in ["a", "b"] {
        destroy(&tables, &note(&tables, key).await).await;
    }
    let page = tables.trash().page(100, None).await.unwrap();
    let spoilt = page.notes[0].id.to_string();
    let key = [("board", "trash#team"), ("key", &*spoilt)];
    tables.set("Notes", &key, "deletedBy", AttributeValue::Bool(true)).await;
    assert_eq!(tables.trash().page(100, None).await.unwrap().notes, page.notes[1..]);
}

#[tokio::test]
async fn a_deleted_board_takes_its_trash_along() {
    let tables = Tables::start();
    let (board, ada) = (BoardId::generate(), username("ada"));
    let (notes, until) = (tables.notes().on(&board), Instant::now() + Duration::from_mins(1));
    for key in ["a", "b"] {
        let note = notes.create(&NoteKey::parse(key).unwrap(), &draft("A"), &ada).await.unwrap();
        notes.destroy(&note, &ada).await.unwrap();
    }
    let kept = note(&tables, "a").await;
    destroy(&tables, &kept).await;
    assert!(notes.purge(until).await.unwrap());
    let left = tables.rows("Notes").await;
    assert_eq!(left.len(), 2, "the tombstone and the trash of the other board: {left:?}");
}

#[tokio::test]
async fn the_largest_note_fits_into_the_trash() {
    let tables = Tables::start();
    let key = NoteKey::parse(&"k".repeat(NoteKey::LONGEST)).unwrap();
    let body = notes::Body::parse(&"a".repeat(notes::Body::LONGEST)).unwrap();
    let largest = Draft { body, ..draft(&"🦀".repeat(200)) };
    let note = tables.notes().create(&key, &largest, &username("ada")).await.unwrap();
    destroy(&tables, &note).await;
    let restored = tables.trash().restore(&TrashId::of(&note), &username("ada")).await.unwrap();
    assert_eq!((restored.body, restored.version), (note.body, Version::FIRST.next()));
}
