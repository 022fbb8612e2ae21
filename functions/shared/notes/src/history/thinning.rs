//! How long the text that a change has replaced is kept.

use std::time::Duration;

use crate::{Note, Timestamp};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How long the last text of five minutes is kept, and that of an hour.
const OF_MINUTES: Duration = Duration::from_hours(24);
const OF_AN_HOUR: Duration = Duration::from_hours(7 * 24);

/// Returns how long the old text is kept after a change, at most `longest`. `None` if it is not kept: it is empty, nothing has
/// changed, or another text of the same five minutes has followed.
pub(super) fn lifetime(old: &Note, new: &Note, longest: Duration) -> Option<Duration> {
    let is_same = old.title == new.title && old.body == new.body;
    let is_empty = old.body.as_str().is_empty();
    if is_same || is_empty || old.document != new.document || longest.is_zero() {
        return None;
    }
    let is_last_of = |seconds: i64| slot(old.updated, seconds) != slot(new.updated, seconds);
    let loses_most = new.body.as_str().len() < old.body.as_str().len() / 2;
    if loses_most || is_last_of(DAY) {
        Some(longest)
    } else if is_last_of(HOUR) {
        Some(OF_AN_HOUR.min(longest))
    } else if is_last_of(5 * MINUTE) {
        Some(OF_MINUTES.min(longest))
    } else {
        None
    }
}

/// Returns the number of the stretch of time with this length that a moment is in.
fn slot(moment: Timestamp, seconds: i64) -> i64 {
    moment.as_second().div_euclid(seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Body, DocumentId, Draft, NoteKey, Title, Username, Version};

    const LONGEST: Duration = Duration::from_hours(90 * 24);
    const A_DAY: Option<Duration> = Some(Duration::from_hours(24));
    const A_WEEK: Option<Duration> = Some(Duration::from_hours(7 * 24));

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(&format!("2026-11-{text}Z")).unwrap()
    }

    fn note(body: &str, updated: Timestamp) -> Note {
        let ada = Username::parse("ada").unwrap();
        Note {
            key: NoteKey::parse("a").unwrap(),
            title: Title::parse("A").unwrap(),
            body: Body::parse(body).unwrap(),
            author: ada.clone(),
            editor: ada,
            version: Version::FIRST,
            created: updated,
            updated,
            listed: updated,
            document: DocumentId::generate(),
            importer: None,
        }
    }

    fn changed(old: &Note, title: &str, body: &str, updated: Timestamp) -> Note {
        let draft = Draft { title: Title::parse(title).unwrap(), body: Body::parse(body).unwrap() };
        Note { updated, ..old.changed(&draft, &old.editor, updated) }
    }

    #[test]
    fn a_text_is_kept_if_it_is_the_last_of_five_minutes_an_hour_or_a_day() {
        for (old, new, kept) in [
            ("23T20:15:00.000", "23T20:19:59.999", None),
            ("23T20:19:59.999", "23T20:20:00.000", A_DAY),
            ("23T20:15:00.000", "23T20:59:59.999", A_DAY),
            ("23T20:59:59.999", "23T21:00:00.000", A_WEEK),
            ("23T00:00:00.000", "23T23:59:59.999", A_WEEK),
            ("23T23:59:59.999", "24T00:00:00.000", Some(LONGEST)),
            ("01T20:15:00.000", "24T20:15:00.000", Some(LONGEST)),
        ] {
            let note = note("Milk", at(old));
            for changed in [changed(&note, "A", "Bread", at(new)), changed(&note, "B", "Milk", at(new))] {
                assert_eq!(lifetime(&note, &changed, LONGEST), kept, "{old} to {new}");
            }
            assert_eq!(lifetime(&note, &changed(&note, "A", "Milk", at(new)), LONGEST), None);
        }
    }

    #[test]
    fn a_text_that_is_mostly_removed_is_kept_longest() {
        let (old, new) = (at("23T20:15:00.000"), at("23T20:15:01.000"));
        for (before, after, kept) in [
            ("Milk", "Mi", None),
            ("Milk", "M", Some(LONGEST)),
            ("Milk", "", Some(LONGEST)),
            ("M", "", None),
            ("", "Milk", None),
            ("Mi", "", Some(LONGEST)),
        ] {
            let note = note(before, old);
            let changed = changed(&note, "A", after, new);
            assert_eq!(lifetime(&note, &changed, LONGEST), kept, "{before} to {after}");
        }
    }

    #[test]
    fn no_text_is_kept_longer_than_the_setting_says() {
        let note = note("Milk", at("01T00:00:00.000"));
        for (new, days, kept) in [
            ("02T00:00:00.000", 3, 3),
            ("01T02:00:00.000", 3, 3),
            ("01T00:05:00.000", 3, 1),
            ("01T02:00:00.000", 90, 7),
        ] {
            let longest = Duration::from_hours(24 * days);
            let changed = changed(&note, "A", "Bread", at(new));
            assert_eq!(lifetime(&note, &changed, longest), Some(Duration::from_hours(24 * kept)), "{new}");
            assert_eq!(lifetime(&note, &changed, Duration::ZERO), None);
        }
    }

    #[test]
    fn the_text_of_another_document_is_not_part_of_the_history() {
        let old = note("Milk", at("01T00:00:00.000"));
        assert_eq!(lifetime(&old, &note("Bread", at("02T00:00:00.000")), LONGEST), None);
    }
}
