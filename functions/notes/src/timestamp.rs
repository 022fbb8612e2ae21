//! A moment in UTC, to the millisecond, whose text sorts as time does.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::Invalid;

/// A moment in UTC, to the millisecond. Its text is RFC 3339 with exactly three decimals
/// (`2026-11-23T20:15:00.000Z`), so that texts sort as moments do: the index `by-updated` relies on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    /// Now.
    #[must_use]
    pub fn now() -> Self {
        Self::whole(jiff::Timestamp::now().as_millisecond())
    }

    /// So many seconds after 1970.
    pub fn from_second(second: i64) -> Result<Self, Invalid> {
        jiff::Timestamp::from_second(second)
            .map(Self)
            .map_err(|_| Invalid::Value("must be a moment before the year 9999"))
    }

    /// Whole seconds since 1970, as `DynamoDB`'s TTL wants them.
    #[must_use]
    pub fn as_second(self) -> i64 {
        self.0.as_second()
    }

    /// Reads the text that [`Display`](fmt::Display) writes.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let moment = jiff::Timestamp::from_str(text).map(Self).ok();
        moment
            .filter(|moment| moment.to_string() == text)
            .ok_or(Invalid::Value("must look like 2026-11-23T20:15:00.000Z"))
    }

    /// This moment and `duration`, at most the end of time.
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        let milliseconds = i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
        Self::whole(self.0.as_millisecond().saturating_add(milliseconds))
    }

    /// How long it is from this moment to a later one; nothing to an earlier one.
    #[must_use]
    pub fn until(self, later: Self) -> Duration {
        later.0.duration_since(self.0).try_into().unwrap_or_default()
    }

    /// The first whole second that is not before this moment.
    pub(crate) fn next_second(self) -> Self {
        self.saturating_add(Duration::from_millis(999)).whole_second()
    }

    /// The beginning of the second that this moment is in.
    pub(crate) fn whole_second(self) -> Self {
        Self::whole(self.0.as_second() * 1000)
    }

    fn whole(milliseconds: i64) -> Self {
        Self(jiff::Timestamp::from_millisecond(milliseconds).unwrap_or(jiff::Timestamp::MAX))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_text_has_three_decimals_even_on_the_second() {
        assert_eq!(Timestamp::from_second(0).unwrap().to_string(), "1970-01-01T00:00:00.000Z");
    }

    #[test]
    fn its_text_reads_back_as_itself() {
        let now = Timestamp::now();
        assert_eq!(Timestamp::parse(&now.to_string()), Ok(now));
    }

    #[test]
    fn texts_sort_as_moments_do() {
        let early = Timestamp::parse("2026-11-23T20:15:09.999Z").unwrap();
        let late = early.saturating_add(Duration::from_millis(1));
        assert_eq!(late.to_string(), "2026-11-23T20:15:10.000Z");
        assert!(early.to_string() < late.to_string());
    }

    #[test]
    fn other_spellings_of_a_moment_are_refused() {
        for text in
            ["", "now", "2026-11-23T20:15:00Z", "2026-11-23T20:15:00.0000Z", "2026-11-23T21:15:00.000+01:00"]
        {
            assert!(Timestamp::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn time_ends_and_does_not_overflow() {
        let end = Timestamp::now().saturating_add(Duration::MAX);
        assert_eq!(end, end.saturating_add(Duration::from_secs(1)));
    }
}
