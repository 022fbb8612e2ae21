//! Parses requests: the gateway's event, headers, paths, queries and bodies. Invalid input becomes a `Problem`.

pub(crate) mod archive_lines;
mod body;
pub(crate) mod conditions;
pub(crate) mod event;
pub(crate) mod fields;
pub(crate) mod headers;
pub(crate) mod id;
pub(crate) mod json;
mod members;
mod notes;
mod path;
pub(crate) mod query;
mod surrogates;
mod utf8;

pub(crate) use self::members::{FromMembers, Members};
pub(crate) use self::path::{NoteKeyInPath, PathValues};
