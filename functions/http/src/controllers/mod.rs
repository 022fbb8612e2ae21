//! The handlers, by what they are about. Each authenticates, fetches, acts, answers.

pub(crate) mod account;
pub(crate) mod archive;
pub(crate) mod comments;
pub(crate) mod notes;
pub(crate) mod openapi;
pub(crate) mod session;
pub(crate) mod sessions;
pub(crate) mod users;
