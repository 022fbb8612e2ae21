//! Sign-ins that fail, counted: many of them are somebody who guesses.

use metrics::counter;
use notes::SignInError;

/// Counts a sign-in that failed, by why. One that failed because we did is none.
pub(crate) fn failed(why: &SignInError) {
    let reason = match why {
        SignInError::Wrong => "wrong",
        SignInError::TooMany(_) => "too many",
        SignInError::Store(_) => return,
    };
    counter!("SignInsFailed", "Reason" => reason).increment(1);
}
