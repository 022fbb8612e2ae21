//! Charges changes to the quota of the user who makes them.

use axum::http::request::Parts;
use notes::{ArchivePage, Session, Writes};

use crate::app::App;
use crate::middleware::body_size::BodySize;
use crate::problem::Problem;

/// The charge for a page of an export, or a count, whatever it reads. A board can be read about twelve times as fast as it can
/// be written: 3,000 read units of 4 KB per second, and 1,000 write units of 1 KB.
pub(super) const LARGE_READ: Writes = Writes { count: 0, bytes: ArchivePage::LARGEST as u64 / 12 };

/// Charges a request for what it changes: a write, and the bytes of its body. Requests that only read cost nothing.
///
/// Returns 429 if the user has reached the quota.
pub(super) async fn charge_change(app: &App, parts: &Parts, session: &Session) -> Result<(), Problem> {
    if parts.method.is_safe() {
        return Ok(());
    }
    let BodySize(bytes) = parts.extensions.get().copied().unwrap_or(BodySize(0));
    charge(app, session, Writes::one(bytes)).await
}

/// Charges a user for writes.
///
/// Returns 429 if the user has reached the quota.
pub(super) async fn charge(app: &App, session: &Session, writes: Writes) -> Result<(), Problem> {
    let charged = app.quota.charge(session.username(), writes).await?;
    charged.map_err(Problem::quota_reached)
}
