// Loads the estimator of password strength. Its result is only a hint: the server decides which passwords it accepts.

import type { measure } from "./measure.ts";

let loading: Promise<typeof measure | undefined> | undefined;

/** Loads the estimator. Resolves to nothing if that fails, and tries again at the next call. */
export function loadMeasure(): Promise<typeof measure | undefined> {
  loading ??= import("./measure.ts").then(
    ({ measure }) => measure,
    () => (loading = undefined),
  );
  return loading;
}
