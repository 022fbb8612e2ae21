//! Passkeys (`WebAuthn`): keys of devices with which people sign in instead of with a password.
//!
//! This module stores them. The function `http` asks browsers for them and verifies what they sign. The rows are in the
//! table of accounts, under names that no account can have:
//!
//! | name | row |
//! |---|---|
//! | `passkey#ID` | a passkey. Its id is the SHA-256 of the credential's id, so the name is unique over all accounts |
//! | `challenge#sign-in#CHALLENGE` | a challenge for a sign-in (TTL) |
//! | `challenge#passkey#ada.DIGEST#CHALLENGE` | a challenge for a new passkey, made for this session (TTL) |
//!
//! The row of an account lists the ids of its passkeys. A passkey whose account does not list it is worthless.

mod challenges;
mod passkey;
mod rows;
mod store;

use aws_sdk_dynamodb::Client;

pub use challenges::{Challenge, Purpose};
pub use passkey::{Credential, Passkey, PasskeyId, PasskeyName};
pub(crate) use rows::{deletions, unchanged};

/// The store of the passkeys, and of the challenges for them.
#[derive(Debug, Clone)]
pub struct Passkeys {
    client: Client,
    table: String,
}

impl Passkeys {
    /// The most passkeys of an account.
    pub const MOST: usize = 10;

    /// Creates the store of the passkeys in `table`, which is that of the accounts.
    pub fn new(client: Client, table: impl Into<String>) -> Self {
        Self { client, table: table.into() }
    }
}
