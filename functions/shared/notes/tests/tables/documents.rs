//! The texts of notes as documents: edits, merges, and writing over a text.

use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use documents::{ClientId, Document, Update};
use notes::{
    BoardId, Body, CurrentNote, Documents, Draft, Edit, EditError, Merged, Note, NoteKey, StoredEdit, Title,
    TrashId, Vector, WriteError,
};

use crate::{Tables, left, thread_of, username};

fn draft(body: &str) -> Draft {
    Draft { title: Title::parse("A").unwrap(), body: Body::parse(body).unwrap() }
}

fn edit(bytes: &[u8]) -> Edit {
    Edit::parse(&BASE64_STANDARD.encode(bytes)).unwrap()
}

/// A page of a user, with its own copy of the document.
struct Page {
    document: Document,
    username: &'static str,
    tab: u32,
}

impl Page {
    /// Opens a note that has no edits.
    fn of(note: &Note, username: &'static str) -> Self {
        Self { document: Document::seed(note.body.as_str()), username, tab: 1 }
    }

    fn rewrite(&mut self, text: &str) -> Edit {
        edit(&self.document.rewrite(text, ClientId::new(self.username, self.tab)).unwrap())
    }
}

/// A note of ada's on the board of the team.
struct Fixture {
    tables: Tables,
    note: Note,
}

impl Fixture {
    async fn with(body: &str) -> Self {
        let tables = Tables::start();
        let key = NoteKey::parse("a").unwrap();
        let note = tables.notes().create(&key, &draft(body), &username("ada")).await.unwrap();
        tables.requests();
        Self { tables, note }
    }

    fn documents(&self) -> Documents {
        self.tables.documents()
    }

    async fn append(&self, edit: &Edit, author: &str) {
        let board = BoardId::team();
        self.documents().append(&board, &self.note, edit, &username(author), None).await.unwrap();
    }

    /// Stores an edit as if that had been this many hours ago.
    async fn append_earlier(&self, edit: &Edit, author: &str, hours: u64) {
        let before = self.rows().await;
        self.append(edit, author).await;
        let id = self.rows().await.into_iter().find(|id| !before.contains(id)).unwrap();
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let client = &self.tables.client;
        let delete = client.delete_item().table_name("Edits").return_values(ReturnValue::AllOld);
        let delete = delete.key("document", text(self.note.document.as_str())).key("id", text(&id));
        let mut row = delete.send().await.unwrap().attributes.unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let earlier = uuid::Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, now - hours * 3600, 0));
        row.insert("id".to_owned(), text(&format!("e#{earlier}")));
        client.put_item().table_name("Edits").set_item(Some(row)).send().await.unwrap();
    }

    /// Merges as the function behind the stream does after an edit.
    async fn merge(&self) -> Merged {
        self.documents().merge(&self.stored_edit()).await.unwrap()
    }

    fn stored_edit(&self) -> StoredEdit {
        StoredEdit {
            document: self.note.document.clone(),
            thread: thread_of(&self.note),
            socket: None,
            update: edit(&[0, 0]),
        }
    }

    async fn stored(&self) -> Note {
        self.tables.notes().read(&self.note.key).await.unwrap().unwrap()
    }

    async fn current(&self) -> CurrentNote {
        let note = self.stored().await;
        CurrentNote::new(&note, &self.documents().open(&note).await.unwrap())
    }

    /// Returns the sort keys of the document's rows.
    async fn rows(&self) -> Vec<String> {
        let query = self.tables.client.query().table_name("Edits").key_condition_expression("document = :it");
        let it = AttributeValue::S(self.note.document.to_string());
        let rows = query.expression_attribute_values(":it", it).send().await.unwrap();
        rows.items().iter().map(|row| row["id"].as_s().unwrap().clone()).collect()
    }
}

#[tokio::test]
async fn a_note_without_edits_is_a_document_without_rows() {
    let fixture = Fixture::with("Milk\n").await;
    let opened = fixture.documents().open(&fixture.note).await.unwrap();
    assert_eq!(fixture.tables.requests(), ["Query Edits"]);
    assert_eq!(opened.body(), fixture.note.body);
    let update = BASE64_STANDARD.decode(opened.missing(&Vector::default()).unwrap()).unwrap();
    let mut page = Document::seed("");
    page.apply(&Update::parse(&update).unwrap()).unwrap();
    assert_eq!(page.text(), "Milk\n");
    assert_eq!(CurrentNote::new(&fixture.note, &opened).tag, "1");
    assert_eq!(fixture.merge().await, Merged::Nothing);
}

#[tokio::test]
async fn a_stored_edit_is_part_of_the_text_before_it_is_merged() {
    let fixture = Fixture::with("Milk").await;
    let mut bob = Page::of(&fixture.note, "bob");
    fixture.append(&bob.rewrite("Milk, eggs"), "bob").await;
    assert_eq!(fixture.tables.requests(), ["PutItem Edits"]);
    let current = fixture.current().await;
    assert_eq!(current.note.body.as_str(), "Milk, eggs");
    assert_eq!(current.note.version, fixture.note.version);
    assert!(current.tag.starts_with("1-"), "{}", current.tag);
    fixture.append(&bob.rewrite("Milk"), "bob").await;
    assert_eq!(fixture.current().await.tag, "1", "the text is as the version says");
}

#[tokio::test]
async fn a_merge_writes_text_version_and_editor_and_deletes_the_edits() {
    let fixture = Fixture::with("Milk").await;
    let (mut ada, mut bob) = (Page::of(&fixture.note, "ada"), Page::of(&fixture.note, "bob"));
    fixture.append(&ada.rewrite("Oat milk"), "ada").await;
    fixture.append(&bob.rewrite("Milk, eggs"), "bob").await;
    fixture.tables.requests();
    assert_eq!(fixture.merge().await, Merged::Into(BoardId::team()));
    assert_eq!(
        fixture.tables.requests(),
        ["GetItem Notes", "Query Edits", "TransactWriteItems Edits, Notes", "BatchWriteItem Edits"]
    );
    let note = fixture.stored().await;
    assert_eq!(note.body.as_str(), "Oat milk, eggs");
    assert_eq!((note.version, &note.editor), (fixture.note.version.next(), &username("bob")));
    assert_eq!(fixture.rows().await, ["s#000000000001#00"]);
    assert_eq!(fixture.merge().await, Merged::Nothing);

    // The next edits stay until they are many.
    let mut text = "Oat milk".to_owned();
    for count in 1..32 {
        text.insert(0, '!');
        fixture.append(&ada.rewrite(&text), "ada").await;
        fixture.tables.requests();
        assert_eq!(fixture.merge().await, Merged::Into(BoardId::team()));
        assert_eq!(fixture.tables.requests(), ["GetItem Notes", "Query Edits", "UpdateItem Notes"]);
        assert_eq!(fixture.stored().await.body.as_str(), format!("{text}, eggs"));
        assert_eq!(fixture.rows().await.len(), 1 + count);
    }
    fixture.append(&ada.rewrite("Big oat milk"), "ada").await;
    fixture.merge().await;
    assert_eq!(fixture.stored().await.body.as_str(), "Big oat milk, eggs");
    assert_eq!(fixture.rows().await, ["s#000000000002#00"]);
}

#[tokio::test]
async fn an_edit_that_is_stored_and_merged_again_changes_nothing() {
    let fixture = Fixture::with("Milk").await;
    let edit = Page::of(&fixture.note, "bob").rewrite("Milk, eggs");
    fixture.append(&edit, "bob").await;
    fixture.append(&edit, "bob").await;
    fixture.merge().await;
    let merged = fixture.stored().await;
    fixture.append(&edit, "bob").await;
    fixture.tables.requests();
    fixture.merge().await;
    assert_eq!(fixture.tables.requests(), ["GetItem Notes", "Query Edits"]);
    assert_eq!(fixture.stored().await, merged);
}

#[tokio::test]
async fn merges_at_the_same_time_do_not_lose_an_edit() {
    let fixture = Fixture::with("").await;
    let mut bob = Page::of(&fixture.note, "bob");
    for length in 1..=10 {
        fixture.append(&bob.rewrite(&"a".repeat(length)), "bob").await;
        let (one, other) = tokio::join!(fixture.merge(), fixture.merge());
        assert!([one, other].iter().any(|merged| *merged != Merged::Nothing));
    }
    assert_eq!(fixture.current().await.tag, "11");
    assert_eq!(fixture.stored().await.body.as_str(), "a".repeat(10));
}

#[tokio::test]
async fn an_edit_waits_for_the_one_that_it_depends_on() {
    let fixture = Fixture::with("").await;
    let mut bob = Page::of(&fixture.note, "bob");
    let (first, second) = (bob.rewrite("ac"), bob.rewrite("abc"));
    fixture.append(&second, "bob").await;
    fixture.merge().await;
    assert_eq!(fixture.stored().await.body.as_str(), "");
    assert_eq!(fixture.rows().await.len(), 1, "it is kept");
    fixture.append(&first, "bob").await;
    fixture.merge().await;
    assert_eq!(fixture.stored().await.body.as_str(), "abc");
    assert_eq!(fixture.rows().await, ["s#000000000001#00"]);
}

#[tokio::test]
async fn an_edit_waits_for_a_day_and_is_dropped_by_the_next_state_after_it() {
    let fixture = Fixture::with("").await;
    let [mut bob, mut cleo, mut dan] = ["bob", "cleo", "dan"].map(|name| Page::of(&fixture.note, name));
    let (_lost, late) = (bob.rewrite("b"), bob.rewrite("bb"));
    let (missing, waiting) = (cleo.rewrite("c"), cleo.rewrite("cc"));
    fixture.append_earlier(&late, "bob", 25).await;
    fixture.append_earlier(&waiting, "cleo", 23).await;
    fixture.append(&dan.rewrite("d"), "dan").await;
    fixture.merge().await;
    let rows = fixture.rows().await;
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert!(rows[0].starts_with("e#") && rows[1] == "s#000000000001#00", "{rows:?}");
    fixture.append(&missing, "cleo").await;
    let text = fixture.current().await.note.body.as_str().to_owned();
    assert!(text == "ccd" || text == "dcc", "{text}");
}

#[tokio::test]
async fn writing_over_a_text_merges_with_an_edit_in_the_same_moment() {
    for merged_before in [false, true] {
        let fixture = Fixture::with("one\ntwo\n").await;
        let mut bob = Page::of(&fixture.note, "bob");
        fixture.append(&bob.rewrite("one\ntwo\nthree\n"), "bob").await;
        if merged_before {
            fixture.merge().await;
        }
        let note = fixture.stored().await;
        let read = fixture.documents().open(&note).await.unwrap();
        fixture.append(&bob.rewrite("one\ntwo\nthree!\n"), "bob").await;
        let team = BoardId::team();
        let new = draft("ONE\ntwo\nthree\n");
        let written = fixture.documents().write(&team, &note, read, &new, &username("ada")).await.unwrap();
        assert_eq!(written.version, note.version.next());
        assert_eq!(fixture.current().await.note.body.as_str(), "ONE\ntwo\nthree!\n");
        fixture.merge().await;
        assert_eq!(fixture.stored().await.body.as_str(), "ONE\ntwo\nthree!\n");
    }
}

#[tokio::test]
async fn a_merge_in_the_meantime_does_not_make_a_writer_stale() {
    let fixture = Fixture::with("one\n").await;
    let mut bob = Page::of(&fixture.note, "bob");
    fixture.append(&bob.rewrite("one\ntwo\n"), "bob").await;
    let read = fixture.documents().open(&fixture.note).await.unwrap();
    fixture.merge().await;
    let new = draft("ONE\ntwo\n");
    let team = BoardId::team();
    let written =
        fixture.documents().write(&team, &fixture.note, read, &new, &username("ada")).await.unwrap();
    assert_eq!(written.version.get(), 3);
    assert_eq!(fixture.current().await.note.body.as_str(), "ONE\ntwo\n");
}

#[tokio::test]
async fn a_writer_over_a_text_that_has_changed_is_stale() {
    let fixture = Fixture::with("one\n").await;
    let read = fixture.documents().open(&fixture.note).await.unwrap();
    let team = BoardId::team();
    fixture.append(&Page::of(&fixture.note, "bob").rewrite("one\ntwo\n"), "bob").await;
    fixture.merge().await;
    let written =
        fixture.documents().write(&team, &fixture.note, read, &draft("ONE\n"), &username("ada")).await;
    let Err(WriteError::Stale(current)) = written else { panic!("{written:?}") };
    assert_eq!((current.note.body.as_str(), &*current.tag), ("one\ntwo\n", "2"));
}

#[tokio::test]
async fn going_back_to_the_first_text_is_an_edit_like_any_other() {
    let fixture = Fixture::with("one").await;
    let mut bob = Page::of(&fixture.note, "bob");
    fixture.append(&bob.rewrite("one two"), "bob").await;
    let read = fixture.documents().open(&fixture.note).await.unwrap();
    let team = BoardId::team();
    fixture.documents().write(&team, &fixture.note, read, &draft("one"), &username("ada")).await.unwrap();
    assert_eq!(fixture.current().await.note.body.as_str(), "one");
    fixture.merge().await;
    assert_eq!(fixture.current().await.note.body.as_str(), "one");
}

#[tokio::test]
async fn edits_in_the_name_of_somebody_else_are_refused() {
    let fixture = Fixture::with("Milk").await;
    let edit = Page::of(&fixture.note, "bob").rewrite("Milk, eggs");
    let team = BoardId::team();
    let refused = fixture.documents().append(&team, &fixture.note, &edit, &username("eve"), None).await;
    assert!(matches!(refused, Err(EditError::NotYours)));
    assert_eq!(fixture.rows().await, [""; 0]);
}

#[tokio::test]
async fn a_full_note_takes_no_text_but_lets_some_be_deleted() {
    let slack = 16 * 1024;
    let fixture = Fixture::with(&"a".repeat(Body::LONGEST)).await;
    let team = BoardId::team();
    let grown = |by: usize| Page::of(&fixture.note, "bob").rewrite(&"a".repeat(Body::LONGEST + by));
    fixture.append(&grown(slack), "bob").await;
    let refused =
        fixture.documents().append(&team, &fixture.note, &grown(slack + 1), &username("bob"), None).await;
    assert!(matches!(refused, Err(EditError::Full)));
    fixture.merge().await;
    assert_eq!(fixture.stored().await.body.as_str().len(), Body::LONGEST, "the note has the beginning");
    fixture.append(&Page::of(&fixture.note, "eve").rewrite("b"), "eve").await;
    fixture.merge().await;
    assert_eq!(fixture.stored().await.body.as_str(), format!("{}b", "a".repeat(slack)));
}

#[tokio::test]
async fn the_edits_of_a_moved_note_are_merged_where_it_is_now() {
    let fixture = Fixture::with("Milk").await;
    let notes = fixture.tables.notes();
    let edit = Page::of(&fixture.note, "bob").rewrite("Milk, eggs");
    let board = BoardId::generate();
    let moved = notes.move_to(&fixture.note, fixture.note.version, &board, &username("ada")).await.unwrap();
    assert_eq!(moved.document, fixture.note.document);
    fixture.append(&edit, "bob").await;
    assert_eq!(fixture.merge().await, Merged::Into(board.clone()));
    let note = notes.on(&board).read(&fixture.note.key).await.unwrap().unwrap();
    assert_eq!(note.body.as_str(), "Milk, eggs");
}

#[tokio::test]
async fn the_document_of_a_note_in_the_trash_stays_and_late_edits_are_merged() {
    let fixture = Fixture::with("Milk").await;
    let (mut bob, trash) = (Page::of(&fixture.note, "bob"), fixture.tables.trash());
    for merged_before in [false, true] {
        let note = fixture.stored().await;
        fixture.append(&bob.rewrite(&format!("Milk, eggs {merged_before}")), "bob").await;
        if merged_before {
            fixture.merge().await;
        }
        let note = if merged_before { fixture.stored().await } else { note };
        fixture.tables.notes().destroy(&note, &username("ada")).await.unwrap();
        let listed = trash.page(1, None).await.unwrap();
        fixture.append(&bob.rewrite(&format!("Oat milk, eggs {merged_before}")), "bob").await;
        assert_eq!(fixture.merge().await, Merged::IntoTrash);
        fixture.tables.contents().settle(&left(&note)).await.unwrap();
        assert_eq!(trash.page(1, None).await.unwrap(), listed, "the time of the deletion stays");

        let restored = trash.restore(&TrashId::of(&note), &username("ada")).await.unwrap();
        assert_eq!(restored.body.as_str(), format!("Oat milk, eggs {merged_before}"));
        assert!(restored.version > note.version);
        assert_eq!(fixture.current().await.tag, restored.version.to_string());
    }
    // An open page goes on with the same document.
    fixture.append(&bob.rewrite("Bread"), "bob").await;
    assert_eq!(fixture.merge().await, Merged::Into(BoardId::team()));
    assert_eq!(fixture.stored().await.body.as_str(), "Bread");
}

#[tokio::test]
async fn an_edit_that_is_merged_after_its_note_was_restored_is_not_lost() {
    let fixture = Fixture::with("Milk").await;
    fixture.append(&Page::of(&fixture.note, "bob").rewrite("Milk, eggs"), "bob").await;
    fixture.tables.notes().destroy(&fixture.note, &username("ada")).await.unwrap();
    fixture.tables.trash().restore(&TrashId::of(&fixture.note), &username("ada")).await.unwrap();
    assert_eq!(fixture.current().await.note.body.as_str(), "Milk, eggs");
    assert_eq!(fixture.merge().await, Merged::Into(BoardId::team()));
    assert_eq!(fixture.stored().await.body.as_str(), "Milk, eggs");
}

#[tokio::test]
async fn the_document_of_a_note_that_is_gone_for_good_is_deleted_with_late_edits() {
    let fixture = Fixture::with("Milk").await;
    let mut bob = Page::of(&fixture.note, "bob");
    fixture.append(&bob.rewrite("Milk, eggs"), "bob").await;
    fixture.merge().await;
    let note = fixture.stored().await;
    fixture.tables.notes().destroy(&note, &username("ada")).await.unwrap();
    fixture.tables.trash().delete(&TrashId::of(&note)).await.unwrap();
    fixture.tables.contents().settle(&left(&note)).await.unwrap();
    assert_eq!(fixture.rows().await, [""; 0]);
    fixture.append(&bob.rewrite("Milk"), "bob").await;
    assert_eq!(fixture.merge().await, Merged::NoNote);
    fixture.tables.contents().settle_document(&fixture.stored_edit().note()).await.unwrap();
    assert_eq!(fixture.rows().await, [""; 0]);

    // Another note under the same key begins with its own text.
    let again = fixture.tables.notes().create(&note.key, &draft("Bread"), &username("ada")).await.unwrap();
    assert_ne!(again.document, note.document);
    assert_eq!(fixture.documents().open(&again).await.unwrap().body().as_str(), "Bread");
}
