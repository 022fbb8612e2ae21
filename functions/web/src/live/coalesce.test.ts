import { expect, test } from "vitest";
import { coalesce } from "./coalesce.ts";

test("calls during a run lead to one more run, and resolve after it", async () => {
  const ends: (() => void)[] = [];
  const run = coalesce(() => new Promise((end) => ends.push(end)));
  let resolved = 0;
  for (let call = 0; call < 4; call += 1) void run().then(() => (resolved += 1));
  expect(ends).toHaveLength(1);
  ends[0]!();
  await new Promise((passed) => setTimeout(passed));
  expect([ends.length, resolved]).toEqual([2, 1]);
  ends[1]!();
  await new Promise((passed) => setTimeout(passed));
  expect([ends.length, resolved]).toEqual([2, 4]);
});

test("a run that fails is followed by the next one", async () => {
  let runs = 0;
  const run = coalesce(async () => {
    runs += 1;
    if (runs === 1) throw new Error("no network");
  });
  const first = run();
  const second = run();
  await expect(first).rejects.toThrow("no network");
  await second;
  expect(runs).toBe(2);
});
