//! The error of a value that breaks its rule.

/// A value that breaks its rule. Displays as the end of a sentence that begins with the field's name:
/// "must be 1 to 200 characters".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// A value that is none of its kind.
    #[error("{0}")]
    Value(&'static str),
    /// A value of more bytes than the tables take.
    #[error("{0}")]
    TooLarge(&'static str),
}
