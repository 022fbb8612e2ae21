// A hint on how strong a new password is. It is advice: the server alone says what it takes.

import type { words } from "../words.ts";

/** What makes a password weak, as words are known for it. */
export type Weakness = keyof typeof words.strength.weaknesses;

export interface Strength {
  /** From 0, guessed at once, to 4. */
  score: 0 | 1 | 2 | 3 | 4;
  weakness?: Weakness;
}

export type Measure = (password: string, names: readonly string[]) => Strength;

let loading: Promise<Measure | undefined> | undefined;

/** Loads what measures. Nothing comes of it where it cannot be loaded: then there is no hint, and it is tried again next time. */
export function load(): Promise<Measure | undefined> {
  loading ??= import("./measure.ts").then(
    ({ measure }) => measure,
    () => (loading = undefined),
  );
  return loading;
}
