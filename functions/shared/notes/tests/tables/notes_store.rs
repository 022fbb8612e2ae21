//! Notes and their titles, and the effect of writes on both.

use std::collections::HashSet;

use aws_sdk_dynamodb::types::AttributeValue;
use notes::{BoardId, Body, Cursor, Draft, Note, NoteKey, Timestamp, Title, TitlePage, Version, WriteError};

use crate::{Tables, username};

fn key(text: &str) -> NoteKey {
    NoteKey::parse(text).unwrap()
}

fn draft(title: &str) -> Draft {
    Draft { title: Title::parse(title).unwrap(), body: Body::parse("What it says.").unwrap() }
}

fn titles(page: &TitlePage) -> Vec<&str> {
    page.notelist.iter().map(|row| row.title.as_str()).collect()
}

/// Creates notes, each in a different millisecond.
async fn create_in_order(tables: &Tables, keys: &[&str]) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for text in keys {
        while notes.last().is_some_and(|last| last.updated >= Timestamp::now()) {}
        notes.push(tables.notes().create(&key(text), &draft(text), &username("ada")).await.unwrap());
    }
    notes
}

#[tokio::test]
async fn a_new_note_is_read_as_written() {
    let tables = Tables::start();
    let notes = tables.notes();
    let before = Timestamp::now();
    let note = notes.create(&key("a"), &draft("A"), &username("ada")).await.unwrap();
    assert_eq!(tables.requests(), ["PutItem Notes"]);
    assert_eq!(
        (note.version, &note.author, &note.editor),
        (Version::FIRST, &username("ada"), &username("ada"))
    );
    assert!(note.created == note.updated && note.created >= before && note.created <= Timestamp::now());
    assert_eq!(notes.read(&key("a")).await.unwrap(), Some(note));
    assert_eq!(tables.requests(), ["GetItem Notes"]);
    assert_eq!(notes.read(&key("b")).await.unwrap(), None);
}

#[tokio::test]
async fn a_taken_key_is_refused_with_the_existing_note() {
    let tables = Tables::start();
    let notes = tables.notes();
    let note = notes.create(&key("a"), &draft("A"), &username("ada")).await.unwrap();
    tables.requests();
    let error = notes.create(&key("a"), &draft("B"), &username("bob")).await.unwrap_err();
    assert!(matches!(error, WriteError::Exists(taken) if *taken == note));
    assert_eq!(tables.requests(), ["PutItem Notes"]);
    assert_eq!(notes.read(&key("a")).await.unwrap(), Some(note));
}

#[tokio::test]
async fn an_update_keeps_author_and_creation_time_and_increments_the_version() {
    let tables = Tables::start();
    let notes = tables.notes();
    let old = notes.create(&key("a"), &draft("A"), &username("ada")).await.unwrap();
    tables.requests();
    let new = tables.update(&old, &draft("B"), &username("bob")).await.unwrap();
    assert_eq!(tables.requests(), ["Query Edits", "TransactWriteItems Notes"]);
    let Draft { title, body } = draft("B");
    let expected = Note {
        title,
        body,
        editor: username("bob"),
        version: old.version.next(),
        updated: new.updated,
        listed: new.updated,
        ..old
    };
    assert!(new.updated >= new.created);
    assert_eq!(new, expected);
    assert_eq!(notes.read(&key("a")).await.unwrap(), Some(new));
}

#[tokio::test]
async fn a_stale_version_is_refused_with_the_current_note() {
    let tables = Tables::start();
    let notes = tables.notes();
    let old = notes.create(&key("a"), &draft("A"), &username("ada")).await.unwrap();
    let read = tables.documents().open(&old).await.unwrap();
    let new = tables.update(&old, &draft("B"), &username("ada")).await.unwrap();
    let update = tables.documents().write(&BoardId::team(), &old, read, &draft("C"), &username("bob")).await;
    assert!(matches!(update, Err(WriteError::Stale(current)) if current.note == new));
    tables.requests();
    for version in [old.version, new.version.next()] {
        let destroy = notes.destroy(&Note { version, ..new.clone() }, &username("bob")).await;
        assert!(matches!(destroy, Err(WriteError::Stale(current)) if current.note == new));
    }
    assert_eq!(tables.requests(), ["TransactWriteItems Notes", "GetItem Notes"].repeat(2));
    assert_eq!(notes.read(&key("a")).await.unwrap(), Some(new));
}

#[tokio::test]
async fn the_last_title_wins_and_nothing_else_of_the_note_changes() {
    let tables = Tables::start();
    let notes = tables.notes();
    let old = notes.create(&key("a"), &draft("A"), &username("ada")).await.unwrap();
    let text = Draft { body: Body::parse("Another text.").unwrap(), ..draft("A") };
    let new = tables.update(&old, &text, &username("ada")).await.unwrap();
    tables.requests();
    let renamed = notes.rename(&old, &draft("B").title, &username("bob")).await.unwrap();
    assert_eq!(
        tables.requests(),
        ["UpdateItem Notes", "UpdateItem Notes"],
        "once for the version that was known"
    );
    let expected = Note {
        title: draft("B").title,
        editor: username("bob"),
        version: new.version.next(),
        updated: renamed.updated,
        listed: renamed.updated,
        ..new
    };
    assert_eq!(renamed, expected);
    assert_eq!(notes.read(&key("a")).await.unwrap(), Some(renamed.clone()));
    notes.destroy(&renamed, &username("ada")).await.unwrap();
    let renamed = notes.rename(&old, &draft("C").title, &username("bob")).await;
    assert!(matches!(renamed, Err(WriteError::NotFound)));
}

#[tokio::test]
async fn of_two_concurrent_editors_one_wins_and_the_other_gets_a_conflict() {
    let tables = Tables::start();
    let notes = tables.notes();
    let note = notes.create(&key("a"), &draft("A"), &username("ada")).await.unwrap();
    let (b, c) = (draft("B"), draft("C"));
    let (ada, bob) = (username("ada"), username("bob"));
    let (one, other) = tokio::join!(tables.update(&note, &b, &ada), tables.update(&note, &c, &bob));
    let (winner, loser) = if one.is_ok() { (one, other) } else { (other, one) };
    let winner = winner.unwrap();
    assert!(matches!(loser, Err(WriteError::Stale(current)) if current.note == winner));
}

#[tokio::test]
async fn updating_a_missing_note_does_not_create_it() {
    let tables = Tables::start();
    let notes = tables.notes();
    let elsewhere = notes.on(&BoardId::generate());
    let note = elsewhere.create(&key("a"), &draft("A"), &username("ada")).await.unwrap();
    let update = tables.update(&note, &draft("A"), &username("ada")).await;
    assert!(matches!(update, Err(WriteError::NotFound)));
    assert!(matches!(notes.destroy(&note, &username("ada")).await, Err(WriteError::NotFound)));
    assert_eq!(notes.read(&key("a")).await.unwrap(), None);
}

#[tokio::test]
async fn a_deleted_note_disappears_from_the_list() {
    let tables = Tables::start();
    let notes = tables.notes();
    let created = create_in_order(&tables, &["a", "b"]).await;
    tables.requests();
    notes.destroy(&created[0], &username("ada")).await.unwrap();
    assert_eq!(tables.requests(), ["TransactWriteItems Notes"]);
    assert_eq!(notes.read(&key("a")).await.unwrap(), None);
    assert_eq!(titles(&notes.titles(100, None).await.unwrap()), ["b"]);
}

#[tokio::test]
async fn an_update_time_never_goes_back_when_clocks_differ() {
    let tables = Tables::start();
    let notes = tables.notes();
    let note = notes.create(&key("a"), &draft("A"), &username("ada")).await.unwrap();
    let ahead = note.updated.saturating_add(std::time::Duration::from_hours(1));
    let row = [("board", BoardId::team().as_str().to_owned()), ("key", "a".to_owned())];
    let row: Vec<(&str, &str)> = row.iter().map(|(name, value)| (*name, value.as_str())).collect();
    tables.set("Notes", &row, "updated", AttributeValue::S(ahead.to_string())).await;
    let read = notes.read(&key("a")).await.unwrap().unwrap();
    let new = tables.update(&read, &draft("B"), &username("ada")).await.unwrap();
    assert_eq!((new.updated, new.version), (ahead, note.version.next()));
}

#[tokio::test]
async fn the_list_shows_the_newest_change_first() {
    let tables = Tables::start();
    let notes = tables.notes();
    let created = create_in_order(&tables, &["b", "c", "a"]).await;
    assert_eq!(titles(&notes.titles(100, None).await.unwrap()), ["a", "c", "b"]);
    while created[2].updated >= Timestamp::now() {}
    tables.update(&created[0], &draft("b, changed"), &username("ada")).await.unwrap();
    tables.requests();
    assert_eq!(titles(&notes.titles(100, None).await.unwrap()), ["b, changed", "a", "c"]);
    assert_eq!(tables.requests(), ["Query Notes/index/by-listed"]);
}

#[tokio::test]
async fn a_save_that_the_list_does_not_show_writes_no_row_of_its_index() {
    let tables = Tables::start();
    let notes = tables.notes();
    let created = create_in_order(&tables, &["a", "b"]).await;
    let longer = Draft { body: Body::parse("What it says now.").unwrap(), ..draft("a") };
    let list = notes.titles(100, None).await.unwrap();
    while created[1].updated >= Timestamp::now() {}
    let saved = tables.update(&created[0], &longer, &username("ada")).await.unwrap();
    assert!(saved.updated > saved.listed);
    assert_eq!(notes.titles(100, None).await.unwrap(), list);

    // After two minutes, the next save counts as a change.
    let earlier = saved.listed.as_second() - 120;
    let earlier = AttributeValue::S(Timestamp::from_second(earlier).unwrap().to_string());
    let team = BoardId::team();
    tables.set("Notes", &[("board", team.as_str()), ("key", "a")], "listed", earlier).await;
    let saved = notes.read(&key("a")).await.unwrap().unwrap();
    let saved = tables.update(&saved, &longer, &username("ada")).await.unwrap();
    assert_eq!(saved.listed, saved.updated);
    assert_eq!(titles(&notes.titles(100, None).await.unwrap()), ["a", "b"]);
}

#[tokio::test]
async fn a_title_row_names_the_last_editor() {
    let tables = Tables::start();
    let notes = tables.notes();
    let created = create_in_order(&tables, &["a"]).await;
    tables.update(&created[0], &draft("a, changed"), &username("bob")).await.unwrap();
    assert_eq!(notes.titles(100, None).await.unwrap().notelist[0].editor, username("bob"));
}

#[tokio::test]
async fn pages_have_every_note_once_and_the_last_has_no_cursor() {
    let tables = Tables::start();
    let notes = tables.notes();
    create_in_order(&tables, &["a", "b", "c", "d"]).await;
    let first = notes.titles(2, None).await.unwrap();
    assert_eq!(titles(&first), ["d", "c"]);
    // The client has a string.
    let cursor = Cursor::parse(&first.next.unwrap().to_string()).unwrap();
    let last = notes.titles(2, Some(&cursor)).await.unwrap();
    assert_eq!(titles(&last), ["b", "a"]);
    assert_eq!(last.next, None);
}

#[tokio::test]
async fn notes_of_one_millisecond_are_all_listed() {
    let tables = Tables::start();
    let notes = tables.notes();
    let keys: HashSet<String> = (0..7).map(|number| format!("note-{number}")).collect();
    let moment = AttributeValue::S(Timestamp::now().to_string());
    for text in &keys {
        notes.create(&key(text), &draft(text), &username("ada")).await.unwrap();
        let board = BoardId::team();
        tables.set("Notes", &[("board", board.as_str()), ("key", text)], "listed", moment.clone()).await;
    }
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let page = notes.titles(2, cursor.as_ref()).await.unwrap();
        seen.extend(page.notelist.into_iter().map(|row| row.key.to_string()));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen.len(), keys.len());
    assert_eq!(seen.into_iter().collect::<HashSet<_>>(), keys);
}

#[tokio::test]
async fn a_page_after_a_deleted_note_continues_at_its_position() {
    let tables = Tables::start();
    let notes = tables.notes();
    let created = create_in_order(&tables, &["a", "b", "c"]).await;
    let first = notes.titles(1, None).await.unwrap();
    notes.destroy(&created[2], &username("ada")).await.unwrap();
    assert_eq!(titles(&notes.titles(1, first.next.as_ref()).await.unwrap()), ["b"]);
}

#[tokio::test]
async fn an_unreadable_title_does_not_hide_the_others() {
    let tables = Tables::start();
    let notes = tables.notes();
    create_in_order(&tables, &["a", "b"]).await;
    let board = BoardId::team();
    for attribute in ["title", "editor"] {
        tables
            .set("Notes", &[("board", board.as_str()), ("key", "a")], attribute, AttributeValue::Bool(true))
            .await;
        assert_eq!(titles(&notes.titles(100, None).await.unwrap()), ["b"]);
        assert!(notes.read(&key("a")).await.is_err());
    }
}

#[tokio::test]
async fn notes_are_counted_without_reading_them() {
    let tables = Tables::start();
    let notes = tables.notes();
    assert_eq!(notes.count().await.unwrap(), 0);
    create_in_order(&tables, &["a", "b", "c"]).await;
    tables.requests();
    assert_eq!(notes.count().await.unwrap(), 3);
    assert_eq!(tables.requests(), ["Query Notes/index/by-listed"]);
}

#[tokio::test]
async fn a_board_of_several_pages_is_counted_to_its_end() {
    let tables = Tables::start();
    let notes = tables.notes();
    // About 1,000 titles of 800 bytes are 1 MB, at which a query stops.
    let (ada, long) = (username("ada"), draft(&"🦀".repeat(200)));
    for _ in 0..1_300 {
        notes.create(&NoteKey::generate(), &long, &ada).await.unwrap();
    }
    tables.requests();
    assert_eq!(notes.count().await.unwrap(), 1_300);
    assert!(tables.requests().len() > 1);
}

#[tokio::test]
async fn the_largest_note_can_be_stored() {
    let tables = Tables::start();
    let notes = tables.notes();
    let title = Title::parse(&"🦀".repeat(200)).unwrap();
    let body = Body::parse(&"ä".repeat(Body::LONGEST / 2)).unwrap();
    let key = key(&"k".repeat(NoteKey::LONGEST));
    let note = notes.create(&key, &Draft { title, body }, &username("ada")).await.unwrap();
    assert_eq!(notes.read(&key).await.unwrap(), Some(note));
}

#[tokio::test]
async fn the_error_of_a_missing_table_contains_no_note() {
    let tables = Tables::start();
    let notes = notes::NotesStore::new(tables.client.clone(), "Nowhere", BoardId::team());
    let error = notes.create(&key("a"), &draft("A"), &username("ada")).await.unwrap_err();
    assert!(error.to_string().contains("ResourceNotFoundException"), "{error}");
    assert!(!error.to_string().contains("What it says."), "{error}");
}

#[tokio::test]
async fn versions_of_a_key_continue_after_its_note_is_deleted() {
    let tables = Tables::start();
    let notes = tables.notes();
    let (ada, bob) = (username("ada"), username("bob"));
    let old = notes.create(&key("a"), &draft("A"), &ada).await.unwrap();
    let old = tables.update(&old, &draft("B"), &ada).await.unwrap();
    notes.destroy(&old, &ada).await.unwrap();
    for version in [Version::FIRST, old.version, old.version.next()] {
        let update = tables.update(&Note { version, ..old.clone() }, &draft("C"), &ada).await;
        assert!(matches!(update, Err(WriteError::NotFound)), "{update:?}");
        let destroy = notes.destroy(&Note { version, ..old.clone() }, &ada).await;
        assert!(matches!(destroy, Err(WriteError::NotFound)), "{destroy:?}");
    }
    tables.requests();
    let new = notes.create(&key("a"), &draft("D"), &bob).await.unwrap();
    assert_eq!(tables.requests(), ["PutItem Notes"; 2]);
    assert_eq!((new.version, &new.author), (old.version.next(), &bob));
    assert!(new.created >= old.updated);
    let stale = tables.update(&old, &draft("C"), &ada).await;
    assert!(matches!(stale, Err(WriteError::Stale(current)) if current.note == new));
    assert_eq!(notes.count().await.unwrap(), 1);
    assert_eq!(
        tables.rows("Notes").await.len(),
        2,
        "it replaces the tombstone, beside the old note in the trash"
    );
}

#[tokio::test]
async fn of_two_concurrent_creations_under_a_deleted_key_one_wins() {
    let tables = Tables::start();
    let notes = tables.notes();
    let note = notes.create(&key("a"), &draft("A"), &username("ada")).await.unwrap();
    notes.destroy(&note, &username("ada")).await.unwrap();
    let (k, b, c) = (key("a"), draft("B"), draft("C"));
    let (ada, bob) = (username("ada"), username("bob"));
    let (one, other) = tokio::join!(notes.create(&k, &b, &ada), notes.create(&k, &c, &bob));
    let (winner, loser) = if one.is_ok() { (one, other) } else { (other, one) };
    let winner = winner.unwrap();
    assert_eq!(winner.version, note.version.next());
    assert!(matches!(loser, Err(WriteError::Exists(taken)) if *taken == winner));
}
