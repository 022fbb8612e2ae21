//! What functions used of what they may do, and what they were refused, written down for the report.
//!
//! Every cloud has a file of its own. A line is written when something happens for the first time, in one piece: a run
//! that is killed has lost nothing.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use sam_template::policy::Allowed;

/// Where it's written down. The default writes nothing.
#[derive(Debug, Default)]
pub struct Usage {
    file: Option<Mutex<File>>,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Entry {
    /// The first: of which template all others tell.
    Template(PathBuf),
    /// A call made use of this.
    Used(Permission),
    /// A call was refused.
    Refused(Refused),
}

/// One action on one resource that a function may do, as the template writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Permission {
    /// The function.
    pub function: String,
    /// The action, with wildcards.
    pub action: String,
    /// The ARN, with wildcards.
    pub resource: String,
    /// The statement.
    pub at: String,
}

/// A call that a function may not make.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Refused {
    /// The function.
    pub function: String,
    /// What it would have done.
    pub action: String,
    /// On what, an ARN.
    pub resource: String,
}

impl Usage {
    /// A file of its own in this directory, for a cloud that runs this template.
    pub fn begin(directory: &Path, template: &Path) -> io::Result<Self> {
        fs::create_dir_all(directory)?;
        let name = format!("{}.jsonl", uuid::Uuid::new_v4());
        let file = OpenOptions::new().append(true).create_new(true).open(directory.join(name))?;
        let usage = Self { file: Some(Mutex::new(file)) };
        usage.write(&Entry::Template(fs::canonicalize(template)?))?;
        Ok(usage)
    }

    /// Writes something down.
    pub(super) fn write(&self, entry: &Entry) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let line = format!("{}\n", serde_json::to_string(entry)?);
        file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes())
    }
}

impl Permission {
    /// What a statement allows a function.
    pub(super) fn of(function: &str, Allowed { at, action, resource, .. }: &Allowed<'_>) -> Self {
        let [function, action, resource, at] =
            [function, action, resource, at].map(|text: &str| text.to_owned());
        Self { function, action, resource, at }
    }
}

/// What all clouds that ran this template have written into a directory; `None` if there was none.
pub(super) fn read(directory: &Path, template: &Path) -> io::Result<Option<Vec<Entry>>> {
    let template = Entry::Template(fs::canonicalize(template)?);
    let mut found = None;
    for file in fs::read_dir(directory)? {
        let text = fs::read_to_string(file?.path())?;
        // The last line may be in the middle of being written, and then isn't yet.
        let mut entries = text.lines().filter_map(|line| serde_json::from_str(line).ok());
        if entries.next().as_ref() == Some(&template) {
            found.get_or_insert_with(Vec::new).extend(entries);
        }
    }
    Ok(found)
}
