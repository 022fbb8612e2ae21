//! Calls that the process of an instance makes to Lambda.

use std::time::{SystemTime, UNIX_EPOCH};

use axum::body::Bytes;
use axum::extract::State;
use sam_template::{ACCOUNT, REGION};
use tokio::sync::{mpsc, oneshot};

use super::error::{ErrorReport, InvokeError};

/// The maximum size of a response in bytes: 6 MB and the space for its envelope.
pub(super) const RESPONSE_LIMIT: usize = 6_291_556;

/// A call of a runtime, or of an extension in its process.
#[derive(Debug)]
pub(super) enum Call {
    /// The runtime is ready for an invocation.
    Next(Waiting),
    /// An invocation has ended. `accepted` receives whether it was the current one.
    Done { request_id: String, outcome: Outcome, accepted: oneshot::Sender<bool> },
    /// The runtime cannot initialise. `accepted` receives whether it was still initialising.
    InitError { report: ErrorReport, accepted: oneshot::Sender<bool> },
    /// An extension registers. `registered` receives its ID.
    Register { extension: NewExtension, registered: oneshot::Sender<Result<Registered, ExtensionRefused>> },
    /// The extension with this ID is ready for an event.
    ExtensionNext { id: String, waiting: WaitingExtension },
    /// The extension with this ID has failed, which ends the instance. `accepted` receives whether the ID is known.
    ExtensionFailed { id: String, kind: String, accepted: oneshot::Sender<bool> },
}

/// The calls of a process, as the handlers of requests get them.
pub(super) type Calls = State<mpsc::Sender<Call>>;

/// Makes a call, and waits for its outcome. Returns `None` if the instance has ended.
pub(super) async fn ask<T>(State(calls): &Calls, call: impl FnOnce(oneshot::Sender<T>) -> Call) -> Option<T> {
    let (sender, outcome) = oneshot::channel();
    calls.send(call(sender)).await.ok()?;
    outcome.await.ok()
}

/// A runtime that waits for an invocation, or for an error if it has not responded to the last one.
pub(super) type Waiting = oneshot::Sender<Result<Delivery, InvalidTransition>>;

/// An extension that waits for an invocation, or for an error if it is unknown.
pub(super) type WaitingExtension = oneshot::Sender<Result<Notice, ExtensionRefused>>;

/// The error of a call that the state of the runtime does not allow.
#[derive(Debug)]
pub(super) struct InvalidTransition;

/// The outcome of an invocation, as the runtime reports it.
#[derive(Debug)]
pub(super) enum Outcome {
    Response(Bytes),
    Error(ErrorReport),
    /// The response was larger than the limit.
    TooLarge,
}

impl Outcome {
    pub(super) fn into_result(self) -> Result<Bytes, InvokeError> {
        match self {
            Self::Response(body) => Ok(body),
            Self::Error(report) => Err(report.into_function_error()),
            Self::TooLarge => Err(InvokeError::Function {
                kind: "Function.ResponseSizeTooLarge".to_owned(),
                message: format!(
                    "Response payload size exceeded maximum allowed payload size ({RESPONSE_LIMIT} bytes)."
                ),
            }),
        }
    }
}

/// An invocation as a runtime receives it.
#[derive(Debug)]
pub(super) struct Delivery {
    pub(super) notice: Notice,
    pub(super) payload: Bytes,
}

/// An invocation without its payload, as an extension receives it.
#[derive(Debug, Clone)]
pub(super) struct Notice {
    pub(super) request_id: String,
    pub(super) function: String,
    pub(super) deadline: SystemTime,
}

impl Notice {
    /// Returns the deadline in milliseconds since 1970.
    pub(super) fn deadline_ms(&self) -> u128 {
        self.deadline.duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()
    }

    /// Returns the name of the function in AWS.
    pub(super) fn arn(&self) -> String {
        format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:{}", self.function)
    }

    /// Returns what X-Ray would find the invocation by.
    pub(super) fn trace(&self) -> String {
        let trace = self.request_id.replace('-', "");
        format!("Root=1-{}-{};Sampled=0", &trace[..8], &trace[8..])
    }
}

/// An extension that registers.
#[derive(Debug)]
pub(super) struct NewExtension {
    pub(super) name: String,
    /// Whether it wants to know of invocations. Otherwise it only delays the end of Init.
    pub(super) wants_invocations: bool,
}

/// An extension that has registered.
#[derive(Debug)]
pub(super) struct Registered {
    pub(super) id: String,
    pub(super) function: String,
}

/// The reason why a call of an extension is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExtensionRefused {
    /// The runtime has asked for its first event.
    Late,
    /// Another extension has its name.
    NameTaken,
    /// There are too many.
    TooMany,
    /// No extension has this ID.
    Unknown,
}
