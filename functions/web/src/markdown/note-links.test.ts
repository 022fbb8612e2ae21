import { expect, test } from "vitest";
import { found, shown } from "./tree.ts";

const around = { note: { board: "kitchen", key: "plan" } };
const linksOf = (text: string) => {
  const links = found(text, around).filter(({ name, attributes }) => name === "a" && attributes["class"] !== "anchor");
  return links.map(({ attributes, text }) => [attributes["href"], text]);
};

test("a title in double brackets leads to the note of that title on the same board", () => {
  expect(linksOf("See [[Who waters the plants?]].")).toEqual([
    ["#/boards/kitchen/titled/Who%20waters%20the%20plants%3F", "Who waters the plants?"],
  ]);
  expect(linksOf("**[[ a ]]** and [[שלום]]").map(([, title]) => title)).toEqual(["a", "שלום"]);
});

test.each(["[[]]", "[[ ]]", "[[a]", "[[a\nb]]", "`[[a]]`", "\\[[a]]", `[[${"a".repeat(201)}]]`])(
  "%j is no link",
  (text) => expect(linksOf(text)).toEqual([]),
);

test("a link cannot contain a link by title", () => {
  expect(linksOf("[see [[a]]](https://example.org/)").map(([, text]) => text)).toEqual(["a", "https://example.org/"]);
});

test("where no note is known, a title in double brackets is text", () => {
  expect(shown("see [[a]]")).toBe("see [[a]]");
});
