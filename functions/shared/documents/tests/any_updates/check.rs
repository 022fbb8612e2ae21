//! What holds for any updates. The fuzz target `update` checks the same.

use documents::{ClientId, Document, Update, Vector};

/// The text of the document. A crab has two UTF-16 units, and an update may delete one of them.
pub(crate) const START: &str = "one 🦀 two";

/// Applies those updates that are accepted, and panics unless the document stays whole.
pub(crate) fn check(candidates: &[impl AsRef<[u8]>]) {
    let updates: Vec<Update> =
        candidates.iter().filter_map(|bytes| Update::parse(bytes.as_ref()).ok()).collect();
    let mut document = Document::seed(START);
    for update in &updates {
        document.apply(update).expect("an accepted update can be applied");
    }
    let text = document.text();
    let units = |text: &str| text.encode_utf16().count();
    let inserted: usize = updates.iter().map(Update::inserted).sum();
    assert!(units(&text) <= units(START) + inserted, "{text:?} is longer than what was inserted");
    assert!(!text.contains('\r'));

    // The stored state can be read again, and has the same letters. An update may claim a place between letters that were never
    // neighbours. Then the order of the updates decides where it goes, in Yjs, too.
    assert_eq!(letters(&applied(&[document.state()]).text()), letters(&text));
    let missing = document.missing(&Vector::default()).expect("it can be sent");
    applied(&[document.state(), missing]);
    let merged = documents::merge(&updates).expect("accepted updates can be merged");
    applied(&[Document::seed(START).state(), merged]);

    document.rewrite("three", ClientId::new("ada", 3)).expect("any document can be rewritten");
    assert_eq!(document.text(), "three");
}

/// Returns the letters of a text in alphabetical order, without crabs: an update may put something between their halves.
fn letters(text: &str) -> Vec<char> {
    let mut letters: Vec<_> = text.chars().filter(char::is_ascii).collect();
    letters.sort_unstable();
    letters
}

fn applied(updates: &[Vec<u8>]) -> Document {
    let mut document = Document::seed("");
    for update in updates {
        let update = Update::parse(update).expect("our own update is accepted");
        document.apply(&update).expect("our own update can be applied");
    }
    document
}
