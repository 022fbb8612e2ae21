//! Steps before and after every handler.

pub(crate) mod access_log;
pub(crate) mod body_size;
pub(crate) mod edge_check;
pub(crate) mod origin_check;
pub(crate) mod path_check;
pub(crate) mod problem_documents;
pub(crate) mod security_headers;
pub(crate) mod time_budget;
