//! Counts and logs failed sign-ins. Many of them mean that somebody is guessing passwords.

use metrics::counter;
use notes::SignInError;

use super::Client;
use crate::app::App;

/// The metric that counts failed sign-ins, by reason.
pub(crate) const SIGN_INS_FAILED: &str = "SignInsFailed";

/// Counts and logs a failed sign-in, with the account's pseudonym and the client's address. `username` is empty if the
/// passkey is unknown.
///
/// Ignores failures of the store, which are not the client's.
pub(crate) async fn record(app: &App, username: &str, client: &Client, error: &SignInError) {
    let reason = match error {
        SignInError::Wrong => "wrong",
        SignInError::WrongPasskey => "wrong passkey",
        SignInError::TooMany(_) => "too many",
        SignInError::Disabled => "disabled",
        SignInError::Store(_) => return,
    };
    counter!(SIGN_INS_FAILED, "Reason" => reason).increment(1);
    let account = app.pseudonyms.of(username).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "no pseudonym for a sign-in: {error}");
        String::new()
    });
    let address = &client.0.address;
    tracing::warn!(reason, account, address, "sign-in failed ({reason}) of {account} from {address}");
}
