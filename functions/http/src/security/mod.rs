//! The cookies of sessions and devices, who may sign up, and the rules for new passwords.

pub(crate) mod device_cookie;
mod new_password;
mod session_cookie;
mod set_cookie;
mod sign_up_code;
mod sign_up_policy;

pub(crate) use self::new_password::NewPassword;
pub(crate) use self::session_cookie::SessionCookie;
use self::sign_up_code::SignUpCode;
pub(crate) use self::sign_up_policy::SignUpPolicy;
