//! Links by title: rows of the notes that have them, read in pages.

use notes::{BacklinkPage, BoardId, Body, LinkChanges, Note, NoteKey, Title};

use crate::{Tables, note};

fn keys(page: &BacklinkPage) -> Vec<&str> {
    page.links.iter().map(|link| link.key.as_str()).collect()
}

async fn store(tables: &Tables, note: &Note, changes: &LinkChanges) {
    tables.links().store(&BoardId::team(), &note.key, changes).await.unwrap();
}

#[tokio::test]
async fn links_are_read_in_pages_of_their_notes() {
    let tables = Tables::start();
    let (board, title) = (BoardId::team(), Title::parse("Target").unwrap());
    let body = Body::parse("[[target]]").unwrap();
    let linking = Note { body, ..note(&tables, "a").await };
    for key in ["b", "c", "a"] {
        let linking = Note { key: NoteKey::parse(key).unwrap(), ..linking.clone() };
        // A repetition changes nothing.
        for _ in 0..2 {
            store(&tables, &linking, &LinkChanges::of(None, Some(&linking))).await;
        }
    }
    let links = tables.links();
    let first = links.page(&board, &title, 2, None).await.unwrap();
    assert_eq!((keys(&first), first.next.as_ref().map(NoteKey::as_str)), (vec!["a", "b"], Some("b")));
    let last = links.page(&board, &title, 2, first.next.as_ref()).await.unwrap();
    assert_eq!((keys(&last), &last.next), (vec!["c"], &None));
    let other = links.page(&BoardId::generate(), &title, 2, None).await.unwrap();
    assert_eq!(keys(&other), [""; 0]);
}

#[tokio::test]
async fn a_change_writes_only_the_links_that_change_25_at_a_time() {
    let tables = Tables::start();
    let linking = note(&tables, "a").await;
    let with = |count: usize| {
        let text: Vec<_> = (0..count).map(|n| format!("[[{n:03}]]")).collect();
        Note { body: Body::parse(&text.concat()).unwrap(), ..linking.clone() }
    };
    tables.requests();
    store(&tables, &linking, &LinkChanges::of(Some(&with(30)), Some(&with(30)))).await;
    assert_eq!(tables.requests(), [""; 0]);
    store(&tables, &linking, &LinkChanges::of(Some(&with(30)), Some(&with(31)))).await;
    assert_eq!(tables.requests(), ["BatchWriteItem Edits"]);
    store(&tables, &linking, &LinkChanges::of(None, Some(&with(30)))).await;
    assert_eq!(tables.requests(), ["BatchWriteItem Edits"; 2]);
    store(&tables, &linking, &LinkChanges::of(Some(&with(31)), None)).await;
    assert_eq!(tables.requests(), ["BatchWriteItem Edits"; 2]);
    assert_eq!(tables.rows("Edits").await, []);
}
