//! Responses that several handlers share.

pub(crate) mod methods;
mod ndjson;
mod note;

pub(crate) use self::ndjson::Ndjson;
pub(crate) use self::note::NoteResponse;
