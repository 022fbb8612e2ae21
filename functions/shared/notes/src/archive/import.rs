//! Putting lines back.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use futures_util::{StreamExt as _, stream};

use super::put::Refusal;
use super::steps::{Step, by_note};
use super::{Archive, Line};
use crate::{StoreError, Username};

/// How many notes are put back at the same time, each with its comments: they make about the 1,000 writes a second
/// that a board takes.
const CONCURRENCY: usize = 8;

/// What came of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// It is there now.
    Created,
    /// It was there already, just so.
    Skipped,
    /// It is not there, or not just so. Nothing was changed.
    Refused(Refusal),
}

/// Why nothing came of a line yet. It may be sent again.
#[derive(Debug, thiserror::Error)]
pub enum NotReached {
    /// There was no more time, or a line before it failed.
    #[error("not reached")]
    Late,
    /// The table failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

type Outcome = Result<Imported, NotReached>;

impl Archive {
    /// Puts lines back as they are: keys, ids, authors, versions and times are kept. Their importer is not: from now on
    /// it is this one. What is there already is remaining as it is, so that all of it may be repeated.
    ///
    /// Lines of one note are put back in their order, those of different notes side by side. No request is begun `until`
    /// then, or after one has failed, but for the first line: something comes of it in any case. There is one outcome
    /// for each line.
    pub async fn import(&self, lines: Vec<Line>, importer: &Username, until: Instant) -> Vec<Outcome> {
        let mut outcomes: Vec<_> = lines.iter().map(|_| Err(NotReached::Late)).collect();
        let over = AtomicBool::new(false);
        let is_over = |line: usize| line > 0 && (over.load(Ordering::Relaxed) || Instant::now() >= until);
        let notes = by_note(lines).into_iter().map(|steps| async {
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
                    // What the others wait for is the same; the first says why.
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
