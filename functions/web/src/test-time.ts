// Time in tests. No test asserts a duration in milliseconds, since a machine may be slow or busy. Tests of speed compare two
// measurements of the same run.

/** The timeout of a test. It only ends tests that would wait forever. */
export const TEST_TIMEOUT_MS = 300_000;

// The tests run in Node. The page must not see Node's types.
declare const process: { cpuUsage(since?: object): { user: number; system: number } };

/** Returns the CPU time of `work` in milliseconds. Other programs do not count. */
export function processorTime(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Returns the lowest CPU time of several runs. The first runs include the engine's compilation. */
export function leastProcessorTime(work: () => unknown): number {
  return Math.min(...Array.from({ length: 5 }, () => processorTime(work)));
}
