//! The archive: all notes with their comments, out and back in, as lines of JSON.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::LINK;
use axum::response::{IntoResponse, Response};
use notes::{Imported, NotReached, NoteKey};
use serde::Serialize;

use crate::app::App;
use crate::ndjson::{ArchiveLines, Broken, Ndjson};
use crate::openapi::schemas;
use crate::problem::Problem;
use crate::query::ExportPage;
use crate::signed_in::SignedIn;

/// How long lines are put back. The function has 20 s; a write that is under way may be tried again a few times.
const TIME: Duration = Duration::from_secs(8);

/// Export a page of all notes with their comments.
///
/// A line is `{"note": {...}}` or `{"comment": {...}}`, with all that they are; notes come by key, each before its comments.
/// `Link: <...>; rel="next"` says where the next page is, as long as there is one (RFC 8288).
#[utoipa::path(
    get,
    path = "/api/export",
    operation_id = "exportNotes",
    tag = "notes",
    params(schemas::Continuation),
    responses((
        status = 200,
        description = "At most 500 notes and 4 MiB.",
        content_type = "application/x-ndjson",
        body = String,
        headers(("link" = Option<String>)),
    )),
    security(("session" = [])),
    extensions(("x-problems" = json!(["wrong-values"]))),
)]
pub(crate) async fn export(
    _: SignedIn,
    State(app): State<Arc<App>>,
    ExportPage { cursor }: ExportPage,
) -> Result<Response, Problem> {
    let page = app.archive.page(cursor.as_ref()).await?;
    let mut response = Ndjson(page.lines).into_response();
    if let Some(next) = page.next {
        let link = format!("</api/export?cursor={next}>; rel=\"next\"");
        let link = HeaderValue::from_str(&link).expect("a cursor is safe in a URL, and so in a header");
        response.headers_mut().insert(LINK, link);
    }
    Ok(response)
}

/// What came of a line, as the client is told.
#[derive(Serialize)]
struct Word {
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<NoteKey>,
    outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// How many lines came to what, and of each of them the word on it.
#[derive(Default)]
struct Report {
    created: usize,
    skipped: usize,
    refused: usize,
    lines: String,
}

impl Report {
    fn created(&mut self, line: usize, key: NoteKey) {
        self.created += 1;
        self.add(line, Some(key), "created", None);
    }

    fn skipped(&mut self, line: usize, key: NoteKey) {
        self.skipped += 1;
        self.add(line, Some(key), "skipped", None);
    }

    fn refused(&mut self, line: usize, key: Option<NoteKey>, why: String) {
        self.refused += 1;
        self.add(line, key, "refused", Some(why));
    }

    fn add(&mut self, line: usize, key: Option<NoteKey>, outcome: &'static str, why: Option<String>) {
        let word = serde_json::to_string(&Word { line, key, outcome, why });
        self.lines.push_str(&word.expect("texts and a number may stand in JSON"));
        self.lines.push('\n');
    }
}

/// Put lines of an export back, and say of each what came of it.
///
/// At most 1,000 lines and 4 MiB, in UTF-8. A byte order mark is ignored, and so are blank lines: they are counted, and have
/// no outcome. The importer of every row is who imports it now, whatever its line says. A line of the answer is `{"line": 1, "key": "...", "outcome": "created" | "skipped" |
/// "refused", "why": "..."}`. If there are fewer than were sent, there was no time for the rest, or the table had too much
/// to do: send them again. All of it may be repeated.
#[utoipa::path(
    post,
    path = "/api/import",
    operation_id = "importNotes",
    tag = "notes",
    request_body(content = String, content_type = "application/x-ndjson"),
    responses((
        status = 200,
        description = "What came of each line.",
        content_type = "application/x-ndjson",
        body = String,
    )),
    security(("session" = [])),
    extensions(("x-problems" = json!(["board-full", "malformed"]))),
)]
pub(crate) async fn import(
    SignedIn(session): SignedIn,
    State(app): State<Arc<App>>,
    ArchiveLines(read): ArchiveLines,
) -> Result<Ndjson, Problem> {
    let importer = session.username();
    let lines = read.iter().filter_map(|(_, line)| line.as_ref().ok().cloned()).collect();
    let mut outcomes = app.archive.import(lines, importer, Instant::now() + TIME).await.into_iter();
    let mut report = Report::default();
    for (number, line) in read {
        let line = match line {
            Ok(line) => line,
            Err(Broken { key, why }) => {
                report.refused(number, key, why);
                continue;
            }
        };
        let key = line.key().clone();
        match outcomes.next() {
            Some(Ok(Imported::Created)) => report.created(number, key),
            Some(Ok(Imported::Skipped)) => report.skipped(number, key),
            Some(Ok(Imported::Refused(why))) => report.refused(number, Some(key), why.to_string()),
            Some(Err(NotReached::Store(error))) if report.lines.is_empty() => return Err(error.into()),
            Some(Err(NotReached::Store(error))) => {
                tracing::warn!(%error, "an import stopped: {error}");
                break;
            }
            Some(Err(NotReached::Late)) | None => break,
        }
    }
    let Report { created, skipped, refused, lines } = report;
    tracing::info!(
        %importer, created, skipped, refused,
        "{importer} imported: {created} created, {skipped} skipped, {refused} refused"
    );
    Ok(Ndjson(lines))
}
