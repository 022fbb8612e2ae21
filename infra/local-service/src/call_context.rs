//! The context of every call that a function makes: permissions, faults, and the ledger.

use crate::faults::FaultInjector;
use crate::iam::Iam;
use crate::ledger::Ledger;
use crate::warnings::Warnings;

/// The context of every call to a local service. Cheap to clone; clones share it. By default every call is allowed and
/// nothing fails.
#[derive(Debug, Clone, Default)]
pub struct CallContext {
    /// Records the calls.
    pub ledger: Ledger,
    /// Makes calls fail.
    pub faults: FaultInjector,
    /// Authenticates and authorizes callers.
    pub iam: Iam,
    /// Receives warnings for the user.
    pub warnings: Warnings,
}

impl From<Ledger> for CallContext {
    fn from(ledger: Ledger) -> Self {
        Self { ledger, ..Self::default() }
    }
}
