//! Comments on notes. They are written over the socket; here the older ones are read.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::response::IntoResponse;
use notes::{Comment, CommentId, Thread};
use serde::Serialize;

use super::notes::Key;
use crate::app::App;
use crate::problem::Problem;
use crate::query::CommentPage;
use crate::signed_in::SignedIn;

/// A page of comments.
#[derive(Serialize)]
struct Comments {
    comments: Vec<Comment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<CommentId>,
}

/// `GET /api/notes/{key}/comments`: the comments on a note, newest first.
pub(crate) async fn list(
    _: SignedIn,
    State(app): State<Arc<App>>,
    Key(key): Key,
    CommentPage { limit, cursor }: CommentPage,
) -> Result<impl IntoResponse, Problem> {
    let note = app.notes.read(&key).await?.ok_or_else(Problem::no_such_note)?;
    let page = app.comments.page(&Thread::of(&note), limit, cursor.as_ref()).await?;
    Ok(Json(Comments { comments: page.comments, cursor: page.next }))
}
