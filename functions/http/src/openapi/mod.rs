//! The OpenAPI document, made of what stands above the handlers.
//!
//! It is made by a test, which holds `openapi.json` to it; the function serves that file. `UPDATE_EXPECT=1 cargo test -p
//! http-function` writes it anew.

pub(crate) mod schemas;

#[cfg(test)]
mod document;
#[cfg(test)]
mod problems;
