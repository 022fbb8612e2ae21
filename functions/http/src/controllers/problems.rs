//! Descriptions of the kinds of problems.

use axum::Json;
use axum::extract::Path;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{Kind, Problem};

/// The description of a kind of problem, served at the address in the `type` of a problem.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct KindOfProblem {
    r#type: String,
    title: &'static str,
    status: u16,
    description: &'static str,
}

/// Describe a kind of problem.
#[utoipa::path(
    get,
    path = "/api/problems/{kind}",
    operation_id = "describeProblem",
    tag = "about",
    params(("kind" = String, Path, description = "The last segment of a problem's type.", example = "stale")),
    responses((status = 200, description = "The kind of problem, and what to do next.", body = KindOfProblem)),
    extensions(("x-problems" = json!(["no-such-problem"]))),
)]
pub(crate) async fn describe(Path(slug): Path<String>) -> Result<impl IntoResponse, Problem> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.slug() == slug);
    let kind = kind.ok_or_else(|| Problem::new(Kind::NoSuchProblem))?;
    let description = KindOfProblem {
        r#type: kind.address(),
        title: kind.title(),
        status: kind.status().as_u16(),
        description: kind.advice(),
    };
    Ok(([(CACHE_CONTROL, "public, max-age=300")], Json(description)))
}
