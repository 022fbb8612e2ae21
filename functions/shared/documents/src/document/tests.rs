use proptest::prelude::*;

use super::*;

fn parsed(bytes: &[u8]) -> Update {
    Update::parse(bytes).unwrap()
}

fn edited(document: &mut Document, text: &str, client: (&str, u32)) -> Update {
    let update = document.rewrite(text, ClientId::new(client.0, client.1)).unwrap();
    parsed(&update)
}

#[test]
fn a_seed_is_the_same_wherever_it_is_made() {
    for text in ["", "Milk", "🦀 and\nmore"] {
        assert_eq!(Document::seed(text).state(), Document::seed(text).state());
        assert_eq!(Document::seed(text).text(), text);
        let mut twice = Document::seed(text);
        twice.apply(&parsed(&Document::seed(text).state())).unwrap();
        assert_eq!(twice.text(), text, "the text is not there twice");
    }
}

#[test]
fn updates_may_come_twice_and_in_any_order() {
    let mut ada = Document::seed("one two");
    let first = edited(&mut ada, "one and two", ("ada", 1));
    let second = edited(&mut ada, "one and also two", ("ada", 1));
    let mut bob = Document::seed("one two");
    bob.apply(&second).unwrap();
    assert_eq!(bob.text(), "one two", "it waits for the first");
    assert!(!bob.contains(&second));
    for update in [&first, &second, &first] {
        bob.apply(update).unwrap();
    }
    assert_eq!(bob.text(), "one and also two");
    assert!(bob.contains(&first) && bob.contains(&second));
    assert_eq!(bob.state(), ada.state());
}

#[test]
fn an_update_that_waits_is_not_in_the_state_but_is_sent_to_others() {
    let mut ada = Document::seed("");
    let first = edited(&mut ada, "a", ("ada", 1));
    let second = edited(&mut ada, "ab", ("ada", 1));
    let mut bob = Document::seed("");
    bob.apply(&second).unwrap();
    assert_eq!(bob.state(), Document::seed("").state());
    let mut eve = Document::seed("");
    eve.apply(&parsed(&bob.missing(&Vector::default()).unwrap())).unwrap();
    eve.apply(&first).unwrap();
    assert_eq!(eve.text(), "ab");
}

#[test]
fn an_update_that_only_deletes_is_contained_once_it_was_applied() {
    let mut ada = Document::seed("abc");
    let deletion = edited(&mut ada, "ac", ("ada", 1));
    assert_eq!(deletion.inserted(), 0);
    assert!(!deletion.is_empty());
    assert!(ada.contains(&deletion));
    assert!(!Document::seed("").contains(&deletion));
}

#[test]
fn edits_at_the_same_time_merge() {
    let start = "one\ntwo\nthree\n";
    let (mut ada, mut bob) = (Document::seed(start), Document::seed(start));
    let from_ada = edited(&mut ada, "one!\ntwo\nthree\n", ("ada", 1));
    let from_bob = edited(&mut bob, "one\ntwo\nthree 🦀\nfour\n", ("bob", 1));
    ada.apply(&from_bob).unwrap();
    bob.apply(&from_ada).unwrap();
    assert_eq!(ada.text(), "one!\ntwo\nthree 🦀\nfour\n");
    assert_eq!(ada.text(), bob.text());
}

#[test]
fn a_page_gets_what_it_lacks_and_no_more() {
    let mut document = Document::seed(&"a".repeat(1000));
    let vector = Vector(document.doc.transact().state_vector());
    edited(&mut document, &format!("{}b", "a".repeat(1000)), ("ada", 1));
    let missing = document.missing(&vector).unwrap();
    assert!(missing.len() < 100, "{}", missing.len());
}

#[test]
fn a_state_vector_is_read_as_yjs_writes_it() {
    let document = Document::seed("abc");
    let vector = Vector(document.doc.transact().state_vector());
    assert_eq!(Vector::parse(&[1, 1, 3]), Ok(vector));
    assert_eq!(Vector::parse(&[0]), Ok(Vector::default()));
    for bytes in [&[][..], &[0xff; 20], &[2, 1, 3]] {
        assert!(Vector::parse(bytes).is_err(), "{bytes:?}");
    }
}

#[test]
fn merged_updates_do_what_each_does() {
    let mut ada = Document::seed("");
    let updates: Vec<_> = (1..20).map(|length| edited(&mut ada, &"ab".repeat(length), ("ada", 1))).collect();
    let mut bob = Document::seed("");
    bob.apply(&parsed(&merge(&updates).unwrap())).unwrap();
    assert_eq!(bob.text(), ada.text());
}

#[test]
fn what_was_deleted_does_not_keep_its_text() {
    let mut document = Document::seed("");
    for round in 0..50 {
        edited(&mut document, &"secret ".repeat(100 + round), ("ada", 1));
        edited(&mut document, "", ("ada", 1));
    }
    let state = document.state();
    assert!(state.len() < 1000, "{}", state.len());
}

proptest! {
    /// Any two people, any edits, exchanged in any order: both have the same text in the end.
    #[test]
    fn documents_with_the_same_updates_have_the_same_text(
        edits in prop::collection::vec((0_usize..3, "[ab\n🦀]{0,12}"), 1..12),
        order in prop::collection::vec(any::<prop::sample::Index>(), 40),
    ) {
        let mut people: Vec<_> = (0..3).map(|_| Document::seed("start")).collect();
        let mut updates = Vec::new();
        for (who, text) in edits {
            updates.push(edited(&mut people[who], &text, (["ada", "bob", "eve"][who], 1)));
        }
        for person in &mut people {
            for index in &order {
                person.apply(index.get(&updates)).unwrap();
            }
            for update in &updates {
                person.apply(update).unwrap();
            }
        }
        prop_assert_eq!(people[0].text(), people[1].text());
        prop_assert_eq!(people[0].state(), people[2].state());
        for update in &updates {
            prop_assert!(people[0].contains(update));
        }
    }
}
