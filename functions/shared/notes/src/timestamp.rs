//! A moment in UTC, to the millisecond, whose text sorts as time does.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// A moment in UTC, in milliseconds. Its text is RFC 3339 with exactly three decimals (`2026-11-23T20:15:00.000Z`), so
/// that texts sort by time, as the index `by-updated` needs it. Years outside 0000 to 9999 have a sign and more
/// digits, so there are no such timestamps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(jiff::Timestamp);

/// The beginning of the year 0000.
const FIRST: jiff::Timestamp = jiff::Timestamp::constant(-62_167_219_200, 0);

/// The last millisecond that `jiff` reads: 9999-12-30T22:00:00.000Z.
const LAST: jiff::Timestamp = jiff::Timestamp::constant(253_402_207_200, 0);

impl Timestamp {
    /// Returns the current time.
    #[must_use]
    pub fn now() -> Self {
        Self::whole(jiff::Timestamp::now().as_millisecond())
    }

    /// Creates a timestamp from Unix seconds.
    ///
    /// # Errors
    /// If the year is not in 0000 to 9999.
    pub fn from_second(second: i64) -> Result<Self, Invalid> {
        let moment = jiff::Timestamp::from_second(second).ok();
        moment
            .filter(|moment| (FIRST..=LAST).contains(moment))
            .map(Self)
            .ok_or(Invalid::Value("must be in the years 0000 to 9999"))
    }

    /// Returns whole Unix seconds, as `DynamoDB`'s TTL needs them.
    #[must_use]
    pub fn as_second(self) -> i64 {
        self.0.as_second()
    }

    /// Returns Unix milliseconds.
    pub(crate) fn as_millisecond(self) -> i64 {
        self.0.as_millisecond()
    }

    /// Parses the text that [`Display`](fmt::Display) writes.
    ///
    /// # Errors
    /// If the text has another form.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let moment = jiff::Timestamp::from_str(text).ok();
        moment
            .filter(|moment| (FIRST..=LAST).contains(moment))
            .map(Self)
            .filter(|moment| moment.to_string() == text)
            .ok_or(Invalid::Value("must look like 2026-11-23T20:15:00.000Z"))
    }

    /// Adds a duration, up to the last timestamp.
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        let milliseconds = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self::whole(self.0.as_millisecond().saturating_add(milliseconds))
    }

    /// Subtracts a duration, down to the first timestamp.
    #[must_use]
    pub fn saturating_sub(self, duration: Duration) -> Self {
        let milliseconds = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self::whole(self.0.as_millisecond().saturating_sub(milliseconds))
    }

    /// Returns the duration until a later timestamp, or zero.
    #[must_use]
    pub fn until(self, later: Self) -> Duration {
        later.0.duration_since(self.0).try_into().unwrap_or_default()
    }

    /// Rounds up to a whole second.
    pub(crate) fn next_second(self) -> Self {
        self.saturating_add(Duration::from_millis(999)).whole_second()
    }

    /// Rounds down to a whole second.
    pub(crate) fn whole_second(self) -> Self {
        Self::whole(self.0.as_second() * 1000)
    }

    fn whole(milliseconds: i64) -> Self {
        let milliseconds = milliseconds.clamp(FIRST.as_millisecond(), LAST.as_millisecond());
        Self(jiff::Timestamp::from_millisecond(milliseconds).unwrap_or(LAST))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.0)
    }
}

impl TryFrom<String> for Timestamp {
    type Error = Invalid;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<Timestamp> for String {
    fn from(moment: Timestamp) -> Self {
        moment.to_string()
    }
}

/// Serializes timestamps as whole Unix seconds. `DynamoDB`'s TTL accepts nothing else, and never deletes rows with
/// milliseconds.
pub(crate) mod seconds {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use crate::Timestamp;

    pub(crate) fn serialize<S: Serializer>(moment: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(moment.as_second())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        Timestamp::from_second(i64::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_timestamps_text_always_has_three_decimals() {
        assert_eq!(Timestamp::from_second(0).unwrap().to_string(), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn a_timestamps_text_round_trips() {
        let now = Timestamp::now();
        assert_eq!(Timestamp::parse(&now.to_string()), Ok(now));
    }

    #[test]
    fn texts_sort_by_time() {
        let early = Timestamp::parse("2026-11-23T20:15:09.999Z").unwrap();
        let late = early.saturating_add(Duration::from_millis(1));
        assert_eq!(late.to_string(), "2026-11-23T20:15:10.000Z");
        assert!(early.to_string() < late.to_string());
    }

    #[test]
    fn other_spellings_of_a_timestamp_are_refused() {
        for text in [
            "",
            "now",
            "2026-11-23T20:15:00Z",
            "2026-11-23T20:15:00.00Z",
            "2026-11-23T20:15:00.0000Z",
            "2026-11-23T20:15:00,000Z",
            "2026-11-23T20:15:00.000+00:00",
            "2026-11-23T20:15:00.000-00:00",
            "2026-11-23T21:15:00.000+01:00",
            "2026-11-23T20:15:00.000Z[UTC]",
            "2026-11-23t20:15:00.000z",
            "2026-11-23 20:15:00.000Z",
            "20261123T201500.000Z",
            "2016-12-31T23:59:60.000Z",
            "2026-02-29T00:00:00.000Z",
            "2026-11-23T24:00:00.000Z",
        ] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn years_are_0000_to_9999() {
        for text in ["0000-01-01T00:00:00.000Z", "0001-01-01T00:00:00.000Z", "9999-12-30T22:00:00.000Z"] {
            assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "-000001-12-31T23:59:59.999Z",
            "-000002-01-01T00:00:00.000Z",
            "-009999-01-02T02:00:00.000Z",
            "-000000-01-01T00:00:00.000Z",
            "+002026-11-23T20:15:00.000Z",
            "+010000-01-01T00:00:00.000Z",
            "10000-01-01T00:00:00.000Z",
        ] {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
        assert!(Timestamp::from_second(FIRST.as_second()).is_ok());
        assert!(Timestamp::from_second(FIRST.as_second() - 1).is_err());
    }

    proptest! {
        #[test]
        fn any_moments_text_reads_back_as_itself_and_sorts_as_it_does(
            one in FIRST.as_millisecond()..=LAST.as_millisecond(),
            other in FIRST.as_millisecond()..=LAST.as_millisecond(),
        ) {
            let moments = (Timestamp::whole(one), Timestamp::whole(other));
            prop_assert_eq!((one, other), (moments.0.as_millisecond(), moments.1.as_millisecond()));
            let (one, other) = moments;
            let texts = (one.to_string(), other.to_string());
            prop_assert_eq!(texts.0.cmp(&texts.1), one.cmp(&other));
            prop_assert_eq!(Timestamp::parse(&texts.0), Ok(one));
            prop_assert_eq!(Timestamp::parse(&texts.1), Ok(other));
        }

        #[test]
        fn what_is_read_is_written_as_it_was(text in r"[+-]?(00)?[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{1,4})?(Z|[+-][01][0-9]:00)") {
            if let Ok(moment) = Timestamp::parse(&text) {
                prop_assert_eq!(moment.to_string(), text);
            }
        }
    }

    #[test]
    fn addition_saturates_at_the_maximum() {
        let end = Timestamp::now().saturating_add(Duration::MAX);
        assert_eq!(end, end.saturating_add(Duration::from_secs(1)));
        assert_eq!(end.to_string(), "9999-12-30T22:00:00.000Z");
        assert_eq!(Timestamp::parse(&end.to_string()), Ok(end));
    }
}
