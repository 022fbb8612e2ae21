import { expect, test } from "vitest";
import { withMade } from "./with-made.ts";

test("a list that arrives late has what was made meanwhile, once", () => {
  const [old, made] = [{ id: "old" }, { id: "made" }];
  expect(withMade([], [old])).toEqual([old]);
  expect(withMade([made], [old])).toEqual([made, old]);
  expect(withMade([made], [made, old])).toEqual([made, old]);
});
