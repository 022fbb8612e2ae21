// How tests wait and compare. No test here asserts that something is quick in milliseconds, since a machine may be slow or
// busy: what must be quick is compared with something else in the same run.

/** After how long a test gives up. It only keeps a test that waits in vain from waiting for ever. */
export const TEST_TIMEOUT_MS = 300_000;

// The tests run in Node, whose types the page is not to see.
declare const process: { cpuUsage(since?: object): { user: number; system: number } };

/** How many milliseconds of a processor this takes: other programs may keep it waiting, and do not count. */
export function processorTime(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The same of the quickest of several runs: the first ones also pay for what the engine compiles. */
export function leastProcessorTime(work: () => unknown): number {
  return Math.min(...Array.from({ length: 5 }, () => processorTime(work)));
}
