//! Callers, and the resources that they call.

use std::collections::BTreeSet;

/// The identity behind a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caller {
    /// A function, by logical id.
    Function(String),
    /// An operator, by access key id.
    Operator(String),
}

/// The resource of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Its ARN, which policies match.
    pub arn: String,
    /// Its name in a template: `!GetAtt Orders.Arn`.
    pub written: String,
    /// Partition keys of the items in the call. Policies call them `dynamodb:LeadingKeys`.
    pub keys: BTreeSet<String>,
}

impl Caller {
    /// Returns the name for the ledger.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Function(name) | Self::Operator(name) => name,
        }
    }
}
