//! Error responses: problem documents (RFC 9457).
//!
//! They have two readers. `detail` tells the client what to do next. Causes that only an operator can use, such as a
//! failed table, are logged here once, and the client learns only that the error is internal.

mod document;
mod errors;
mod kind;
mod response;

pub(crate) use self::document::Document;
pub(crate) use self::kind::Kind;
pub(crate) use self::response::Problem;
