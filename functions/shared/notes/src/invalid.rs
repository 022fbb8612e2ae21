//! The error of a value that breaks its rule.

/// Explains which rule a value breaks. It displays as the end of a sentence that begins with the field's name: "must
/// be 1 to 200 characters".
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// The value breaks a rule of its type.
    #[error("{0}")]
    Value(&'static str),
    /// The value has more bytes than the tables accept.
    #[error("{0}")]
    TooLarge(&'static str),
}
