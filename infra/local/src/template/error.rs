//! What can be wrong with a template, said so that its author knows where and what to do.

use std::io;
use std::path::PathBuf;

/// A template that cannot be run.
#[derive(Debug, thiserror::Error)]
#[error("{}: {problem}", path.display())]
pub struct TemplateError {
    /// The template.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong. `at` is a place in it: the logical id, then the properties that lead there.
#[derive(Debug, thiserror::Error)]
pub enum Problem {
    /// The file cannot be read.
    #[error("cannot be read ({0}): run this in the folder of a template, or name one with --template")]
    Unreadable(io::Error),
    /// It isn't YAML.
    #[error("is no YAML: {0}; correct it there")]
    NotYaml(String),
    /// A section of the template that isn't run.
    #[error("{0}: the local cloud does not run this section: check its spelling, or leave it out")]
    UnknownSection(String),
    /// A resource of a type that isn't run.
    #[error("{id}: the local cloud does not run {kind}: check its spelling, or leave it out")]
    UnknownType {
        /// The resource.
        id: String,
        /// Its type.
        kind: String,
    },
    /// A property that isn't run.
    #[error("{at}: the local cloud does not run this property: check its spelling, or leave it out")]
    UnknownProperty {
        /// The property.
        at: String,
    },
    /// An intrinsic that isn't run.
    #[error("{at}: the local cloud does not run {name}: write it with Ref, Fn::GetAtt or Fn::Sub")]
    UnknownIntrinsic {
        /// Where it stands.
        at: String,
        /// The intrinsic's long name.
        name: String,
    },
    /// A reference to what isn't there.
    #[error("{at}: there is no resource or parameter {name}: declare it, or correct the name")]
    NoSuchName {
        /// Where it stands.
        at: String,
        /// The name.
        name: String,
    },
    /// A `GetAtt` of an attribute that the resource doesn't have, or that isn't known here.
    #[error("{at}: {id} has no attribute {attribute}{hint}")]
    NoSuchAttribute {
        /// Where it stands.
        at: String,
        /// The resource.
        id: String,
        /// The attribute.
        attribute: String,
        /// What to do about it, if that's known.
        hint: &'static str,
    },
    /// A property that must be there isn't.
    #[error("{at} is missing: write it")]
    Missing {
        /// The property.
        at: String,
    },
    /// A value that can't be meant, or isn't run.
    #[error("{at}: {reason}")]
    Refused {
        /// The property.
        at: String,
        /// Why, and what to write instead.
        reason: String,
    },
}

impl Problem {
    /// A value that isn't accepted.
    pub(super) fn refused(at: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::Refused { at: at.into(), reason: reason.into() }
    }
}
