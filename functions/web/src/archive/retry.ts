// Retries requests that fail for a reason that may pass by itself.

import { Problem } from "../server/problem.ts";

/** Maximum number of attempts. The pause doubles after each, unless the server says how long to wait. */
const TRIES = 6;

export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** Sends a request, and sends it again after transient failures. */
export async function retryTransient<Result>(
  send: () => Promise<Result>,
  signal: AbortSignal,
  wait: Wait,
): Promise<Result> {
  for (let tries = 1; ; tries += 1) {
    let seconds = 2 ** (tries - 1);
    try {
      return await send();
    } catch (error) {
      if (signal.aborted || tries === TRIES || !(error instanceof Problem && error.passing)) throw error;
      seconds = error.retryAfter ?? seconds;
    }
    await wait(1_000 * seconds, signal);
  }
}

/** Waits for a time, or until the signal aborts. */
export const wait: Wait = (ms, signal) =>
  new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
