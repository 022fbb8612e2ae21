//! The values in a request's path.

use std::collections::HashMap;

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use notes::NoteKey;

use super::fields::FieldErrors;
use crate::problem::Problem;

/// The values in the path, by the names of the route's parameters.
pub(crate) struct PathValues(HashMap<String, String>);

impl PathValues {
    /// Returns a value. It is empty if the route has no such parameter.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for PathValues {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::from_request_parts(parts, state).await {
            Ok(Path(values)) => Ok(Self(values)),
            Err(_) => Err(Problem::malformed("The path is not valid UTF-8. Encode it as UTF-8.")),
        }
    }
}

/// The key of the note that the path names.
pub(crate) struct NoteKeyInPath(pub(crate) NoteKey);

impl<S: Send + Sync> FromRequestParts<S> for NoteKeyInPath {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = PathValues::from_request_parts(parts, state).await?;
        let mut errors = FieldErrors::default();
        let key = errors.check("key", NoteKey::parse(path.get("key")));
        errors.finish(key).map(Self)
    }
}
