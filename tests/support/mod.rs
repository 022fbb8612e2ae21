//! What the tests of the whole share: a cloud of their own, people in it, and sockets.

// Each test target uses its own part of this.
#![allow(dead_code, unreachable_pub, unused_imports)]

pub mod answer;
pub mod client;
pub mod cloud;
pub mod logs;
pub mod page;
pub mod patience;
pub mod program;
pub mod reader;
pub mod socket;
pub mod visitor;

pub use answer::Answer;
pub use client::Client;
pub use cloud::TestCloud;
pub use logs::Logs;
pub use page::Page;
pub use patience::{PATIENCE, in_time, until};
pub use program::Program;
pub use reader::Reader;
pub use socket::{ANSWER, Frame, QUESTION, Socket};
pub use visitor::Visitor;

use std::collections::BTreeMap;

/// The events in `events/`, by the names of their files.
pub fn sample_events() -> BTreeMap<String, String> {
    let folder = format!("{}/../../events", env!("CARGO_MANIFEST_DIR"));
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    files
        .map(|path| {
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), std::fs::read_to_string(path).unwrap())
        })
        .collect()
}
