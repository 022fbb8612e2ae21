import { expect, test } from "vitest";
import { messages } from "../messages.ts";
import { validateExport } from "./validate.ts";

const reasons = messages.account.import;
const note = '{"note":{"key":"a"}}';
const utf16 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from([...text].flatMap((character) => [character.charCodeAt(0) & 255, character.charCodeAt(0) >> 8]));

test("lines of objects may be an export, even after other text", async () => {
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

test("a file that is not an export is refused with the reason", async () => {
  const gzip = new Response(new Blob(["Milk ".repeat(100)]).stream().pipeThrough(new CompressionStream("gzip")));
  for (const [file, reason] of [
    ["", reasons.empty],
    ["\uFEFF", reasons.empty],
    [" \r\n\n", reasons.empty],
    ["# A note\n\nMilk, and {bread}.\n", reasons.noLines],
    ["key,title\na,A\n", reasons.noLines],
    ['{\n  "notes": 1\n}', reasons.noLines],
    [`[${note},${note}]`, reasons.array],
    [`\uFEFF[\n  ${note.replace("{", "{\n")}\n]`, reasons.array],
    [await gzip.blob(), reasons.binary],
    [Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]), reasons.binary],
    [Uint8Array.from([0x25, 0x50, 0x44, 0x46, 0x2d, 0x0a, 0x25, 0xe2, 0xe3, 0xcf, 0xd3]), reasons.binary],
    [utf16(`\uFEFF${note}\n${note}\n`), reasons.utf16],
    [utf16(`${note}\n${note}\n`), reasons.binary],
  ] as const) {
    expect(await validateExport(new Blob([file])), String(file).slice(0, 20)).toBe(reason);
  }
});

test("only the beginning of a huge file is checked, and a character that is cut there does not matter", async () => {
  expect(await validateExport(new Blob(["ä".repeat(8_388_607), "aää\n", note]))).toBe(reasons.noLines);
});

test("a file that cannot be read, such as a folder, is refused", async () => {
  const folder = { slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException("", "NotFoundError")) }) };
  expect(await validateExport(folder as unknown as Blob)).toBe(reasons.noFile);
});
