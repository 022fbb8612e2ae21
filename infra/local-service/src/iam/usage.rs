//! Records used permissions and denied calls for the report.
//!
//! Each cloud has its own file. The first use of a permission and the first denial of a call are written at once, each as
//! one line. A killed run loses nothing.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use sam_template::policy::Allowed;

/// The file of a cloud. The default writes nothing.
#[derive(Debug, Default)]
pub struct Usage {
    file: Option<Mutex<File>>,
}

/// A line of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Entry {
    /// The template, in the first line.
    Template(PathBuf),
    /// A permission was used.
    Used(Permission),
    /// A call was denied.
    Refused(Refused),
}

/// A permission of a function: one action on one resource, as in the template.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Permission {
    /// The function.
    pub function: String,
    /// The action, with wildcards.
    pub action: String,
    /// The ARN, with wildcards.
    pub resource: String,
    /// The place of the statement in the template.
    pub at: String,
}

/// A denied call.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Refused {
    /// The function.
    pub function: String,
    /// The action.
    pub action: String,
    /// The ARN of the resource.
    pub resource: String,
}

impl Usage {
    /// Creates a new file in a directory, for a cloud that runs a template.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn begin(directory: &Path, template: &Path) -> io::Result<Self> {
        fs::create_dir_all(directory)?;
        let name = format!("{}.jsonl", uuid::Uuid::new_v4());
        let file = OpenOptions::new().append(true).create_new(true).open(directory.join(name))?;
        let usage = Self { file: Some(Mutex::new(file)) };
        usage.write(&Entry::Template(fs::canonicalize(template)?))?;
        Ok(usage)
    }

    /// Appends a line.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub(super) fn write(&self, entry: &Entry) -> io::Result<()> {
        let Some(file) = &self.file else { return Ok(()) };
        let line = format!("{}\n", serde_json::to_string(entry)?);
        file.lock().unwrap_or_else(PoisonError::into_inner).write_all(line.as_bytes())
    }
}

impl Permission {
    /// Creates a permission of a function from a statement.
    pub(super) fn of(function: &str, Allowed { at, action, resource, .. }: &Allowed<'_>) -> Self {
        let [function, action, resource, at] =
            [function, action, resource, at].map(|text: &str| text.to_owned());
        Self { function, action, resource, at }
    }
}

/// Reads the lines of all clouds that ran a template. Returns `None` if there are no files.
///
/// # Errors
/// If the directory cannot be read.
pub(super) fn read(directory: &Path, template: &Path) -> io::Result<Option<Vec<Entry>>> {
    let template = Entry::Template(fs::canonicalize(template)?);
    let mut found = None;
    for file in fs::read_dir(directory)? {
        let text = fs::read_to_string(file?.path())?;
        // A cloud may be writing the last line. Unreadable lines are skipped.
        let mut entries = text.lines().filter_map(|line| serde_json::from_str(line).ok());
        if entries.next().as_ref() == Some(&template) {
            found.get_or_insert_with(Vec::new).extend(entries);
        }
    }
    Ok(found)
}
