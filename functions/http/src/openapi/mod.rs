//! Generates the OpenAPI document from the attributes of the handlers.
//!
//! The function serves the file `openapi.json`, and a test checks that it is up to date. After a change of a handler,
//! `UPDATE_EXPECT=1 cargo test -p http-function openapi` regenerates the file.

mod document;
mod responses;
