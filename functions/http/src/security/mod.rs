//! The session cookie, the sign-up code, and the rules for new passwords.

mod new_password;
mod session_cookie;
mod sign_up_code;

pub(crate) use self::new_password::NewPassword;
pub(crate) use self::session_cookie::SessionCookie;
pub(crate) use self::sign_up_code::SignUpCode;
