//! The audit record.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use notes::{AuditId, AuditRecord};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::authentication::Administrator;
use crate::problem::Problem;
use crate::request::query::{Page, Query};
use crate::schemas;

/// A page of the audit, newest record first.
#[derive(Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Records {
    /// At most `limit` records.
    #[schema(value_type = Vec<schemas::AuditRecord>, max_items = 100)]
    records: Vec<AuditRecord>,
    /// The cursor of the next page. Absent on the last page.
    #[schema(value_type = Option<schemas::Cursor>, nullable = false)]
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<AuditId>,
}

/// List the actions of administrators, newest first.
#[utoipa::path(
    get,
    path = "/api/admin/audit",
    operation_id = "listAuditRecords",
    tag = "administration",
    params(schemas::Page),
    responses((status = 200, description = "A page of records.", body = Records)),
    security(("session" = [])),
    extensions(("x-problems" = json!(["not-administrator", "wrong-values"]))),
)]
pub(crate) async fn list(
    _: Administrator,
    State(app): State<Arc<App>>,
    Query(Page { limit, cursor }): Query<Page<AuditId>>,
) -> Result<impl IntoResponse, Problem> {
    let (records, more) = app.audit.page(cursor.as_ref(), limit).await?;
    let cursor = records.last().filter(|_| more).map(|last| last.id.clone());
    Ok(Json(Records { records, cursor }))
}
