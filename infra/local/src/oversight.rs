//! What stands by at every call that functions make of the cloud: who may make it, what goes wrong with it on purpose, and
//! the ledger that it is put down in.

use crate::faults::Faults;
use crate::iam::Iam;
use crate::ledger::Ledger;

/// What stands by at every call. Cheap to clone; clones share it. By default everybody may do all, and nothing goes wrong.
#[derive(Debug, Clone, Default)]
pub struct Oversight {
    /// Who called what.
    pub ledger: Ledger,
    /// What goes wrong on purpose.
    pub faults: Faults,
    /// Who may do what.
    pub iam: Iam,
}

impl From<Ledger> for Oversight {
    fn from(ledger: Ledger) -> Self {
        Self { ledger, ..Self::default() }
    }
}
