//! The cookies of sessions and devices, who may sign up, the rules for new passwords, the estimate of their strength, and the
//! verification of passkeys.

pub(crate) mod device_cookie;
mod known_words;
mod new_password;
pub(crate) mod passkeys;
mod session_cookie;
mod set_cookie;
mod sign_up_code;
mod sign_up_policy;
mod strength;

pub(crate) use self::known_words::KnownWords;
pub(crate) use self::new_password::NewPassword;
pub(crate) use self::session_cookie::SessionCookie;
use self::sign_up_code::SignUpCode;
pub(crate) use self::sign_up_policy::SignUpPolicy;
pub(crate) use self::strength::Strength;
