//! Fixtures of the tests of the whole: a local cloud, its users, and sockets.

// Each test target uses some of these items only.
#![allow(dead_code, unreachable_pub, unused_imports)]

pub mod authenticator;
pub mod client;
pub mod cloud;
pub mod logs;
pub mod page;
pub mod patience;
pub mod program;
pub mod reader;
pub mod response;
pub mod samples;
pub mod socket;
pub mod test_user;

pub use authenticator::Authenticator;
pub use client::Client;
pub use cloud::TestCloud;
pub use logs::Logs;
pub use page::Page;
pub use patience::{PATIENCE, in_time, until};
pub use program::Program;
pub use reader::Reader;
pub use response::Response;
pub use samples::{begin_the_samples_session, sample_events, visit};
pub use socket::{CONNECT_ERROR, CONNECT_UNKNOWN, Frame, JOIN_HOME, Socket};
pub use test_user::TestUser;
