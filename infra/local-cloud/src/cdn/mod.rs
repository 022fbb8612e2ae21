//! The CDN: the public port. It emulates the template's CloudFront distribution. Without one, it routes to the APIs
//! itself.
//!
//! - `edge`: routes each path to its API
//! - `api`: the APIs, and their own addresses
//! - `cache`: cached responses
//! - `quotas`: CloudFront's limits
//! - `response_headers`: response headers policies

mod api;
mod cache;
mod edge;
mod quotas;
mod response_headers;

pub(crate) use edge::{Cdn, GRACE};
