import { expect, test, vi } from "vitest";
import { exportPage, importLines, nextCursor, notesIn } from "./archive.ts";

test("the header names the next page, and without it there is no next page", () => {
  expect(nextCursor('</api/boards/team/export?cursor=a-b_c>; rel="next"')).toBe("a-b_c");
  expect(nextCursor("</api/export?cursor=a%2Bb>;rel=next")).toBe("a+b");
  expect(nextCursor('</api/export>; rel="first"')).toBeUndefined();
  expect(nextCursor(null)).toBeUndefined();
});

test("notes are counted, and comments are not, even with the text of a note", () => {
  const note = '{"note":{"key":"a","body":"{\\"note\\":1}\\n{\\"note\\":2}"}}\n';
  expect(notesIn("")).toBe(0);
  expect(notesIn(`${note}{"comment":{"key":"a"}}\n${note}`)).toBe(2);
});

test("an archive is read from and written to a board", async () => {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (path: string, { method }: RequestInit) => {
    asked.push(`${method} ${path}`);
    return new Response('{"outcome":"created"}\n');
  });
  const { signal } = new AbortController();
  await exportPage("team", undefined, signal);
  await exportPage("b", "x", signal);
  await importLines("b", new Blob(["{}"]), signal);
  expect(asked).toEqual([
    "GET /api/boards/team/export",
    "GET /api/boards/b/export?cursor=x",
    "POST /api/boards/b/import",
  ]);
  vi.unstubAllGlobals();
});
