//! What a trigger needs of Lambda.

use std::future::Future;

use axum::body::Bytes;

use crate::lambda::{InvokeError, Lambda};

/// Functions that can be invoked: Lambda's, or a test's.
pub trait Invoke: Clone + Send + Sync + 'static {
    /// Invokes a function, by logical id.
    fn invoke(
        &self,
        function: &str,
        payload: Bytes,
    ) -> impl Future<Output = Result<Bytes, InvokeError>> + Send;
}

impl Invoke for Lambda {
    async fn invoke(&self, function: &str, payload: Bytes) -> Result<Bytes, InvokeError> {
        Self::invoke(self, function, payload).await
    }
}
