import { expect, test } from "vitest";
import { isNewer } from "./newer.ts";

const files = ["/assets/index-a1.js", "/assets/index-b2.css"];
const page = (...names: string[]) => names.map((name) => `<script src="${name}"></script>`).join("");

test("a page of the same files is not newer", () => {
  expect(isNewer(page(...files), files)).toBe(false);
});

test("a page in which one file has another name is newer", () => {
  expect(isNewer(page("/assets/index-a1.js", "/assets/index-c3.css"), files)).toBe(true);
});

test("a name that is the beginning of another is not the same", () => {
  expect(isNewer(page("/assets/index-a1.js.map", "/assets/index-b2.css"), files)).toBe(true);
});
