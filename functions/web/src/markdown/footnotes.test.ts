import { expect, test } from "vitest";
import { found, shown } from "./tree.ts";

const around = { note: { board: "team", key: "plan" } };
const at = (anchor: string) => `#/boards/team/notes/plan/at/${anchor}`;

test("marks and footnotes lead to each other, in the order of the marks", () => {
  const all = found("One[^b] and two[^a].\n\n[^a]: The *second*.\n[^b]: The first\nin two lines.\n\nEnd.", around);
  const links = all.filter(({ name }) => name === "a").map(({ attributes, text }) => [attributes["href"], text]);
  expect(links).toEqual([
    [at("footnote:1"), "1"],
    [at("footnote:2"), "2"],
    [at("footnote-mark:1"), "↩"],
    [at("footnote-mark:2"), "↩"],
  ]);
  const notes = all.filter(({ name }) => name === "li").map(({ text }) => text);
  expect(notes).toEqual(["The firstin two lines.↩", "The second.↩"]);
  expect(all.filter(({ name }) => name === "em")).toHaveLength(1);
});

test("a footnote that is marked twice has one number", () => {
  expect(shown("a[^1] b[^1]\n\n[^1]: c")).toBe("a1 b1c↩");
});

test("a mark without a footnote is text, and a footnote without a mark is left out", () => {
  expect(shown("a[^1]")).toBe("a[^1]");
  expect(shown("a\n\n[^1]: b")).toBe("a");
  expect(shown("a[^x]\n\n[^x]: see [^y]\n[^y]: no")).toBe("a1see [^y]↩");
});

test("marks in code are code", () => {
  expect(shown("`[^1]` b[^1]\n\n[^1]: c")).toBe("[^1] b1c↩");
});
