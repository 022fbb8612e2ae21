//! The archive: export and import all notes and comments of a board, as lines of JSON.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::LINK;
use axum::response::{IntoResponse, Response};
use notes::{Imported, NotReached, NoteKey, Writes};
use serde::Serialize;

use crate::app::App;
use crate::authentication::{Owner, Reader};
use crate::problem::Problem;
use crate::request::archive_lines::{ArchiveLines, InvalidLine};
use crate::request::query::{ExportPage, Query};
use crate::response::Ndjson;
use crate::schemas;

/// The time in which an import starts writes. The function's timeout is 20 s, and a started write may be retried.
const IMPORT_TIME: Duration = Duration::from_secs(8);

/// Export a page of all notes of a board with their comments.
///
/// Each line is `{"note": {...}}` or `{"comment": {...}}` with all members. Notes are sorted by key, and each precedes its
/// comments. `Link: <...>; rel="next"` is the address of the next page (RFC 8288). The last page has no such header.
#[utoipa::path(
    get,
    path = "/api/boards/{board}/export",
    operation_id = "exportNotes",
    tag = "notes",
    params(schemas::BoardAddress, schemas::Continuation),
    responses((
        status = 200,
        description = "At most 500 notes and 4 MiB.",
        content_type = "application/x-ndjson",
        body = String,
        headers(("link" = Option<String>)),
    )),
    security(("session" = [])),
    extensions(("x-problems" = json!(["no-such-board", "wrong-values", "quota-reached"]))),
)]
pub(crate) async fn export(
    Reader(on): Reader,
    State(app): State<Arc<App>>,
    Query(ExportPage { cursor }): Query<ExportPage>,
) -> Result<Response, Problem> {
    on.charge_large_read(&app).await?;
    let page = app.archive.on(on.id()).page(cursor.as_ref()).await?;
    let mut response = Ndjson(page.lines).into_response();
    if let Some(next) = page.next {
        let link = format!("</api/boards/{}/export?cursor={next}>; rel=\"next\"", on.id());
        let link = HeaderValue::from_str(&link).expect("a cursor is valid in a URL, and so in a header");
        response.headers_mut().insert(LINK, link);
    }
    Ok(response)
}

/// A line of the response to an import: the outcome of one line of the request.
#[derive(Serialize)]
struct LineReport {
    line: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<NoteKey>,
    outcome: &'static str,
    #[serde(rename = "why", skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

/// The number of lines by outcome, and the lines of the response.
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
        self.add(&LineReport { line, key: Some(key), outcome: "created", reason: None });
    }

    fn skipped(&mut self, line: usize, key: NoteKey) {
        self.skipped += 1;
        self.add(&LineReport { line, key: Some(key), outcome: "skipped", reason: None });
    }

    fn refused(&mut self, line: usize, key: Option<NoteKey>, reason: String) {
        self.refused += 1;
        self.add(&LineReport { line, key, outcome: "refused", reason: Some(reason) });
    }

    fn add(&mut self, report: &LineReport) {
        let line = serde_json::to_string(report).expect("strings and a number are valid JSON");
        self.lines.push_str(&line);
        self.lines.push('\n');
    }
}

/// Import lines of an export into a board, and report the outcome of each line. Only owners of the board may.
///
/// At most 1,000 lines and 4 MiB, in UTF-8. A byte order mark is ignored. Blank lines are counted and have no outcome. The
/// importer of every note and comment is the signed-in user, even if its line names another.
///
/// Each line of the response is `{"line": 1, "key": "...", "outcome": "created" | "skipped" | "refused", "why": "..."}`. If
/// the response has fewer lines than the request, time ran out or the table was too busy. Send the rest again. An import
/// may be repeated safely.
#[utoipa::path(
    post,
    path = "/api/boards/{board}/import",
    operation_id = "importNotes",
    tag = "notes",
    params(schemas::BoardAddress),
    request_body(content = String, content_type = "application/x-ndjson"),
    responses((
        status = 200,
        description = "The outcome of each line.",
        content_type = "application/x-ndjson",
        body = String,
    )),
    security(("session" = [])),
    extensions(("x-problems" = json!(["not-owner", "no-such-board", "board-full", "malformed"]))),
)]
pub(crate) async fn import(
    Owner(on): Owner,
    State(app): State<Arc<App>>,
    ArchiveLines(parsed): ArchiveLines,
) -> Result<Ndjson, Problem> {
    // The table counts a line as 1 KB at least, and the request is charged for its bytes already.
    on.charge(&app, Writes { count: 0, bytes: 1_000 * parsed.len() as u64 }).await?;
    let importer = on.username();
    let lines = parsed.iter().filter_map(|(_, line)| line.as_ref().ok().cloned()).collect();
    let archive = app.archive.on(on.id());
    let mut outcomes = archive.import(lines, importer, Instant::now() + IMPORT_TIME).await.into_iter();
    let mut report = Report::default();
    for (number, line) in parsed {
        let line = match line {
            Ok(line) => line,
            Err(InvalidLine { key, reason }) => {
                report.refused(number, key, reason);
                continue;
            }
        };
        let key = line.key().clone();
        match outcomes.next() {
            Some(Ok(Imported::Created)) => report.created(number, key),
            Some(Ok(Imported::Skipped)) => report.skipped(number, key),
            Some(Ok(Imported::Refused(reason))) => report.refused(number, Some(key), reason.to_string()),
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
