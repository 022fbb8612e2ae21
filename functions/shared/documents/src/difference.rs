//! The difference between two texts, as edits.

use std::ops::Range;
use std::time::Duration;

use similar::{Algorithm, DiffTag, TextDiff};

/// How long two texts are compared. After that, the difference is coarser than it could be, but right.
const TIME: Duration = Duration::from_millis(200);

/// The most replacements. Each takes as long as the document has parts, so many would take too long.
const MOST: usize = 500;

/// Replaces a part of a text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Replacement<'a> {
    /// The range in the old text, in bytes.
    pub(crate) range: Range<usize>,
    /// The new text of the range.
    pub(crate) text: &'a str,
}

/// Returns the replacements that make `new` from `old`, in order. Lines that both texts have stay, and of the others, what
/// they have in common at both ends.
pub(crate) fn between<'a>(old: &str, new: &'a str) -> Vec<Replacement<'a>> {
    let difference = TextDiff::configure().algorithm(Algorithm::Patience).timeout(TIME).diff_lines(old, new);
    let old_starts = starts(difference.iter_old_slices());
    let new_starts = starts(difference.iter_new_slices());
    let changed = || difference.ops().iter().filter(|op| op.tag() != DiffTag::Equal);
    if changed().count() > MOST {
        return vec![trimmed(old, 0, new)];
    }
    let changed = changed().map(|op| {
        let (from, to) = (op.old_range(), op.new_range());
        let (from, to) =
            (old_starts[from.start]..old_starts[from.end], new_starts[to.start]..new_starts[to.end]);
        trimmed(&old[from.clone()], from.start, &new[to])
    });
    changed.collect()
}

/// Returns where each slice begins, and where the last ends.
fn starts<'a>(slices: impl Iterator<Item = &'a str>) -> Vec<usize> {
    let mut starts = vec![0];
    let mut at = 0;
    for slice in slices {
        at += slice.len();
        starts.push(at);
    }
    starts
}

/// Returns the replacement of `old`, which begins at `start`, without what both begin and end with.
fn trimmed<'a>(old: &str, start: usize, new: &'a str) -> Replacement<'a> {
    let same = |(one, other): &(char, char)| one == other;
    let head: usize = old.chars().zip(new.chars()).take_while(same).map(|(one, _)| one.len_utf8()).sum();
    let (old, new) = (&old[head..], &new[head..]);
    let tail: usize =
        old.chars().rev().zip(new.chars().rev()).take_while(same).map(|(one, _)| one.len_utf8()).sum();
    let start = start + head;
    Replacement { range: start..start + old.len() - tail, text: &new[..new.len() - tail] }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn applied(old: &str, replacements: &[Replacement]) -> String {
        let mut text = old.to_owned();
        for Replacement { range, text: new } in replacements.iter().rev() {
            text.replace_range(range.clone(), new);
        }
        text
    }

    #[test]
    fn lines_that_stay_are_left_alone() {
        let (old, new) = ("one\ntwo\nthree\nfour\n", "one\ntwo!\nthree\n");
        let replacements = between(old, new);
        assert_eq!(
            replacements,
            [Replacement { range: 7..7, text: "!" }, Replacement { range: 14..19, text: "" }]
        );
        assert_eq!(applied(old, &replacements), new);
    }

    #[test]
    fn texts_that_differ_in_too_many_places_differ_in_one() {
        let lines = |count: usize, mark: &str| {
            (0..count).map(|line| format!("{line}\n{mark}\n")).collect::<Vec<_>>().concat()
        };
        assert_eq!(between(&lines(500, "a"), &lines(500, "b")).len(), 500);
        assert_eq!(between(&lines(501, "a"), &lines(501, "b")).len(), 1);
    }

    #[test]
    fn equal_texts_have_no_difference() {
        assert_eq!(between("a\nb", "a\nb"), []);
        assert_eq!(between("", ""), []);
    }

    proptest! {
        #[test]
        fn the_replacements_make_the_new_text(old in "[aäb🦀\n]{0,40}", new in "[aäb🦀\n]{0,40}") {
            prop_assert_eq!(applied(&old, &between(&old, &new)), new);
        }
    }
}
