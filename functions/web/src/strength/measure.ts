// Estimates how soon a password would be guessed. The estimator knows tens of thousands of passwords, so load.ts loads this
// file only where somebody chooses a password.

import passwords from "virtual:common-passwords";
import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs } from "@zxcvbn-ts/language-common";
import type { messages } from "../messages.ts";

/** What makes a password weak. The page has a text for each. */
export type Weakness = keyof typeof messages.strength.weaknesses;

export interface Strength {
  /** From 0 (guessed at once) to 4. */
  score: 0 | 1 | 2 | 3 | 4;
  weakness?: Weakness;
}

/** Number of characters that are estimated. More would not change the hint, and a phone must keep up with the typing. */
export const MAX_LENGTH = 100;

const estimator = new ZxcvbnFactory({
  dictionary: { passwords: passwords.split(" ") },
  graphs: adjacencyGraphs,
  maxLength: MAX_LENGTH,
  // Each substitution is one way of reading 4, @, 1 and the like as letters.
  l33tMaxSubstitutions: 20,
});

/** Estimates the strength of a password. `names` are the user's own names, which make a password weak. */
export function measure(password: string, names: readonly string[]): Strength {
  const { score, feedback } = estimator.check(
    password.slice(0, MAX_LENGTH),
    names.filter((name) => name !== ""),
  );
  // Without translations, the estimator's warnings are its own keys.
  return { score, ...(feedback.warning && { weakness: feedback.warning as Weakness }) };
}
