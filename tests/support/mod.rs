//! What the tests of the whole share: a cloud of their own, people in it, and sockets.

// Each test target uses its own part of this.
#![allow(dead_code, unreachable_pub, unused_imports)]

pub mod answer;
pub mod client;
pub mod cloud;
pub mod logs;
pub mod page;
pub mod program;
pub mod reader;
pub mod socket;
pub mod visitor;

pub use answer::Answer;
pub use client::Client;
pub use cloud::TestCloud;
pub use logs::Logs;
pub use page::Page;
pub use program::Program;
pub use reader::Reader;
pub use socket::{Frame, Socket};
pub use visitor::Visitor;

use std::collections::BTreeMap;
use std::time::Duration;

/// How long anything in these tests may take before it counts as never.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Waits until something holds.
///
/// # Panics
/// If it does not within [`PATIENCE`].
pub async fn until<F: Future<Output = bool>>(what: &str, mut holds: impl FnMut() -> F) {
    let wait = async {
        while !holds().await {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("never came true: {what}"));
}

/// Waits until a second begins, and gives it. What expires in it has expired, and is not swept by TTL before the next.
pub async fn beginning_second() -> i64 {
    let into = jiff::Timestamp::now().subsec_millisecond().unsigned_abs();
    tokio::time::sleep(Duration::from_millis(1000 - u64::from(into))).await;
    jiff::Timestamp::now().as_second()
}

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
