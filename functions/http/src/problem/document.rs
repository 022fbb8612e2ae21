//! The JSON document of a problem.

use std::collections::BTreeMap;

use notes::Note;
use serde::Serialize;
use utoipa::ToSchema;

use crate::schemas;

/// The document of an error response.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Document<'a> {
    /// The address of the description of this kind of problem.
    pub(super) r#type: String,
    /// The name of this kind of problem.
    pub(super) title: &'static str,
    /// The status of the response.
    pub(super) status: u16,
    /// The next step, for people.
    pub(super) detail: &'a str,
    /// The id of the request in the operator's log.
    #[schema(required = false)]
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(super) request_id: &'a str,
    /// The errors of the values, by name. Name and error form a sentence: `title is missing`. At most ten are listed.
    #[schema(required = false, value_type = BTreeMap<String, String>)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) errors: &'a BTreeMap<String, String>,
    /// The current note, if it does not match the request's conditions.
    #[schema(required = false, value_type = schemas::Note)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<&'a Note>,
}
