//! Ctrl-C, and the system's requests to end.

/// Resolves at Ctrl-C, or when the system asks the process to end. Signals count from this call on.
///
/// # Errors
/// If the signal handlers cannot be installed.
pub(crate) fn interrupted() -> std::io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let mut hangup = signal(SignalKind::hangup())?;
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
                _ = hangup.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    Ok(async {
        // Without the handler, Ctrl-C ends the process at once, which is fine, too.
        let _ = tokio::signal::ctrl_c().await;
    })
}
