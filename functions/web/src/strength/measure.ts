// How soon a password would be guessed. It knows tens of thousands of passwords: it is only loaded where one is chosen.

import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs } from "@zxcvbn-ts/language-common";
import passwords from "virtual:common-passwords";
import type { Strength, Weakness } from "./strength.ts";

/** What is longer is only read so far: its beginning says enough, and a phone must be able to follow the typing. */
export const READ = 100;

const estimator = new ZxcvbnFactory({
  dictionary: { passwords: passwords.split(" ") },
  graphs: adjacencyGraphs,
  maxLength: READ,
  // One for each way of reading 4, @, 1 and the like as letters.
  l33tMaxSubstitutions: 20,
});

/** Measures a password, of somebody who goes by these names. */
export function measure(password: string, names: readonly string[]): Strength {
  const { score, feedback } = estimator.check(
    password.slice(0, READ),
    names.filter((name) => name !== ""),
  );
  // Without translations the estimator says what is weak by its own keys.
  return { score, ...(feedback.warning && { weakness: feedback.warning as Weakness }) };
}
