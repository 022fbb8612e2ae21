//! The strength of a password, for the page's hint.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;

use crate::app::App;
use crate::request::json::JsonBody;
use crate::request::{FromMembers, Members};
use crate::schemas;
use crate::security::Strength;

/// A password, and the names that its user has or wants to have. All of them may be incomplete.
pub(crate) struct StrengthRequest {
    password: String,
    names: [String; 2],
}

impl FromMembers for StrengthRequest {
    fn from_members(members: &mut Members) -> Option<Self> {
        let password = members.required("password", |text| Ok(text.to_owned()));
        let names =
            ["username", "displayName"].map(|name| members.optional(name, |text| Ok(text.to_owned())));
        Some(Self { password: password?, names: names.map(Option::unwrap_or_default) })
    }
}

/// Estimate the strength of a password.
///
/// Only the first 100 characters count. The names of the user, of the product and of the site count as guessed. Nothing is stored
/// or logged.
#[utoipa::path(
    post,
    path = "/api/password-strength",
    operation_id = "estimatePassword",
    tag = "accounts",
    request_body = schemas::StrengthRequest,
    responses((status = 200, description = "The estimate.", body = Strength)),
)]
pub(crate) async fn estimate(
    State(app): State<Arc<App>>,
    JsonBody(StrengthRequest { password, names }): JsonBody<StrengthRequest>,
) -> impl IntoResponse {
    Json(Strength::of(&password, &app.known_words(names.each_ref().map(String::as_str))))
}
