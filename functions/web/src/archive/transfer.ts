// What takes its time, and may be cancelled, and gone on with: an export or an import.

import { messages } from "../messages.ts";
import { Problem } from "../server/problem.ts";

export type State =
  | { state: "running" }
  | { state: "cancelled" }
  /** It cannot go on by itself. */
  | { state: "stopped"; failure: string }
  /** The file is no export: nothing of it was imported. */
  | { state: "refused"; reason: string }
  | { state: "done" };

/** Runs `work` until it is done, and says how it ended. */
export async function ended(work: () => Promise<void>, signal: AbortSignal): Promise<State> {
  try {
    await work();
    return { state: "done" };
  } catch (error) {
    if (signal.aborted) return { state: "cancelled" };
    // What is no answer of the server is the file's: it was moved, or changed.
    return { state: "stopped", failure: error instanceof Problem ? error.message : messages.account.import.unreadable };
  }
}
