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

/// The place of a struct that is the first of the text.
const ROOT: [u8; 6] = [1, 4, b't', b'e', b'x', b't'];

#[test]
fn a_text_in_the_root_type_is_accepted() {
    let update = Update::parse(&with_struct(&[STRING, 1, 4, b't', b'e', b'x', b't', 2, b'h', b'i'])).unwrap();
    assert_eq!(update.inserted(), 2);
}

#[test]
fn other_types_and_contents_are_refused() {
    for kind in [0_u8, 2, 3, 5, 6, 7, 8, 9, 11, 31] {
        let bytes = with_struct(&[&[kind][..], &ROOT, &[1, 1, 1, 1]].concat());
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
    let client = [1, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 0, DELETED, 1, 0];
    assert_eq!(reason(&client), "it has an invalid client id");
    // 2^30 + 1 characters.
    let long = with_struct(&[&[DELETED][..], &ROOT, &[0x81, 0x80, 0x80, 0x80, 0x04]].concat());
    assert_eq!(reason(&long), "it has an invalid position");
    let longest = with_struct(&[&[DELETED][..], &ROOT, &[0x80, 0x80, 0x80, 0x80, 0x04]].concat());
    assert!(Update::parse(&longest).is_ok());
    for kind in [DELETED, STRING] {
        assert_eq!(reason(&with_struct(&[&[kind][..], &ROOT, &[0]].concat())), "it has an empty part");
    }
}

#[test]
fn an_update_that_no_page_makes_is_refused() {
    // A struct that follows itself, or the next one.
    for at in [0, 1] {
        for side in [HAS_LEFT_ORIGIN, HAS_RIGHT_ORIGIN] {
            let bytes = with_struct(&[STRING | side, 7, at, 1, b'a']);
            assert_eq!(reason(&bytes), "it follows itself");
        }
    }
    let letter = [&[STRING][..], &ROOT, &[1, b'a']].concat();
    let twice = [&[2, 1, 7, 0], &letter[..], &[1, 7, 1], &letter, &[0]].concat();
    assert_eq!(reason(&twice), "it has an author twice");
}

#[test]
fn an_update_is_ready_once_its_neighbours_and_what_it_deletes_are_there() {
    let ready = |update: &[u8], had: &[(u64, u64)]| {
        let had: BTreeMap<u64, u64> = had.iter().copied().collect();
        Update::parse(update).unwrap().is_ready(|client| had.get(&client.number()).copied().unwrap_or(0))
    };
    // Client 7 inserts "a" after position 4 of client 1, as its own position 2.
    let insertion = [1, 1, 7, 2, STRING | HAS_LEFT_ORIGIN, 1, 4, 1, b'a', 0];
    assert!(ready(&insertion, &[(1, 5), (7, 2)]));
    assert!(ready(&insertion, &[(1, 9), (7, 9)]), "again");
    assert!(!ready(&insertion, &[(1, 4), (7, 2)]));
    assert!(!ready(&insertion, &[(1, 5), (7, 1)]));
    let deletion = [0, 1, 1, 1, 3, 2];
    assert!(ready(&deletion, &[(1, 5)]));
    assert!(!ready(&deletion, &[(1, 4)]));
    // Two authors of one update: each follows the other's first struct.
    let first = [&[STRING][..], &ROOT, &[1, b'a']].concat();
    let then = |other: u8| [STRING | HAS_LEFT_ORIGIN, other, 0, 1, b'b'];
    let both = [&[2, 2, 9, 0], &first[..], &then(7), &[2, 7, 0], &first, &then(9), &[0]].concat();
    assert!(ready(&both, &[]));
    // Each waits for the other.
    let circle = [&[2, 1, 9, 0], &then(7)[..], &[1, 7, 0], &then(9), &[0]].concat();
    assert!(!ready(&circle, &[]));
    // A gap in it.
    let gap = [&[1, 3, 7, 0], &first[..], &[SKIP, 2], &then(7), &[0]].concat();
    assert!(!ready(&gap, &[]));
    assert!(ready(&gap, &[(7, 3)]));
}

#[test]
fn bytes_that_end_too_early_or_too_late_are_refused() {
    let valid = valid();
    for length in 0..valid.len() {
        assert!(Update::parse(&valid[..length]).is_err(), "{length} bytes");
    }
    assert_eq!(reason(&[valid, vec![0]].concat()), "it goes on after its end");
}
