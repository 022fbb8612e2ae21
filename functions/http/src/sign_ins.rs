//! Sign-ins that fail, counted and logged: many of them are somebody who guesses.

use metrics::counter;
use notes::SignInError;

use crate::app::App;
use crate::used_from::UsedFrom;

/// The metric that counts sign-ins that failed, by reason.
pub(crate) const SIGN_INS_FAILED: &str = "SignInsFailed";

/// Counts and logs a sign-in that failed, with the pseudonym of whose it was to be, and from where. One that failed
/// because we did is none.
pub(crate) async fn failed(app: &App, typed: &str, from: &UsedFrom, why: &SignInError) {
    let reason = match why {
        SignInError::Wrong => "wrong",
        SignInError::TooMany(_) => "too many",
        SignInError::Store(_) => return,
    };
    counter!(SIGN_INS_FAILED, "Reason" => reason).increment(1);
    let account = app.pseudonyms.of(typed).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "no pseudonym for a sign-in: {error}");
        String::new()
    });
    let address = &from.0.address;
    tracing::warn!(reason, account, address, "sign-in failed ({reason}) of {account} from {address}");
}
