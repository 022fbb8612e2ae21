// A hook that reads the selected version of a note.

import { useEffect, useState } from "preact/hooks";
import { messages } from "../../messages.ts";
import type { NoteId } from "../../note.ts";
import { Problem } from "../../server/problem.ts";
import { version as read, type WholeVersion } from "../../server/versions.ts";

export type VersionReading =
  | { state: "opening" }
  | { state: "failed"; message: string }
  | { state: "read"; version: WholeVersion };

/** Returns the version, once it is read, and a function that reads it again after a failure. */
export function useVersion(note: NoteId, number: number): { reading: VersionReading; retry: () => void } {
  const [reading, setReading] = useState<VersionReading>({ state: "opening" });
  const [attempts, setAttempts] = useState(0);
  useEffect(() => {
    const { signal, abort } = abortable();
    setReading({ state: "opening" });
    read(note, number, signal).then(
      (version) => !signal.aborted && setReading({ state: "read", version }),
      (error: Error) => !signal.aborted && setReading({ state: "failed", message: explain(error) }),
    );
    return abort;
  }, [number, attempts]);
  return { reading, retry: () => setAttempts(attempts + 1) };
}

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}

function explain(error: Error): string {
  const { code, message } = Problem.from(error);
  return code === "no-such-version" ? messages.editor.history.gone : message;
}
