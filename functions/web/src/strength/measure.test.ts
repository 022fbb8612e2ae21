import { expect, test } from "vitest";
import { messages } from "../messages.ts";
import { leastProcessorTime } from "../test-time.ts";
import { MAX_LENGTH, measure } from "./measure.ts";

test("a common password is weak, and is said to be common", () => {
  expect(measure("password1", [])).toEqual({ score: 0, weakness: "common" });
  expect(measure("qwertyuiop", []).score).toBe(0);
});

test("a few words that have nothing to do with each other are strong", () => {
  expect(measure("correct horse battery", [])).toEqual({ score: 4 });
});

test("one's own names are weak", () => {
  expect(measure("ada-lovelace1", ["ada-lovelace", ""])).toEqual({ score: 1, weakness: "userInputs" });
  expect(measure("ada-lovelace1", []).score).toBeGreaterThan(1);
});

test("every weakness that is found has words", () => {
  for (const weak of [
    "aaaaaaaaaaaa",
    "abcabcabcabc",
    "abcdefgh",
    "1990-12-24",
    "P@ssw0rd2024!",
    "zxcvbnm,",
    "12345678",
  ]) {
    const { weakness } = measure(weak, []);
    expect(messages.strength.weaknesses, weak).toHaveProperty(String(weakness));
  }
});

test("of a long password only the beginning is read", () => {
  const long = "@$1!|0".repeat(10_000);
  expect(measure(long, [])).toEqual(measure(long.slice(0, MAX_LENGTH), []));
  // All of it would take thousands of times as long.
  const beginning = leastProcessorTime(() => measure(long.slice(0, MAX_LENGTH), []));
  expect(leastProcessorTime(() => measure(long, []))).toBeLessThan(10 * beginning);
});
