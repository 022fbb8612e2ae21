//! Identifies the client of a request: its address, its session, and whether it is an administrator's.

mod administrator;
mod client_address;
pub(crate) mod failed_sign_ins;
mod signed_in;

pub(crate) use self::administrator::Administrator;
pub(crate) use self::client_address::Client;
pub(crate) use self::signed_in::SignedIn;
