import { expect, test } from "vitest";
import { messages } from "../messages.ts";
import type { Imported } from "../server/archive.ts";
import { Problem } from "../server/problem.ts";
import { MAX_LINE_BYTES, MAX_LINES } from "./batches.ts";
import { advance, Import, MAX_REASONS, nothing } from "./import.ts";

const noWait = async (): Promise<void> => {};
const file = (text: string): File => new File([text], "notes.ndjson");
const linesIn = (text: string): string[] => text.split("\n").filter((line) => line !== "");

/** A server that accepts every line except `bad`, and records the lines. */
function server() {
  const sent: string[][] = [];
  const send = async (lines: Blob): Promise<Imported[]> => {
    const all = linesIn(await lines.text());
    sent.push(all);
    return all.map((line) =>
      line === "bad" ? { outcome: "refused", why: "is bad" } : { outcome: "created", key: line },
    );
  };
  return { sent, send };
}

/** Returns a server that fails with these problems first. */
function failingFirst(failures: Problem[], send: (lines: Blob) => Promise<Imported[]>) {
  return async (lines: Blob): Promise<Imported[]> => {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    return send(lines);
  };
}

test("outcomes are counted, and a rejected line is listed by its number in the file", async () => {
  const { sent, send } = server();
  const first = "good\n".repeat(MAX_LINES);
  const importing = new Import(file(`${first}good\nbad\ngood`), send, noWait);
  await importing.run();
  expect(importing.state.value).toEqual({ state: "done" });
  expect(sent.map(({ length }) => length)).toEqual([MAX_LINES, 3]);
  expect(importing.progress.value).toEqual({
    bytes: importing.file.size,
    lines: MAX_LINES + 3,
    created: MAX_LINES + 2,
    skipped: 0,
    refused: 1,
    rejections: [{ line: MAX_LINES + 2, key: undefined, reason: "is bad" }],
  });
});

test("lines that the server had no time for are sent again", async () => {
  const { sent, send } = server();
  const importing = new Import(file("a\nb\nc\n"), async (lines) => (await send(lines)).slice(0, 2), noWait);
  await importing.run();
  expect(sent).toEqual([["a", "b", "c"], ["c"]]);
  expect(importing.progress.value.created).toBe(3);
});

test("a transient failure is retried, and any other failure stops the import", async () => {
  const { sent, send } = server();
  const failures = [Problem.unreachable(), new Problem(503, "busy"), new Problem(413, "too large")];
  const importing = new Import(file("a\n"), failingFirst(failures, send), noWait);
  await importing.run();
  expect(importing.state.value).toEqual({ state: "stopped", failure: "too large" });
  await importing.run();
  expect(importing.state.value).toEqual({ state: "done" });
  expect(sent).toEqual([["a"]]);
});

test("an import stops after several attempts", async () => {
  const waits: number[] = [];
  const send = () => Promise.reject(Problem.unreachable());
  const importing = new Import(file("a\n"), send, async (ms) => void waits.push(ms));
  await importing.run();
  expect(importing.state.value.state).toBe("stopped");
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
});

test("an import waits as long as the server asks", async () => {
  const waits: number[] = [];
  const { sent, send } = server();
  const failures = [new Problem(429, "wait", {}, undefined, false, "quota-reached", 40)];
  const importing = new Import(file("a\n"), failingFirst(failures, send), async (ms) => void waits.push(ms));
  await importing.run();
  expect(importing.state.value).toEqual({ state: "done" });
  expect(waits).toEqual([40_000]);
  expect(sent).toEqual([["a"]]);
});

test("an import that was cancelled goes on after the last line that was answered", async () => {
  const { sent, send } = server();
  let cancelled = false;
  const importing: Import = new Import(
    file(`${"good\n".repeat(MAX_LINES)}bad\n`),
    async (lines) => {
      const outcomes = await send(lines);
      if (sent.length === 2 && !cancelled) {
        cancelled = true;
        importing.cancel();
      }
      return outcomes;
    },
    noWait,
  );
  await importing.run();
  expect(importing.state.value).toEqual({ state: "cancelled" });
  expect(importing.progress.value.lines).toBe(MAX_LINES);
  await importing.run();
  expect(importing.state.value).toEqual({ state: "done" });
  expect(sent.slice(1)).toEqual([["bad"], ["bad"]]);
  expect(importing.progress.value.rejections).toEqual([{ line: MAX_LINES + 1, key: undefined, reason: "is bad" }]);
});

test("a line that is too long is refused here, and the rest is imported", async () => {
  const { sent, send } = server();
  const importing = new Import(file(`a\n${"b".repeat(MAX_LINE_BYTES)}\nc\n`), send, noWait);
  await importing.run();
  expect(sent).toEqual([["a"], ["c"]]);
  expect(importing.progress.value).toMatchObject({ lines: 3, created: 2, refused: 1, bytes: importing.file.size });
  expect(importing.progress.value.rejections[0]?.line).toBe(2);
});

test("only the first of many rejected lines are listed", () => {
  const lines = Array.from({ length: 2 * MAX_REASONS }, () => ({ pieces: [], bytes: 1, lines: 1 }));
  const progress = advance(
    nothing,
    lines,
    lines.map(() => ({ outcome: "refused", why: "no" })),
  );
  expect(progress.rejections.length).toBe(MAX_REASONS);
  expect(progress.refused).toBe(2 * MAX_REASONS);
});

test("blank lines are not sent, and count as lines of the file", async () => {
  const { sent, send } = server();
  const importing = new Import(file("\r\n\uFEFFgood\r\n\n \t\nbad\n\n\n"), send, noWait);
  await importing.run();
  expect(sent).toEqual([["good\r", "bad"]]);
  expect(importing.progress.value).toMatchObject({
    created: 1,
    refused: 1,
    rejections: [{ line: 5, reason: "is bad" }],
  });
});

test("a file that cannot be an export is not sent", async () => {
  const { sent, send } = server();
  const importing = new Import(file("# A note\n\nMilk"), send, noWait);
  await importing.begin();
  expect(importing.state.value).toEqual({ state: "refused", reason: messages.account.import.noLines });
  expect(sent).toEqual([]);
});

test("an import that is cancelled while its file is checked sends nothing", async () => {
  const { sent, send } = server();
  const importing = new Import(file("{}\n"), send, noWait);
  const begun = importing.begin();
  importing.cancel();
  await begun;
  expect(importing.state.value).toEqual({ state: "cancelled" });
  expect(sent).toEqual([]);
});

test("a file without a note or comment is not an export, and at most 1,000 of its lines are tried", async () => {
  const { sent, send } = server();
  const few = new Import(file("bad\n".repeat(3)), send, noWait);
  await few.run();
  expect(few.state.value).toEqual({ state: "refused", reason: messages.account.import.noLines });
  expect(few.progress.value.rejections.length).toBe(3);
  const many = new Import(file("bad\n".repeat(10_000)), send, noWait);
  await many.run();
  expect(many.state.value).toEqual({ state: "refused", reason: messages.account.import.noLines });
  expect(many.progress.value.lines).toBe(1_000);
  expect(sent.length).toBe(1 + 1_000 / MAX_LINES);
});

test("a file whose lines are all refused as different notes is tried to its end", async () => {
  const send = async (lines: Blob): Promise<Imported[]> =>
    linesIn(await lines.text()).map((key) => ({ outcome: "refused", key, why: "differs" }));
  const importing = new Import(file("a\n".repeat(2_000)), send, noWait);
  await importing.run();
  expect(importing.state.value).toEqual({ state: "done" });
  expect(importing.progress.value.refused).toBe(2_000);
});

test("a file whose first lines are damaged is imported from its first good one", async () => {
  const { send } = server();
  const importing = new Import(file(`${"bad\n".repeat(999)}good\n${"bad\n".repeat(999)}good\n`), send, noWait);
  await importing.run();
  expect(importing.state.value).toEqual({ state: "done" });
  expect(importing.progress.value).toMatchObject({ lines: 2_000, created: 2, refused: 1_998 });
});
