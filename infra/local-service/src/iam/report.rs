//! The report: unused permissions and denied calls of a template's functions.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use sam_template::{Plan, TemplateError, policy};

use super::usage::{self, Entry, Permission, Refused};

/// Compares the permissions of a template with the recorded calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    functions: BTreeMap<String, Finding>,
}

/// The result for a function.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Finding {
    allowed: usize,
    unused: BTreeSet<Permission>,
    refused: BTreeSet<Refused>,
}

/// The report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The template cannot be read.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The directory cannot be read.
    #[error("cannot read {}: {source}; pass the directory that LOCAL_CLOUD_USAGE named", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The directory has no files of this template.
    #[error(
        "no cloud that ran {} wrote into {}: run the tests with LOCAL_CLOUD_USAGE naming that directory",
        template.display(),
        path.display()
    )]
    Nothing {
        /// The template.
        template: PathBuf,
        /// The directory.
        path: PathBuf,
    },
}

impl Report {
    /// Reads a template, and the calls that its clouds recorded in a directory.
    ///
    /// # Errors
    /// If the template or the directory cannot be read, or the directory has no record of the template.
    pub fn read(template: &Path, directory: &Path) -> Result<Self, ReportError> {
        let plan = sam_template::read(template, &BTreeMap::new())?;
        let entries = usage::read(directory, template)
            .map_err(|source| ReportError::Directory { path: directory.to_owned(), source })?
            .ok_or_else(|| ReportError::Nothing {
                template: template.to_owned(),
                path: directory.to_owned(),
            })?;
        Ok(Self::of(&plan, entries))
    }

    fn of(plan: &Plan, entries: Vec<Entry>) -> Self {
        let mut report = Self::default();
        for function in &plan.functions {
            let allowed = policy::permissions(&function.policies);
            let unused: BTreeSet<_> = allowed.map(|allowed| Permission::of(&function.id, &allowed)).collect();
            let finding = Finding { allowed: unused.len(), unused, refused: BTreeSet::new() };
            report.functions.insert(function.id.clone(), finding);
        }
        for entry in entries {
            match entry {
                Entry::Template(_) => {}
                Entry::Used(permission) => {
                    if let Some(finding) = report.functions.get_mut(&permission.function) {
                        finding.unused.remove(&permission);
                    }
                }
                Entry::Refused(call) => {
                    report.functions.entry(call.function.clone()).or_default().refused.insert(call);
                }
            }
        }
        report
    }

    /// Returns whether every permission was used, and no call was denied.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.functions.values().all(|finding| finding.unused.is_empty() && finding.refused.is_empty())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (function, Finding { allowed, unused, refused }) in &self.functions {
            writeln!(f, "{function}: {} of {allowed} permissions used", allowed - unused.len())?;
            for Permission { action, resource, at, .. } in unused {
                writeln!(f, "  allowed and never used: {action} on {resource}")?;
                writeln!(f, "    remove it from {at}, or add a test that needs it")?;
            }
            for Refused { action, resource, .. } in refused {
                writeln!(f, "  refused: {action} on {resource}")?;
                writeln!(f, "    allow it in {function}.Policies, or remove the call")?;
            }
        }
        Ok(())
    }
}
