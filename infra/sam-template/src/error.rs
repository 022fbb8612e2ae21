//! Problems of a template, each with its place and advice.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;

use crate::node::Place;

/// A template cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The file cannot be read.
    #[error("{}: cannot be read ({source}): run this in the folder of a template, or name one with --template", path.display())]
    Unreadable {
        /// The template.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file is not YAML.
    #[error("{}:{line}: is not valid YAML: {reason}; correct this line", path.display())]
    NotYaml {
        /// The template.
        path: PathBuf,
        /// The line.
        line: usize,
        /// The parser's message.
        reason: String,
    },
    /// The template declares something that the local cloud does not support, or AWS would not deploy.
    #[error("{}", listed(path, problems))]
    NotRun {
        /// The template.
        path: PathBuf,
        /// All problems, in the order of lines.
        problems: Vec<Problem>,
    },
}

/// A problem of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The place.
    pub at: Place,
    /// The reason, and the advice.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.reason)
    }
}

/// Formats one problem as a line, or several below a headline. Editors can jump to the file and line of each.
fn listed(path: &std::path::Path, problems: &[Problem]) -> String {
    let line = |problem: &Problem| format!("{}:{}: {problem}", path.display(), problem.at.line);
    if let [problem] = problems {
        return line(problem);
    }
    let lines: Vec<String> = problems.iter().map(line).collect();
    format!("{} has {} problems:\n  {}", path.display(), problems.len(), lines.join("\n  "))
}

/// Collects the problems of a template, so that one run finds them all. Clones share the list.
///
/// A reader reports a problem here, and continues with a harmless value. That value is never used, since a template with
/// problems is not run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Problems {
    found: Rc<RefCell<Vec<Problem>>>,
    /// Paths at which no more problems are reported.
    silent: Rc<RefCell<BTreeSet<String>>>,
}

impl Problems {
    /// Adds a problem. Only the first at each place is kept, since the others are its consequences.
    pub(crate) fn refuse(&self, at: Place, reason: impl Into<String>) {
        if self.silent.borrow_mut().insert(at.path.clone()) {
            self.found.borrow_mut().push(Problem { at, reason: reason.into() });
        }
    }

    /// Suppresses problems at a place whose value depends on a reported problem.
    pub(crate) fn silence(&self, at: &Place) {
        self.silent.borrow_mut().insert(at.path.clone());
    }

    /// Reports an unsupported section.
    pub(crate) fn unknown_section(&self, at: Place) {
        self.refuse(at, "the local cloud does not support this section: check its spelling, or remove it");
    }

    /// Reports a resource of an unsupported type.
    pub(crate) fn unknown_type(&self, at: Place, kind: &str) {
        let reason = format!("the local cloud does not support {kind}: check its spelling, or remove it");
        self.refuse(at, reason);
    }

    /// Reports an unsupported property.
    pub(crate) fn unknown_property(&self, at: Place) {
        self.refuse(at, "the local cloud does not support this property: check its spelling, or remove it");
    }

    /// Reports an unsupported intrinsic by its long name.
    pub(crate) fn unknown_intrinsic(&self, at: Place, name: &str) {
        let reason = format!("the local cloud does not support {name}: use Ref, Fn::GetAtt or Fn::Sub");
        self.refuse(at, reason);
    }

    /// Reports a reference to a missing resource or parameter.
    pub(crate) fn no_such_name(&self, at: Place, name: &str) {
        let reason = format!("there is no resource or parameter {name}: declare it, or correct the name");
        self.refuse(at, reason);
    }

    /// Reports a missing property.
    pub(crate) fn missing(&self, at: Place) {
        self.refuse(at, "is missing: write it");
    }

    /// Returns all problems in the order of lines. A problem of `Globals` counts once for all resources.
    pub(crate) fn into_list(self) -> Vec<Problem> {
        let mut found = self.found.take();
        found.sort_by_key(|problem| problem.at.line);
        let mut known = BTreeSet::new();
        found.retain(|Problem { at, reason }| {
            let name = at.path.rsplit('.').next().unwrap_or_default().to_owned();
            known.insert((at.line, name, reason.clone()))
        });
        found
    }
}
