//! The outcome of a command.

use std::error::Error;

/// The result of a command. Its error is printed.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;
