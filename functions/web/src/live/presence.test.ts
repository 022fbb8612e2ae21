import { expect, test } from "vitest";
import { later, nobody, others } from "./presence.ts";

const presence = (revision: number, ...names: string[]) => ({
  revision,
  people: names.map((username) => ({ username, displayName: username })),
  more: 0,
});

test("the higher revision wins, in any order of arrival", () => {
  const [first, second] = [presence(1, "ada"), presence(2, "ada", "grace")];
  expect(later(later(nobody, first), second)).toBe(second);
  expect(later(later(nobody, second), first)).toBe(second);
});

test("the user is not listed", () => {
  expect(others(presence(1, "ada", "grace"), "ada")).toEqual([{ username: "grace", displayName: "grace" }]);
});
