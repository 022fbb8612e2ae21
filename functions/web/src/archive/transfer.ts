// The state of a transfer: an export or an import. A transfer can be cancelled and resumed.

import { messages } from "../messages.ts";
import { Problem } from "../server/problem.ts";

export type State =
  | { state: "running" }
  | { state: "cancelled" }
  /** It failed, and continues only if the user asks. */
  | { state: "stopped"; failure: string }
  /** The file is not an export, and nothing was imported. */
  | { state: "refused"; reason: string }
  | { state: "done" };

/** Runs `work`, and returns the state that it ended in. */
export async function ended(work: () => Promise<void>, signal: AbortSignal): Promise<State> {
  try {
    await work();
    return { state: "done" };
  } catch (error) {
    if (signal.aborted) return { state: "cancelled" };
    // Every other error comes from the file, which was moved or changed.
    return { state: "stopped", failure: error instanceof Problem ? error.message : messages.account.import.unreadable };
  }
}
