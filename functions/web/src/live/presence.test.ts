import { expect, test } from "vitest";
import { later, nobody, others } from "./presence.ts";

const presence = (revision: number, ...names: string[]) => ({
  revision,
  people: names.map((username) => ({ username, displayName: username })),
  more: 0,
});

test("of two the one of the higher revision counts, however they arrive", () => {
  const [first, second] = [presence(1, "ada"), presence(2, "ada", "grace")];
  expect(later(later(nobody, first), second)).toBe(second);
  expect(later(later(nobody, second), first)).toBe(second);
});

test("nobody is told that they are there themselves", () => {
  expect(others(presence(1, "ada", "grace"), "ada")).toEqual([{ username: "grace", displayName: "grace" }]);
});
