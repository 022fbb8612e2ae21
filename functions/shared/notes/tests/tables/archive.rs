//! The archive: notes with their comments, exported as lines and imported again.

use std::time::{Duration, Instant};

use aws_sdk_dynamodb::types::AttributeValue;
use notes::{
    Archive, ArchiveCursor, ArchivePage, ArchivedComment, BoardId, Body, Comment, CommentId, DocumentId,
    Imported, Line, Message, NotReached, Note, NoteKey, Refusal, Timestamp, Title, Version,
};

use crate::{Tables, draft, thread_of, username};

fn archive(tables: &Tables) -> Archive {
    Archive::new(tables.client.clone(), "Notes", BoardId::team())
}

fn note(key: &str, body: &str) -> Note {
    Note {
        key: NoteKey::parse(key).unwrap(),
        title: Title::parse("A title").unwrap(),
        body: Body::parse(body).unwrap(),
        author: username("ada"),
        editor: username("bob"),
        version: Version::new(7).unwrap(),
        created: Timestamp::parse("2026-01-02T03:04:05.678Z").unwrap(),
        updated: Timestamp::parse("2026-02-03T04:05:06.789Z").unwrap(),
        listed: Timestamp::parse("2026-02-03T04:05:06.789Z").unwrap(),
        document: DocumentId::generate(),
        importer: None,
    }
}

fn comment_line(note: &Note, number: u32, message: &str) -> Line {
    let comment = Comment {
        id: CommentId::parse(&format!("{}-7c4b-9d52-{number:012}", made(note.created))).unwrap(),
        key: note.key.clone(),
        author: username("carol"),
        message: Message::parse(message).unwrap(),
        created: note.created,
        importer: None,
    };
    Line::Comment(ArchivedComment { comment, note_created: note.created })
}

/// Returns the beginning of ids that are created at this time, in seconds.
fn made(moment: Timestamp) -> String {
    let milliseconds = format!("{:012x}", moment.as_second() * 1000);
    format!("{}-{}", &milliseconds[..8], &milliseconds[8..])
}

/// Returns lines as an export has them after eve has imported them.
fn by_eve(lines: &[Line]) -> Vec<Line> {
    let eve = Some(username("eve"));
    let imported = |line: &Line| match line.clone() {
        Line::Note(note) => Line::Note(Note { importer: eve.clone(), ..note }),
        Line::Comment(mut archived) => {
            archived.comment.importer.clone_from(&eve);
            Line::Comment(archived)
        }
    };
    lines.iter().map(imported).collect()
}

/// Imports lines, with enough time.
async fn import(tables: &Tables, lines: &[Line]) -> Vec<Imported> {
    let until = Instant::now() + Duration::from_mins(1);
    let outcomes = archive(tables).import(lines.to_vec(), &username("eve"), until).await;
    outcomes.into_iter().map(Result::unwrap).collect()
}

/// Returns the text of an export after eve has imported these lines.
fn text(lines: &[Line]) -> String {
    let lines = by_eve(lines);
    lines.iter().map(|line| serde_json::to_string(line).unwrap() + "\n").collect()
}

/// Returns the text of all pages, and the number of pages.
async fn export(tables: &Tables) -> (String, usize) {
    let (mut lines, mut pages, mut from) = (String::new(), 0, None);
    loop {
        let page = archive(tables).page(from.as_ref()).await.unwrap();
        assert!(page.lines.len() <= ArchivePage::LARGEST);
        lines += &page.lines;
        pages += 1;
        let Some(next) = page.next else { return (lines, pages) };
        // As a client sends it.
        from = Some(ArchiveCursor::parse(&next.to_string()).unwrap());
    }
}

#[tokio::test]
async fn imported_lines_are_exported_unchanged_by_key_with_each_note_before_its_comments() {
    let tables = Tables::start();
    let (a, b) = (note("a", "\u{0}\u{1f}\"\\\u{7f}\u{2028}🦀"), note("b", ""));
    let lines = [
        Line::Note(b.clone()),
        comment_line(&b, 2, "2"),
        comment_line(&b, 1, "1"),
        Line::Note(a.clone()),
        comment_line(&a, 1, "\u{1}x"),
    ];
    assert_eq!(import(&tables, &lines).await, [const { Imported::Created }; 5]);
    let [b_note, b_second, b_first, a_note, a_first] = lines;
    assert_eq!(export(&tables).await, (text(&[a_note, a_first, b_note, b_first, b_second]), 1));

    let Line::Note(imported) = by_eve(&[Line::Note(a.clone())]).remove(0) else { unreachable!() };
    assert_eq!(tables.notes().read(&a.key).await.unwrap(), Some(imported));
    let titles = tables.notes().titles(100, None).await.unwrap().notelist;
    assert!(titles.iter().all(|row| row.updated == a.updated), "the list is sorted by the imported times");
    let page = tables.comments().page(&thread_of(&b), 20, None).await.unwrap();
    assert_eq!(page.comments.iter().map(|comment| comment.message.as_str()).collect::<Vec<_>>(), ["2", "1"]);
}

#[tokio::test]
async fn an_empty_board_exports_one_empty_page() {
    assert_eq!(export(&Tables::start()).await, (String::new(), 1));
}

#[tokio::test]
async fn rows_name_their_importer_even_after_a_change() {
    let tables = Tables::start();
    let a = note("a", "");
    import(&tables, &[Line::Note(a.clone()), comment_line(&a, 1, "1")]).await;
    let imported = tables.notes().read(&a.key).await.unwrap().unwrap();
    tables.update(&imported, &draft("B"), &username("bob")).await.unwrap();
    for row in tables.rows("Notes").await {
        assert_eq!(row["importer"], AttributeValue::S("eve".into()), "{row:?}");
    }
}

#[tokio::test]
async fn repeating_an_import_changes_nothing() {
    let tables = Tables::start();
    let a = note("a", "A");
    let lines = [Line::Note(a.clone()), comment_line(&a, 1, "1"), comment_line(&a, 2, "2")];
    assert_eq!(import(&tables, &lines).await, [const { Imported::Created }; 3]);
    tables.requests();
    assert_eq!(import(&tables, &lines).await, [const { Imported::Skipped }; 3]);
    assert_eq!(tables.requests(), ["PutItem Notes", "TransactWriteItems Notes"]);
    // New comments are inserted between the existing ones.
    let more = [comment_line(&a, 3, "3"), comment_line(&a, 1, "1"), comment_line(&a, 0, "0")];
    assert_eq!(import(&tables, &more).await, [Imported::Created, Imported::Skipped, Imported::Created]);
    assert_eq!(tables.requests(), ["TransactWriteItems Notes"; 2]);
    let [a_line, first, second] = lines;
    let [third, _, before] = more;
    assert_eq!(export(&tables).await.0, text(&[a_line, before, first, second, third]));
}

#[tokio::test]
async fn a_line_that_differs_from_the_stored_row_is_refused() {
    let tables = Tables::start();
    let a = note("a", "A");
    let there = [Line::Note(a.clone()), comment_line(&a, 1, "1")];
    import(&tables, &there).await;

    let other_version = Note { version: Version::new(8).unwrap(), ..a.clone() };
    let other_body = Note { body: Body::parse("B").unwrap(), ..a.clone() };
    let other_birthday = Note { created: Timestamp::from_second(0).unwrap(), ..a.clone() };
    let lines = [
        Line::Note(other_version),
        Line::Note(other_body),
        Line::Note(other_birthday.clone()),
        comment_line(&a, 1, "another"),
        comment_line(&other_birthday, 2, "of another"),
        comment_line(&note("b", ""), 1, "of none"),
        comment_line(&a, 2, "2"),
    ];
    assert_eq!(
        import(&tables, &lines).await,
        [
            Imported::Refused(Refusal::OtherVersion(a.version)),
            Imported::Refused(Refusal::OtherNote),
            Imported::Refused(Refusal::OtherNote),
            Imported::Refused(Refusal::OtherComment),
            Imported::Refused(Refusal::NoNote),
            Imported::Refused(Refusal::NoNote),
            Imported::Created,
        ]
    );
    let [a_line, first] = there;
    assert_eq!(export(&tables).await.0, text(&[a_line, first, comment_line(&a, 2, "2")]));
    assert_eq!(tables.rows("Notes").await.len(), 3, "and no other row");
}

#[tokio::test]
async fn an_unreadable_row_refuses_its_line_only_and_is_left_out_of_exports() {
    let tables = Tables::start();
    let (a, b) = (note("a", ""), note("b", ""));
    import(&tables, &[Line::Note(a.clone())]).await;
    tables.set("Notes", &[("board", "team"), ("key", "a")], "title", AttributeValue::Bool(true)).await;
    assert_eq!(
        import(&tables, &[Line::Note(a), Line::Note(b.clone())]).await,
        [Imported::Refused(Refusal::Unreadable), Imported::Created]
    );
    assert_eq!(export(&tables).await.0, text(&[Line::Note(b)]));
}

#[tokio::test]
async fn two_lines_with_one_key_are_imported_in_order() {
    let tables = Tables::start();
    let (one, other) = (note("a", "one"), note("a", "other"));
    for _ in 0..5 {
        let lines = [Line::Note(one.clone()), Line::Note(other.clone()), Line::Note(one.clone())];
        let first = import(&tables, &lines).await;
        assert_eq!(first[1..], [Imported::Refused(Refusal::OtherNote), Imported::Skipped]);
    }
}

#[tokio::test]
async fn the_first_line_is_imported_even_after_the_time_limit() {
    let tables = Tables::start();
    let (a, b) = (note("a", ""), note("b", ""));
    let lines = vec![Line::Note(a.clone()), comment_line(&a, 1, "1"), Line::Note(b)];
    let outcomes = archive(&tables).import(lines, &username("eve"), Instant::now()).await;
    assert!(matches!(outcomes[..], [Ok(Imported::Created), Err(NotReached::Late), Err(NotReached::Late)]));
    assert_eq!(tables.rows("Notes").await.len(), 1);
}

#[tokio::test]
async fn a_failing_table_is_reported_for_the_first_line_and_ends_the_import() {
    let tables = Tables::start();
    let archive = Archive::new(tables.client.clone(), "Nowhere", BoardId::team());
    let lines: Vec<_> = (0..100).map(|number| Line::Note(note(&format!("n{number}"), ""))).collect();
    let until = Instant::now() + Duration::from_mins(1);
    let outcomes = archive.import(lines, &username("eve"), until).await;
    assert!(matches!(outcomes[0], Err(NotReached::Store(_))));
    assert!(matches!(outcomes[99], Err(NotReached::Late)));
}

#[tokio::test]
async fn a_page_has_4_mib_of_the_longest_lines_and_the_next_continues() {
    let tables = Tables::start();
    let longest = "\u{1}".repeat(Body::LONGEST);
    let lines: Vec<_> = ["a", "b", "c"].map(|key| Line::Note(note(key, &longest))).into();
    import(&tables, &lines).await;
    let first = archive(&tables).page(None).await.unwrap();
    assert_eq!(first.lines, text(&lines[..2]), "two lines of maximum length");
    assert_eq!(first.next, Some(ArchiveCursor::AfterNote(NoteKey::parse("b").unwrap())));
    assert_eq!(export(&tables).await, (text(&lines), 2));
}

#[tokio::test]
async fn a_page_has_500_notes_and_the_next_continues() {
    let tables = Tables::start();
    let mut lines: Vec<_> = (0..501).map(|number| Line::Note(note(&format!("n{number:03}"), ""))).collect();
    import(&tables, &lines).await;
    let first = archive(&tables).page(None).await.unwrap();
    assert_eq!(first.lines, text(&lines[..500]));
    assert_eq!(export(&tables).await, (text(&lines), 2));
    tables.requests();
    lines.truncate(1);
    assert_eq!(archive(&tables).page(first.next.as_ref()).await.unwrap().next, None);
    assert_eq!(tables.requests(), ["Query Notes"; 2], "one for the notes, one for the comments of the note");
}

#[tokio::test]
async fn a_note_with_too_many_comments_for_a_page_continues_on_the_next() {
    let tables = Tables::start();
    let (a, b) = (note("a", ""), note("b", ""));
    // 1,024 of the longest characters, as JSON writes them, make 6 KiB: some 680 of them a page.
    let longest = format!("x{}x", "\u{1}".repeat(1022));
    let mut lines = vec![Line::Note(a.clone())];
    lines.extend((0..1400).map(|number| comment_line(&a, number, &longest)));
    lines.push(Line::Note(b));
    import(&tables, &lines).await;
    let first = archive(&tables).page(None).await.unwrap();
    assert!(matches!(first.next, Some(ArchiveCursor::AfterComment(..))), "{:?}", first.next);
    assert_eq!(export(&tables).await, (text(&lines), 3));
}

#[tokio::test]
async fn the_page_after_one_that_ends_with_a_note_begins_with_its_comments() {
    let tables = Tables::start();
    let a = note("a", "");
    import(&tables, &[Line::Note(a.clone()), comment_line(&a, 1, "1")]).await;
    let rest =
        archive(&tables).page(Some(&ArchiveCursor::BeforeComments(a.key.clone(), a.created))).await.unwrap();
    assert_eq!(rest, ArchivePage { lines: text(&[comment_line(&a, 1, "1")]), next: None });
}

#[tokio::test]
async fn a_page_continues_after_its_cursor_even_if_that_row_is_deleted() {
    let tables = Tables::start();
    let (a, b) = (note("a", ""), note("b", ""));
    import(
        &tables,
        &[Line::Note(a.clone()), comment_line(&a, 1, "1"), comment_line(&a, 2, "2"), Line::Note(b.clone())],
    )
    .await;
    let Line::Comment(first) = comment_line(&a, 1, "1") else { unreachable!() };
    tables.comments().delete(&thread_of(&a), &first.comment.id, &username("carol")).await.unwrap();
    let place = ArchiveCursor::AfterComment(a.key.clone(), a.created, first.comment.id);
    let page = archive(&tables).page(Some(&place)).await.unwrap();
    assert_eq!(page.lines, text(&[comment_line(&a, 2, "2"), Line::Note(b.clone())]));
    // The note was deleted, and another was created under its key. Neither is after the cursor.
    tables.notes().destroy(&a, &username("ada")).await.unwrap();
    tables.notes().create(&a.key, &draft("New"), &username("ada")).await.unwrap();
    let page = archive(&tables).page(Some(&ArchiveCursor::AfterNote(a.key))).await.unwrap();
    assert_eq!(page.lines, text(&[Line::Note(b)]));
}

#[tokio::test]
async fn deleted_rows_are_in_no_page_and_later_rows_follow() {
    let tables = Tables::start();
    let notes: Vec<_> = (0..501).map(|number| note(&format!("n{number:03}"), "")).collect();
    let lines: Vec<_> = notes.iter().cloned().map(Line::Note).collect();
    import(&tables, &lines).await;
    for note in &notes[..500] {
        tables.notes().destroy(note, &username("ada")).await.unwrap();
    }
    let first = archive(&tables).page(None).await.unwrap();
    assert_eq!(first.lines, "");
    assert_eq!(first.next, Some(ArchiveCursor::AfterNote(NoteKey::parse("n499").unwrap())));
    assert_eq!(export(&tables).await, (text(&lines[500..]), 2));
}
