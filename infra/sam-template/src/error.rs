//! What is wrong with a template, told with the place and what to do about it.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::rc::Rc;

use crate::node::Place;

/// A template that cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The file cannot be read.
    #[error("{}: cannot be read ({source}): run this in the folder of a template, or name one with --template", path.display())]
    Unreadable {
        /// The template.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It is not YAML.
    #[error("{}:{line}: is no YAML: {reason}; correct it there", path.display())]
    NotYaml {
        /// The template.
        path: PathBuf,
        /// The line.
        line: usize,
        /// What the parser says.
        reason: String,
    },
    /// It declares what the local cloud does not run, or what AWS would not deploy.
    #[error("{}", listed(path, problems))]
    NotRun {
        /// The template.
        path: PathBuf,
        /// All there is to correct, in the order of its lines.
        problems: Vec<Problem>,
    },
}

/// One thing to correct in a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it is.
    pub at: Place,
    /// What is wrong, and what to write instead.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.reason)
    }
}

/// One problem on a line of its own; several under a headline, each with the file and line that editors jump to.
fn listed(path: &std::path::Path, problems: &[Problem]) -> String {
    let line = |problem: &Problem| format!("{}:{}: {problem}", path.display(), problem.at.line);
    if let [problem] = problems {
        return line(problem);
    }
    let lines: Vec<String> = problems.iter().map(line).collect();
    format!("{} has {} problems:\n  {}", path.display(), problems.len(), lines.join("\n  "))
}

/// Collects the problems of a template, so that one reading finds them all. Clones add to the same list.
///
/// Whatever reads a part of the template reports what is wrong with it here, and goes on with something harmless in its
/// place: a template with a problem is not run, so that nobody uses what is made of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Problems {
    found: Rc<RefCell<Vec<Problem>>>,
    /// Paths at which nothing more is reported.
    silent: Rc<RefCell<BTreeSet<String>>>,
}

impl Problems {
    /// Adds a problem. Of several at one place the first counts: the others are its consequences.
    pub(crate) fn refuse(&self, at: Place, reason: impl Into<String>) {
        if self.silent.borrow_mut().insert(at.path.clone()) {
            self.found.borrow_mut().push(Problem { at, reason: reason.into() });
        }
    }

    /// Expects no problem at a place: its value depends on something that is a problem already.
    pub(crate) fn silence(&self, at: &Place) {
        self.silent.borrow_mut().insert(at.path.clone());
    }

    /// A section of the template that is not run.
    pub(crate) fn unknown_section(&self, at: Place) {
        self.refuse(at, "the local cloud does not run this section: check its spelling, or leave it out");
    }

    /// A resource of a type that is not run.
    pub(crate) fn unknown_type(&self, at: Place, kind: &str) {
        let reason = format!("the local cloud does not run {kind}: check its spelling, or leave it out");
        self.refuse(at, reason);
    }

    /// A property that is not run.
    pub(crate) fn unknown_property(&self, at: Place) {
        self.refuse(at, "the local cloud does not run this property: check its spelling, or leave it out");
    }

    /// An intrinsic that is not run, by its long name.
    pub(crate) fn unknown_intrinsic(&self, at: Place, name: &str) {
        let reason = format!("the local cloud does not run {name}: write it with Ref, Fn::GetAtt or Fn::Sub");
        self.refuse(at, reason);
    }

    /// A reference to what is not there.
    pub(crate) fn no_such_name(&self, at: Place, name: &str) {
        let reason = format!("there is no resource or parameter {name}: declare it, or correct the name");
        self.refuse(at, reason);
    }

    /// A property that must be there and is not.
    pub(crate) fn missing(&self, at: Place) {
        self.refuse(at, "is missing: write it");
    }

    /// All problems, in the order of their lines. What `Globals` brings into several resources is one.
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
