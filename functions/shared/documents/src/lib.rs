//! Shared documents: texts that several people edit at once.
//!
//! A document is a set of [`Update`]s. Updates commute, and applying one twice changes nothing. So documents that have the
//! same updates have the same text, whatever the order in which the updates came. The format is that of
//! [Yjs](https://docs.yjs.dev), which the page uses: update format 1, one root type [`TEXT`].
//!
//! This crate knows no table, no note and no socket.
//!
//! ```
//! use documents::{ClientId, Document, Update};
//!
//! let mut ada = Document::seed("Milk");
//! let mut bob = Document::seed("Milk");
//! let ours = ada.rewrite("Oat milk", ClientId::new("ada", 1))?;
//! let theirs = bob.rewrite("Milk, eggs", ClientId::new("bob", 2))?;
//! ada.apply(&Update::parse(&theirs)?)?;
//! bob.apply(&Update::parse(&ours)?)?;
//! assert_eq!(ada.text(), "Oat milk, eggs");
//! assert_eq!(ada.text(), bob.text());
//! # Ok::<_, documents::Malformed>(())
//! ```

mod client_id;
mod difference;
mod document;
mod update;

pub use client_id::ClientId;
pub use document::{Document, TEXT, Vector, merge};
pub use update::{Malformed, Update};
