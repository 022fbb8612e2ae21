//! The key of a note in a request's path.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use notes::NoteKey;

use super::fields::FieldErrors;
use crate::problem::Problem;

/// The key of the note that the path names.
pub(crate) struct NoteKeyInPath(pub(crate) NoteKey);

impl<S: Send + Sync> FromRequestParts<S> for NoteKeyInPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Ok(Path(path)) = Path::<HashMap<String, String>>::from_request_parts(parts, state).await else {
            return Err(Problem::malformed("The path is not valid UTF-8. Encode it as UTF-8."));
        };
        let mut errors = FieldErrors::default();
        let key = errors.check("key", NoteKey::parse(path.get("key").map_or("", String::as_str)));
        errors.finish(key).map(Self)
    }
}
