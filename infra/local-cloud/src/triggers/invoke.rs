//! The interface of triggers and schedules to Lambda.

use std::future::Future;

use axum::body::Bytes;

use crate::console::Served;
use crate::lambda::{InvokeError, Lambda};

/// Invokes functions: Lambda's, or a test's.
pub trait Invoke: Clone + Send + Sync + 'static {
    /// Invokes a function by logical id.
    fn invoke(
        &self,
        function: &str,
        payload: Bytes,
    ) -> impl Future<Output = Result<Bytes, InvokeError>> + Send;

    /// Invokes a function, and returns the request id of the invocation, too.
    fn invoke_named(
        &self,
        function: &str,
        payload: Bytes,
    ) -> impl Future<Output = (Served, Result<Bytes, InvokeError>)> + Send {
        let served = Served { function: function.to_owned(), request_id: String::new() };
        async move { (served, self.invoke(function, payload).await) }
    }
}

impl Invoke for Lambda {
    async fn invoke(&self, function: &str, payload: Bytes) -> Result<Bytes, InvokeError> {
        Self::invoke(self, function, payload).await
    }

    async fn invoke_named(&self, function: &str, payload: Bytes) -> (Served, Result<Bytes, InvokeError>) {
        match self.begin(function, payload).await {
            Ok(invocation) => (invocation.served().clone(), invocation.answer().await),
            Err(error) => (Served { function: function.to_owned(), ..Served::default() }, Err(error)),
        }
    }
}
