// Runs one request at a time, even if it is requested several times.

/**
 * Returns a function that runs `run`, unless it is running. A call meanwhile runs it once more afterwards, because the current
 * run may have begun before the reason for the call. Resolves after a run that began after the call.
 */
export function coalesce(run: () => Promise<void>): () => Promise<void> {
  let current: Promise<void> | undefined;
  let next: Promise<void> | undefined;
  const start = () => {
    const started = run().finally(() => {
      if (current === started) current = undefined;
    });
    current = started;
    return started;
  };
  return () => {
    if (current === undefined) return start();
    next ??= current
      .catch(() => {})
      .then(() => {
        next = undefined;
        return current ?? start();
      });
    return next;
  };
}
