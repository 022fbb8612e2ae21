//! The error of a value that breaks its rule.

/// Explains which rule a value breaks. It displays as the end of a sentence that begins with the field's name: "must
/// be 1 to 200 characters".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// The value breaks a rule of its type.
    #[error("{0}")]
    Value(&'static str),
    /// The value contains a control character.
    #[error("must not contain the control character U+{:04X}. Remove it", u32::from(*.0))]
    Control(char),
    /// The value contains a character that changes the direction of the text after it.
    #[error("must not contain the character U+{:04X}, which changes the direction of text. Remove it", u32::from(*.0))]
    Direction(char),
    /// The value contains a character that nobody sees.
    #[error("must not contain the invisible character U+{:04X}. Remove it", u32::from(*.0))]
    Invisible(char),
    /// The value has more bytes than the tables accept.
    #[error("{0}")]
    TooLarge(&'static str),
}
