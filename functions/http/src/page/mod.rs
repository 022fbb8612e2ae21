//! Serves the page: the files that `build/` compiled and compressed, embedded in the function.

mod content_coding;
mod file;

pub(crate) use self::file::{contains, respond};
