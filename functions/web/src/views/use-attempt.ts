// The state of an action: in progress, done with an announcement, or failed with an error.

import { useState } from "preact/hooks";
import { Problem } from "../server/problem.ts";

export function useAttempt() {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const [done, setDone] = useState("");
  /** Performs an action, and announces `outcome` once it is done. */
  const attempt = async (action: () => Promise<void>, outcome = "") => {
    setBusy(true);
    setFailure(undefined);
    setDone("");
    try {
      await action();
      setDone(outcome);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      setFailure(error.message);
    } finally {
      setBusy(false);
    }
  };
  return { busy, failure, done, attempt };
}
