//! Importing lines.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use futures_util::{StreamExt as _, stream};

use super::put::Refusal;
use super::steps::{Step, by_note};
use super::{Archive, Line};
use crate::{StoreError, Username};

/// The number of notes that are imported at the same time, each with its comments. They cause about the 1,000 writes a
/// second that a board takes.
const CONCURRENCY: usize = 8;

/// The outcome of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// The line was imported.
    Created,
    /// The same note or comment existed already.
    Skipped,
    /// The line was refused. Nothing was changed.
    Refused(Refusal),
}

/// Explains why a line was not imported yet. It may be sent again.
#[derive(Debug, thiserror::Error)]
pub enum NotReached {
    /// The time was up, or an earlier line failed.
    #[error("not reached")]
    Late,
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Outcome = Result<Imported, NotReached>;

impl Archive {
    /// Imports lines. Keys, ids, authors, versions and times stay as they are. `importer` becomes their importer.
    /// Existing notes and comments are not changed, so that an import may be repeated.
    ///
    /// Lines of one note are imported in order, and those of different notes in parallel. No request begins after
    /// `until`, or after a failure, except for the first line. There is one outcome per line.
    pub async fn import(&self, lines: Vec<Line>, importer: &Username, until: Instant) -> Vec<Outcome> {
        let mut outcomes: Vec<_> = lines.iter().map(|_| Err(NotReached::Late)).collect();
        let over = AtomicBool::new(false);
        let is_over = |line: usize| line > 0 && (over.load(Ordering::Relaxed) || Instant::now() >= until);
        let notes = by_note(&self.board, lines).into_iter().map(|steps| async {
            let mut done = Vec::new();
            for step in steps {
                if is_over(step.first_line()) {
                    break;
                }
                let outcomes = self.take(step, importer).await;
                over.fetch_or(outcomes.iter().any(|(_, outcome)| outcome.is_err()), Ordering::Relaxed);
                done.extend(outcomes);
            }
            done
        });
        let mut notes = stream::iter(notes).buffer_unordered(CONCURRENCY);
        while let Some(done) = notes.next().await {
            for (line, outcome) in done {
                outcomes[line] = outcome;
            }
        }
        outcomes
    }

    async fn take(&self, step: Step, importer: &Username) -> Vec<(usize, Outcome)> {
        match step {
            Step::Note(line, note) => {
                vec![(line, self.put_note(&note, importer).await.map_err(NotReached::from))]
            }
            Step::Comments(thread, comments) => {
                let (lines, comments): (Vec<_>, Vec<_>) = comments.into_iter().unzip();
                match self.put_comments(&thread, comments, importer).await {
                    Ok(outcomes) => lines.into_iter().zip(outcomes.into_iter().map(Ok)).collect(),
                    // All wait for the same reason, which the first reports.
                    Err(error) => {
                        let errors = [Err(error.into())].into_iter();
                        let errors = errors.chain(std::iter::repeat_with(|| Err(NotReached::Late)));
                        lines.into_iter().zip(errors).collect()
                    }
                }
            }
        }
    }
}
