//! A text that a few people write for a long time keeps a state of a bounded size.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod writing;

/// How many times as large as the text the state may be, with this many corrections. It was 5.6 when this was written.
const LARGEST: usize = 7;

/// Writes a text, and checks its state.
fn check(edits: usize) {
    let (state, text) = writing::write(edits);
    assert!(text.len() > edits, "nobody has deleted everything: {}", text.len());
    assert!(state.len() <= LARGEST * text.len(), "{} bytes for {}", state.len(), text.len());
    let document = writing::load(&state);
    assert_eq!(document.text(), text);
    assert_eq!(document.state(), state, "a state that was read is the same");
}

#[test]
fn the_state_after_five_thousand_edits_is_at_most_seven_times_the_text() {
    check(5_000);
}

#[test]
fn the_state_after_a_hundred_thousand_edits_is_at_most_seven_times_the_text() {
    check(100_000);
}
