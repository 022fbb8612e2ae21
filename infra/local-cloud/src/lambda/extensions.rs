//! The extensions in the process of an instance.

use super::call::{ExtensionRefused, NewExtension, Notice, WaitingExtension};

/// The number of extensions that a function may have.
/// (`MaxAgentsAllowed` in <https://github.com/aws/aws-lambda-runtime-interface-emulator>)
pub(super) const LIMIT: usize = 10;

/// The extensions that have registered.
#[derive(Debug, Default)]
pub(super) struct Extensions(Vec<Extension>);

#[derive(Debug)]
struct Extension {
    id: String,
    name: String,
    wants_invocations: bool,
    /// Its request for an event. `None` while it works.
    waiting: Option<WaitingExtension>,
}

impl Extensions {
    /// Registers an extension, and returns its ID.
    pub(super) fn register(&mut self, new: NewExtension) -> Result<String, ExtensionRefused> {
        if self.0.iter().any(|extension| extension.name == new.name) {
            return Err(ExtensionRefused::NameTaken);
        }
        if self.0.len() >= LIMIT {
            return Err(ExtensionRefused::TooMany);
        }
        let id = uuid::Uuid::new_v4().to_string();
        let NewExtension { name, wants_invocations } = new;
        self.0.push(Extension { id: id.clone(), name, wants_invocations, waiting: None });
        Ok(id)
    }

    /// Takes the request of an extension for an event.
    pub(super) fn wait(&mut self, id: &str, waiting: WaitingExtension) {
        match self.0.iter_mut().find(|extension| extension.id == id) {
            Some(extension) => extension.waiting = Some(waiting),
            // Sending fails if the extension has hung up, which is harmless.
            None => drop(waiting.send(Err(ExtensionRefused::Unknown))),
        }
    }

    /// Returns the name of an extension.
    pub(super) fn name(&self, id: &str) -> Option<&str> {
        self.0.iter().find(|extension| extension.id == id).map(|extension| &*extension.name)
    }

    /// Returns whether no extension works. The environment waits for those that do.
    pub(super) fn all_wait(&self) -> bool {
        self.0.iter().all(|extension| extension.waiting.is_some())
    }

    /// Tells the extensions that want to know of an invocation.
    pub(super) fn notify(&mut self, notice: &Notice) {
        for extension in self.0.iter_mut().filter(|extension| extension.wants_invocations) {
            if let Some(waiting) = extension.waiting.take() {
                // An extension that has hung up asks again.
                let _ = waiting.send(Ok(notice.clone()));
            }
        }
    }
}
