//! The history of notes: earlier texts, until they expire or the note is gone for good.

use std::time::Duration;

use aws_sdk_dynamodb::types::AttributeValue;
use notes::{Body, DocumentId, History, HistoryPage, Note, Timestamp, Version};

use crate::{Tables, draft, left, note, username};

/// Returns a note with the next version and another text, an hour later.
fn changed(note: &Note, body: &str) -> Note {
    Note {
        version: note.version.next(),
        body: Body::parse(body).unwrap(),
        updated: note.updated.saturating_add(Duration::from_hours(1)),
        ..note.clone()
    }
}

/// Stores what a change of a note replaces.
async fn store(tables: &Tables, old: &Note, new: &Note) {
    let past = tables.history().replaced(old, new).unwrap();
    tables.history().store(&old.document, &past).await.unwrap();
}

/// Stores versions 1 to `count` of a note.
async fn with_versions(tables: &Tables, count: u64, body: &str) -> Note {
    let mut note = Note { body: Body::parse(body).unwrap(), ..note(tables, "a").await };
    for version in 1..=count {
        let next = changed(&note, &format!("{body}{version}"));
        store(tables, &note, &next).await;
        note = next;
    }
    note
}

fn numbers(page: &HistoryPage) -> Vec<u64> {
    page.versions.iter().map(|version| version.version.get()).collect()
}

fn version(number: u64) -> Version {
    Version::new(number).unwrap()
}

#[tokio::test]
async fn an_earlier_text_is_kept_with_its_title_editor_and_time() {
    let tables = Tables::start();
    let note = Note { body: Body::parse("Milk").unwrap(), ..note(&tables, "a").await };
    store(&tables, &note, &changed(&note, "Bread")).await;
    // A repetition changes nothing.
    store(&tables, &note, &changed(&note, "Bread")).await;
    tables.requests();

    let page = tables.history().page(&note.document, 50, None).await.unwrap();
    assert_eq!(tables.requests(), ["Query Edits"]);
    let [row] = &page.versions[..] else { panic!("{page:?}") };
    assert_eq!((row.version, &row.title, &row.editor), (note.version, &note.title, &note.editor));
    assert_eq!((row.updated, page.next), (note.updated, None));

    let past = tables.history().find(&note.document, note.version).await.unwrap().unwrap();
    assert_eq!(tables.requests(), ["GetItem Edits"]);
    assert_eq!((past.version, past.title, past.body), (note.version, note.title.clone(), note.body.clone()));
    assert_eq!((past.editor, past.updated), (note.editor.clone(), note.updated));
    assert_eq!(tables.history().find(&note.document, version(2)).await.unwrap(), None);
    let other = DocumentId::generate();
    assert_eq!(tables.history().find(&other, note.version).await.unwrap(), None);
    assert!(tables.history().page(&other, 50, None).await.unwrap().versions.is_empty());
    // The text itself does not see these rows.
    assert_eq!(tables.documents().open(&note).await.unwrap().body(), note.body);
}

#[tokio::test]
async fn a_history_has_pages_newest_first_however_long_the_texts_are() {
    let tables = Tables::start();
    // More than a megabyte, which is what a query reads at once.
    let note = with_versions(&tables, 12, &"a".repeat(200_000)).await;
    let history = tables.history();
    let mut seen = Vec::new();
    let mut cursor = None;
    for (length, more) in [(5, true), (5, true), (2, false)] {
        let page = history.page(&note.document, 5, cursor).await.unwrap();
        assert_eq!((page.versions.len(), page.next.is_some()), (length, more));
        seen.extend(numbers(&page));
        cursor = page.next;
    }
    assert_eq!(seen, (1..=12).rev().collect::<Vec<_>>());
    assert_eq!(history.page(&note.document, 12, None).await.unwrap().next, None);
}

#[tokio::test]
async fn a_text_that_has_expired_is_gone_also_if_its_row_is_still_there() {
    let tables = Tables::start();
    let note = with_versions(&tables, 2, "Milk").await;
    let key = [("document", &*format!("history#{}", note.document)), ("id", "v#00000000000000000002")];
    let past = AttributeValue::N((Timestamp::now().as_second() - 1).to_string());
    tables.set("Edits", &key, "expires", past).await;
    assert_eq!(numbers(&tables.history().page(&note.document, 50, None).await.unwrap()), [1]);
    assert_eq!(tables.history().find(&note.document, version(2)).await.unwrap(), None);
    assert!(tables.history().find(&note.document, version(1)).await.unwrap().is_some());
}

#[tokio::test]
async fn an_unreadable_row_does_not_hide_the_others() {
    let tables = Tables::start();
    let note = with_versions(&tables, 2, "Milk").await;
    let key = [("document", &*format!("history#{}", note.document)), ("id", "v#00000000000000000002")];
    tables.set("Edits", &key, "editor", AttributeValue::N("7".into())).await;
    assert_eq!(numbers(&tables.history().page(&note.document, 50, None).await.unwrap()), [1]);
}

#[tokio::test]
async fn a_text_is_kept_for_its_time_from_the_change_on() {
    let tables = Tables::start();
    let noon = Timestamp::parse("2026-11-23T12:00:00.000Z").unwrap();
    let note = Note { body: Body::parse("Milk").unwrap(), updated: noon, ..note(&tables, "a").await };
    let new = changed(&note, "Bread");
    let past = tables.history().replaced(&note, &new).unwrap();
    let week = Duration::from_hours(7 * 24);
    let kept = new.updated.until(past.expires);
    assert!((week..week + Duration::from_secs(1)).contains(&kept), "{kept:?}");
    let short = History::new(tables.client.clone(), "Edits").keeping(1).replaced(&note, &new).unwrap();
    assert!(short.expires < past.expires);
    assert_eq!(History::new(tables.client.clone(), "Edits").keeping(0).replaced(&note, &new), None);
}

#[tokio::test]
async fn a_history_goes_with_its_note_when_that_is_gone_for_good() {
    let tables = Tables::start();
    let old = Note { body: Body::parse("Milk").unwrap(), ..note(&tables, "a").await };
    store(&tables, &old, &changed(&old, "Bread")).await;
    let current = tables.update(&old, &draft("A"), &username("ada")).await.unwrap();
    tables.notes().destroy(&current, &username("ada")).await.unwrap();
    tables.contents().settle(&left(&current)).await.unwrap();
    assert_eq!(numbers(&tables.history().page(&old.document, 50, None).await.unwrap()), [1], "in the trash");
    tables.trash().delete(&notes::TrashId::of(&current)).await.unwrap();
    tables.contents().settle(&left(&current)).await.unwrap();
    assert_eq!(tables.rows("Edits").await, [], "gone for good");
}
