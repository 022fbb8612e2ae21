use proptest::prelude::*;

use super::*;
use crate::Document;

fn valid() -> Vec<u8> {
    Document::seed("one two").rewrite("one and two, 🦀", ClientId::new("ada", 1)).unwrap()
}

/// An update of client 7 with one struct at position 0.
fn with_struct(fields: &[u8]) -> Vec<u8> {
    [&[1, 1, 7, 0], fields, &[0]].concat()
}

fn reason(bytes: &[u8]) -> &'static str {
    Update::parse(bytes).unwrap_err().0
}

#[test]
fn an_update_says_who_inserts_how_much() {
    let update = Update::parse(&valid()).unwrap();
    assert!(update.is_by("ada"));
    assert!(!update.is_by("bob"));
    assert_eq!(update.inserted(), "and two, 🦀".len());
    assert!(!update.is_empty());
    assert_eq!(update.as_bytes(), valid());
}

#[test]
fn the_empty_update_changes_nothing_and_is_by_everybody() {
    let empty = Update::parse(&[0, 0]).unwrap();
    assert!(empty.is_empty() && empty.is_by("ada"));
}

#[test]
fn an_update_that_only_deletes_is_by_everybody() {
    let deletion = Document::seed("abc").rewrite("ac", ClientId::new("ada", 1)).unwrap();
    assert!(Update::parse(&deletion).unwrap().is_by("bob"));
}

#[test]
fn a_text_in_the_root_type_is_accepted() {
    let update = Update::parse(&with_struct(&[STRING, 1, 4, b't', b'e', b'x', b't', 2, b'h', b'i'])).unwrap();
    assert_eq!(update.inserted(), 2);
}

#[test]
fn other_types_and_contents_are_refused() {
    let root = [1, 4, b't', b'e', b'x', b't'];
    for kind in [2_u8, 3, 5, 6, 7, 8, 9, 11, 31] {
        let bytes = with_struct(&[&[kind][..], &root, &[1, 1, 1, 1]].concat());
        assert_eq!(reason(&bytes), "it contains something else than text", "{kind}");
    }
    let other_root = with_struct(&[STRING, 1, 4, b't', b'e', b'x', b's', 1, b'a']);
    assert_eq!(reason(&other_root), "it writes outside of the text");
    let nested = with_struct(&[STRING, 0, 7, 0, 1, b'a']);
    assert_eq!(reason(&nested), "it writes outside of the text");
    let in_a_map = with_struct(&[STRING | HAS_PARENT_KEY, 1, 4, b't', b'e', b'x', b't', 1, b'k', 1, b'a']);
    assert_eq!(reason(&in_a_map), "it writes outside of the text");
}

#[test]
fn a_carriage_return_is_refused() {
    let bytes = with_struct(&[STRING, 1, 4, b't', b'e', b'x', b't', 2, b'a', b'\r']);
    assert_eq!(reason(&bytes), "it inserts a carriage return");
}

#[test]
fn impossible_ids_and_positions_are_refused() {
    // 2^53 as a client, in groups of 7 bits.
    let client = [1, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 0, COLLECTED, 1, 0];
    assert_eq!(reason(&client), "it has an invalid client id");
    // 2^30 + 1 characters.
    let long = with_struct(&[COLLECTED, 0x81, 0x80, 0x80, 0x80, 0x04]);
    assert_eq!(reason(&long), "it has an invalid position");
    assert!(Update::parse(&with_struct(&[COLLECTED, 0x80, 0x80, 0x80, 0x80, 0x04])).is_ok());
    assert_eq!(reason(&with_struct(&[COLLECTED, 0])), "it has an empty part");
}

#[test]
fn bytes_that_end_too_early_or_too_late_are_refused() {
    let valid = valid();
    for length in 0..valid.len() {
        assert!(Update::parse(&valid[..length]).is_err(), "{length} bytes");
    }
    assert_eq!(reason(&[valid, vec![0]].concat()), "it goes on after its end");
}

proptest! {
    /// Whatever is accepted can be applied, and leaves a document whole.
    #[test]
    fn damaged_updates_are_refused_or_harmless(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        more in prop::collection::vec(any::<u8>(), 0..4),
    ) {
        let mut bytes = valid();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        bytes.splice(at..at, more);
        if let Ok(update) = Update::parse(&bytes) {
            let mut document = Document::seed("one two");
            let _ = document.apply(&update);
            let again = Update::parse(&document.state()).unwrap();
            let mut other = Document::seed("one two");
            other.apply(&again).unwrap();
            prop_assert_eq!(other.text(), document.text());
        }
    }

    #[test]
    fn any_bytes_are_refused_or_harmless(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        if let Ok(update) = Update::parse(&bytes) {
            let _ = Document::seed("one two").apply(&update);
        }
    }
}
