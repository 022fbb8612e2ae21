// Asking again, while what stands in the way may pass by itself.

import { Problem } from "../server/problem.ts";

/** How often is asked in all, each time after twice as long. */
const TRIES = 6;

export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

export async function patiently<Answer>(ask: () => Promise<Answer>, signal: AbortSignal, wait: Wait): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (signal.aborted || tries === TRIES || !(error instanceof Problem && error.passing)) throw error;
    }
    await wait(1_000 * 2 ** (tries - 1), signal);
  }
}

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
