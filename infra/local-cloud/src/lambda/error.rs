//! Errors of invocations, and what to do about them.

use std::time::Duration;

use serde::Deserialize;

use sam_template::Function;

/// A failed invocation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvokeError {
    /// No function has this logical id.
    #[error("no function is named {0}: declare it in the template")]
    Unknown(String),
    /// The event holds more than 6 MB.
    #[error("the event is larger than Lambda's limit of 6 MB: make it smaller")]
    TooLarge,
    /// The process could not be started.
    #[error("{function} could not be started: {reason}")]
    Start {
        /// The function.
        function: String,
        /// The error of the system.
        reason: String,
    },
    /// The process ended, or reported an error, before it asked for work.
    #[error("{function} failed to initialise: {reason}")]
    Init {
        /// The function.
        function: String,
        /// The error that it reported, or how it ended.
        reason: String,
    },
    /// The handler returned an error.
    #[error("{kind}: {message}")]
    Function {
        /// The error's type, as the runtime reported it.
        kind: String,
        /// The error's message.
        message: String,
    },
    /// The process ended during the invocation.
    #[error("Runtime exited {0}")]
    Exit(String),
    /// The process needed more memory than the function has. The message is Lambda's, which kills such a process.
    #[error("Runtime exited with error: signal: killed (Runtime.OutOfMemory)")]
    OutOfMemory,
    /// An extension of the function reported that it failed, which ends the process.
    #[error("the extension {name} failed: {kind}")]
    Extension {
        /// The extension.
        name: String,
        /// The error's type, as the extension reported it.
        kind: String,
    },
    /// The reserved concurrency of the function is in use. Lambda returns 429 and `TooManyRequestsException`.
    #[error("Rate Exceeded.")]
    Throttled,
    /// The invocation took longer than the function's timeout, and its process was killed.
    #[error("Task timed out after {:.2} seconds", .0.as_secs_f64())]
    Timeout(Duration),
    /// The cloud is stopping.
    #[error("the cloud is stopping")]
    Stopped,
}

impl InvokeError {
    /// Returns what to do about the error, unless the message says so.
    pub(super) fn advice(&self, function: &Function) -> Option<String> {
        let Function { id, memory_mb, timeout, reserved_concurrency, .. } = function;
        match self {
            Self::Start { .. } => Some("build it again, and check that you may execute it".to_owned()),
            Self::Init { .. } | Self::Function { .. } | Self::Exit(_) | Self::Extension { .. } => {
                Some("its log may show the reason".to_owned())
            }
            Self::OutOfMemory => {
                Some(format!("{id}.MemorySize is {memory_mb} MB: raise it, or use less memory"))
            }
            Self::Throttled => {
                let places = reserved_concurrency.unwrap_or_default();
                Some(format!(
                    "{id}.ReservedConcurrentExecutions is {places}: raise it, or make fewer concurrent calls"
                ))
            }
            Self::Timeout(_) => {
                let seconds = timeout.as_secs();
                Some(format!("{id}.Timeout is {seconds} s: raise it, or make the function faster"))
            }
            Self::Unknown(_) | Self::TooLarge | Self::Stopped => None,
        }
    }
}

/// The error report that a runtime posts when a handler, or its own initialisation, fails.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct ErrorReport {
    error_type: String,
    error_message: String,
}

impl ErrorReport {
    /// Parses a report: JSON, text, or nothing. `kind` is the error type of a report that has none.
    pub(super) fn parse(body: &[u8], kind: Option<&str>) -> Self {
        let mut report: Self = serde_json::from_slice(body).unwrap_or_else(|_| Self {
            error_type: String::new(),
            error_message: String::from_utf8_lossy(body).into_owned(),
        });
        if report.error_type.is_empty() {
            kind.unwrap_or("Runtime.Unknown").clone_into(&mut report.error_type);
        }
        report
    }

    pub(super) fn into_function_error(self) -> InvokeError {
        InvokeError::Function { kind: self.error_type, message: self.error_message }
    }

    pub(super) fn into_init_error(self, function: &str) -> InvokeError {
        let reason = format!("{}: {}", self.error_type, self.error_message);
        InvokeError::Init { function: function.to_owned(), reason }
    }
}
