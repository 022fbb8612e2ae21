//! Warnings for the user of a local service.

use std::fmt;
use std::sync::Arc;

/// Receives a warning: its source (`dynamodb`, or a function) and its text.
type Receiver = dyn Fn(&str, &str) + Send + Sync;

/// Passes warnings to a receiver. Cheap to clone. The default drops them.
#[derive(Clone, Default)]
pub struct Warnings {
    receiver: Option<Arc<Receiver>>,
}

impl Warnings {
    /// Passes every warning to `receiver`.
    pub fn to(receiver: impl Fn(&str, &str) + Send + Sync + 'static) -> Self {
        Self { receiver: Some(Arc::new(receiver)) }
    }

    /// Sends a warning.
    pub fn warn(&self, source: &str, text: &str) {
        if let Some(receiver) = &self.receiver {
            receiver(source, text);
        }
    }
}

impl fmt::Debug for Warnings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Warnings").finish_non_exhaustive()
    }
}
