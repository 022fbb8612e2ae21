//! The handlers, by subject. Each authenticates, fetches, acts and responds.

pub(crate) mod account;
pub(crate) mod administration;
pub(crate) mod archive;
pub(crate) mod backlinks;
pub(crate) mod boards;
pub(crate) mod comments;
pub(crate) mod documents;
pub(crate) mod notes;
pub(crate) mod openapi;
pub(crate) mod passkey_sign_in;
pub(crate) mod passkeys;
pub(crate) mod password_strength;
pub(crate) mod problems;
pub(crate) mod session;
pub(crate) mod sessions;
pub(crate) mod sign_up;
pub(crate) mod trash;
pub(crate) mod users;
pub(crate) mod versions;
