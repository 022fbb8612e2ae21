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
pub mod samples;
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
pub use samples::{begin_the_samples_session, sample_events, visit};
pub use socket::{ANSWER, Frame, QUESTION, Socket};
pub use visitor::Visitor;
