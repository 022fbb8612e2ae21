//! The policy of sign-ups.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::problem::Problem;

/// The policy of sign-ups.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HowToSignUp {
    /// `invitation`: an invitation is required, except for the first account. `code`: the team's code or an invitation is
    /// required. `open`: everybody may.
    #[schema(pattern = "^(?:invitation|code|open)$")]
    policy: &'static str,
    /// Whether there is no account yet. The first one is the administrator's.
    first: bool,
}

/// Show the policy of sign-ups.
#[utoipa::path(
    get,
    path = "/api/sign-up",
    operation_id = "showSignUp",
    tag = "accounts",
    responses((status = 200, description = "Who may create an account.", body = HowToSignUp)),
)]
pub(crate) async fn show(State(app): State<Arc<App>>) -> Result<impl IntoResponse, Problem> {
    let first = app.people.is_nobody_here().await?;
    Ok(Json(HowToSignUp { policy: app.sign_up_policy.name(), first }))
}
