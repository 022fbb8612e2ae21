import { expect, test } from "vitest";
import { byDay } from "./days.ts";

test("versions are grouped by the day on which they were written", () => {
  const at = (version: number, ...time: [number, number, number, number]) => ({
    version,
    title: "Plan",
    editor: "ada",
    updated: new Date(...time).toISOString(),
  });
  const versions = [at(4, 2026, 2, 10, 9), at(3, 2026, 2, 10, 0), at(2, 2026, 2, 9, 23), at(1, 2025, 2, 9, 23)];
  const days = byDay(versions).map(({ name, versions }) => [name, versions.map(({ version }) => version)]);
  expect(days).toEqual([
    ["10 Mar 2026", [4, 3]],
    ["9 Mar 2026", [2]],
    ["9 Mar 2025", [1]],
  ]);
  expect(byDay([])).toEqual([]);
});
