//! HTTP APIs: a request becomes an event of payload format 2.0, and the function's response becomes an HTTP response.
//!
//! - `gateway`: a running API
//! - `event`: the event of a function
//! - `response`: the response to the client
//! - `route`: selects the route of a request

mod event;
mod gateway;
mod response;
mod route;

pub(crate) use gateway::HttpApi;
