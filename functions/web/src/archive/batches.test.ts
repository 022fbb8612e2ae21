import { expect, test } from "vitest";
import { type Batch, batches, MAX_LINE_BYTES, MAX_LINES, TARGET_BYTES } from "./batches.ts";

/** Returns the batches of a file that is read in chunks of this many bytes. */
async function split(text: string, chunk = 65_536): Promise<Batch[]> {
  const bytes = new TextEncoder().encode(text);
  let at = 0;
  const file = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull(controller) {
      if (at >= bytes.length) controller.close();
      else {
        controller.enqueue(bytes.slice(at, at + chunk));
        at += chunk;
      }
    },
  });
  const all: Batch[] = [];
  for await (const batch of batches(file)) all.push(batch);
  return all;
}

async function texts(all: Batch[]): Promise<string[][]> {
  return Promise.all(all.map(({ lines }) => Promise.all(lines.map(({ pieces }) => new Blob(pieces).text()))));
}

test("lines are split at any chunk boundary, and the last line needs no newline", async () => {
  const text = "one\nzwölf\r\n🦀";
  for (let chunk = 1; chunk < 20; chunk += 1) {
    expect(await texts(await split(text, chunk))).toEqual([["one\n", "zwölf\r\n", "🦀"]]);
  }
  expect(await split("")).toEqual([]);
  expect(await texts(await split("one\n"))).toEqual([["one\n"]]);
});

test("blank lines belong to the next line, at any chunk boundary", async () => {
  const text = "\n\uFEFF\r\none\n \t\n\r\n two\n\n";
  for (let chunk = 1; chunk < 20; chunk += 1) {
    const all = await split(text, chunk);
    expect(await texts(all)).toEqual([["one\n", " two\n"]]);
    expect(all[0]!.lines.map(({ bytes, lines }) => [bytes, lines])).toEqual([
      [10, 3],
      [10, 3],
    ]);
  }
  expect(await split("\n\n \r\n")).toEqual([]);
});

test("a batch has a maximum number of lines, and gets no further line when it is large", async () => {
  const many = await split("a\n".repeat(2 * MAX_LINES + 1));
  expect(many.map(({ lines }) => lines.length)).toEqual([MAX_LINES, MAX_LINES, 1]);
  const large = await split(`${"a".repeat(TARGET_BYTES - 2)}\n${"b".repeat(MAX_LINE_BYTES - 1)}\nc\n`);
  expect(large.map(({ lines }) => lines.map(({ bytes }) => bytes))).toEqual([[TARGET_BYTES - 1, MAX_LINE_BYTES], [2]]);
});

test("the server accepts the largest batch", () => {
  expect(TARGET_BYTES - 1 + MAX_LINE_BYTES).toBeLessThan(4 * 1_048_576);
});

test("a line that is too long is a batch alone, and is not held in memory", async () => {
  const all = await split(`a\n${"b".repeat(3 * MAX_LINE_BYTES)}\nc\n`);
  expect(all.map(({ tooLong }) => tooLong)).toEqual([false, true, false]);
  expect(all[1]!.lines).toEqual([{ pieces: [], bytes: 3 * MAX_LINE_BYTES + 1, lines: 1 }]);
  expect(await texts(all)).toEqual([["a\n"], [""], ["c\n"]]);
});

test("the file is released when reading stops", async () => {
  let cancelled = false;
  const file = new ReadableStream<Uint8Array<ArrayBuffer>>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("a\n".repeat(1000))),
    cancel() {
      cancelled = true;
    },
  });
  for await (const _ of batches(file)) break;
  expect(cancelled).toBe(true);
});
