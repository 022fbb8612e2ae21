import { expect, test } from "vitest";
import { messages } from "../messages.ts";
import { validateExport } from "./validate.ts";

const why = messages.account.import;
const note = '{"note":{"key":"a"}}';
const utf16 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([...text].flatMap((character) => [character.charCodeAt(0) & 255, character.charCodeAt(0) >> 8]));

test("lines of objects may be an export, whatever is before them", async () => {
  for (const text of [
    `${note}\n`,
    ` \t{ "note": {}}`,
    `\uFEFF${note}\r\n`,
    `\n\n${note}`,
    `damaged\n${note}`,
    `\0\0\0\n${note}`,
    `${"x".repeat(3_000_000)}\n${note}`,
    "{}\n",
  ]) {
    expect(await validateExport(new Blob([text])), text.slice(0, 20)).toBeUndefined();
  }
});

test("what is no export is told with why", async () => {
  const gzip = new Response(new Blob(["Milk ".repeat(100)]).stream().pipeThrough(new CompressionStream("gzip")));
  for (const [file, reason] of [
    ["", why.empty],
    ["\uFEFF", why.empty],
    [" \r\n\n", why.empty],
    ["# A note\n\nMilk, and {bread}.\n", why.noLines],
    ["key,title\na,A\n", why.noLines],
    ['{\n  "notes": 1\n}', why.noLines],
    [`[${note},${note}]`, why.array],
    [`\uFEFF[\n  ${note.replace("{", "{\n")}\n]`, why.array],
    [await gzip.blob(), why.binary],
    [Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]), why.binary],
    [Uint8Array.from([0x25, 0x50, 0x44, 0x46, 0x2d, 0x0a, 0x25, 0xe2, 0xe3, 0xcf, 0xd3]), why.binary],
    [utf16(`\uFEFF${note}\n${note}\n`), why.utf16],
    [utf16(`${note}\n${note}\n`), why.binary],
  ] as const) {
    expect(await validateExport(new Blob([file])), String(file).slice(0, 20)).toBe(reason);
  }
});

test("only the beginning of a huge file is looked at, and a character that is cut there is no damage", async () => {
  expect(await validateExport(new Blob(["ä".repeat(8_388_607), "aää\n", note]))).toBe(why.noLines);
});

test("what cannot be read, as a folder, is told as well", async () => {
  const folder = { slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException("", "NotFoundError")) }) };
  expect(await validateExport(folder as unknown as Blob)).toBe(why.noFile);
});
