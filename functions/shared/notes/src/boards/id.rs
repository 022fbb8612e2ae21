//! The id and the name of a board.

use serde::{Deserialize, Serialize};

use crate::Invalid;
use crate::text::{line, text};

/// The id of a board: `team`, or a `UUIDv7`. It is the partition of the board's notes, and in its address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BoardId(String);

text!(BoardId);

/// The id of the board that every deployment has from the beginning.
const TEAM: &str = "team";

impl BoardId {
    /// Returns the id of the board that every deployment has from the beginning.
    #[must_use]
    pub fn team() -> Self {
        Self(TEAM.into())
    }

    /// Generates the id of a new board.
    #[must_use]
    pub fn generate() -> Self {
        Self(uuid::Uuid::now_v7().to_string())
    }

    /// Parses an id in its canonical form.
    ///
    /// # Errors
    /// If the text is neither `team` nor a `UUIDv7` in lower case with hyphens.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let is_uuid = || {
            let id = uuid::Uuid::try_parse(text).ok().filter(|id| id.get_version_num() == 7);
            id.is_some_and(|id| id.to_string() == text)
        };
        let id = (text == TEAM || is_uuid()).then(|| Self(text.into()));
        id.ok_or(Invalid::Value("must be the id of a board"))
    }

    /// Returns whether every deployment has this board, and nobody can delete it.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        self.0 == TEAM
    }
}

/// The name of a board: 1 to 80 characters after trimming, without control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BoardName(String);

text!(BoardName);

impl BoardName {
    /// Parses a name, without the white space around it.
    ///
    /// # Errors
    /// If the text breaks the rules.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        line(text, 80, "must be 1 to 80 characters").map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_team_or_a_uuid() {
        let id = BoardId::generate();
        assert_eq!(BoardId::parse(id.as_str()), Ok(id.clone()));
        assert_eq!(BoardId::parse("team"), Ok(BoardId::team()));
        assert!(BoardId::team().is_permanent() && !id.is_permanent());
        for text in
            ["", "Team", "home", "comments#a", &id.as_str().to_uppercase(), &id.as_str().replace('-', "")]
        {
            assert!(BoardId::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_name_is_1_to_80_characters_without_control_characters() {
        for text in ["", " ", "a\nb", &"🦀".repeat(81)] {
            assert!(BoardName::parse(text).is_err(), "{text:?}");
        }
        assert!(BoardName::parse(&"🦀".repeat(80)).is_ok());
        assert_eq!(BoardName::parse(" Plans & <dreams> ").unwrap().as_str(), "Plans & <dreams>");
    }
}
