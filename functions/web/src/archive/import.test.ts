import { expect, test } from "vitest";
import { messages } from "../messages.ts";
import type { Imported } from "../server/archive.ts";
import { Problem } from "../server/problem.ts";
import { Import, MOST_TOLD, nothing, reach } from "./import.ts";
import { LONGEST_LINE, MOST_LINES } from "./parcels.ts";

const noWait = async (): Promise<void> => {};
const file = (text: string): File => new File([text], "notes.ndjson");
const linesIn = (text: string): string[] => text.split("\n").filter((line) => line !== "");

/** A server that takes every line but `bad`, and remembers what it was sent. */
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

test("outcomes are counted, and a refused line is told by its number in the file", async () => {
  const { sent, send } = server();
  const first = "good\n".repeat(MOST_LINES);
  const importing = new Import(file(`${first}good\nbad\ngood`), send, noWait);
  await importing.run();
  expect(importing.state.value).toEqual({ state: "done" });
  expect(sent.map(({ length }) => length)).toEqual([MOST_LINES, 3]);
  expect(importing.reached.value).toEqual({
    bytes: importing.file.size,
    lines: MOST_LINES + 3,
    created: MOST_LINES + 2,
    skipped: 0,
    refused: 1,
    told: [{ line: MOST_LINES + 2, key: undefined, why: "is bad" }],
  });
});

test("lines that there was no time for are sent again", async () => {
  const { sent, send } = server();
  const importing = new Import(file("a\nb\nc\n"), async (lines) => (await send(lines)).slice(0, 2), noWait);
  await importing.run();
  expect(sent).toEqual([["a", "b", "c"], ["c"]]);
  expect(importing.reached.value.created).toBe(3);
});

test("what fails for a reason that passes is sent again, and what fails for another stops the import", async () => {
  const { sent, send } = server();
  const failures = [Problem.unreachable(), new Problem(503, "busy"), new Problem(413, "too large")];
  const importing = new Import(
    file("a\n"),
    async (lines) => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return send(lines);
    },
    noWait,
  );
  await importing.run();
  expect(importing.state.value).toEqual({ state: "stopped", failure: "too large" });
  await importing.run();
  expect(importing.state.value).toEqual({ state: "done" });
  expect(sent).toEqual([["a"]]);
});

test("nobody waits for ever", async () => {
  const waits: number[] = [];
  const send = () => Promise.reject(Problem.unreachable());
  const importing = new Import(file("a\n"), send, async (ms) => void waits.push(ms));
  await importing.run();
  expect(importing.state.value.state).toBe("stopped");
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000]);
});

test("an import that was cancelled goes on after the last line that was answered", async () => {
  const { sent, send } = server();
  let cancelled = false;
  const importing: Import = new Import(
    file(`${"good\n".repeat(MOST_LINES)}bad\n`),
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
  expect(importing.reached.value.lines).toBe(MOST_LINES);
  await importing.run();
  expect(importing.state.value).toEqual({ state: "done" });
  expect(sent.slice(1)).toEqual([["bad"], ["bad"]]);
  expect(importing.reached.value.told).toEqual([{ line: MOST_LINES + 1, key: undefined, why: "is bad" }]);
});

test("a line that is too long is refused here, and the rest goes on", async () => {
  const { sent, send } = server();
  const importing = new Import(file(`a\n${"b".repeat(LONGEST_LINE)}\nc\n`), send, noWait);
  await importing.run();
  expect(sent).toEqual([["a"], ["c"]]);
  expect(importing.reached.value).toMatchObject({ lines: 3, created: 2, refused: 1, bytes: importing.file.size });
  expect(importing.reached.value.told[0]?.line).toBe(2);
});

test("only the first of many refused lines are told", () => {
  const lines = Array.from({ length: 2 * MOST_TOLD }, () => ({ pieces: [], bytes: 1, lines: 1 }));
  const reached = reach(
    nothing,
    lines,
    lines.map(() => ({ outcome: "refused", why: "no" })),
  );
  expect(reached.told.length).toBe(MOST_TOLD);
  expect(reached.refused).toBe(2 * MOST_TOLD);
});

test("blank lines are not sent, and count as lines of the file", async () => {
  const { sent, send } = server();
  const importing = new Import(file("\r\n\uFEFFgood\r\n\n \t\nbad\n\n\n"), send, noWait);
  await importing.run();
  expect(sent).toEqual([["good\r", "bad"]]);
  expect(importing.reached.value).toMatchObject({ created: 1, refused: 1, told: [{ line: 5, why: "is bad" }] });
});

test("nothing is sent of a file that cannot be an export", async () => {
  const { sent, send } = server();
  const importing = new Import(file("# A note\n\nMilk"), send, noWait);
  await importing.begin();
  expect(importing.state.value).toEqual({ state: "refused", reason: messages.account.import.noLines });
  expect(sent).toEqual([]);
});

test("an import that is cancelled while its file is looked at sends nothing", async () => {
  const { sent, send } = server();
  const importing = new Import(file("{}\n"), send, noWait);
  const begun = importing.begin();
  importing.cancel();
  await begun;
  expect(importing.state.value).toEqual({ state: "cancelled" });
  expect(sent).toEqual([]);
});

test("a file without one note or comment is no export, and no more than 1,000 of its lines are tried", async () => {
  const { sent, send } = server();
  const few = new Import(file("bad\n".repeat(3)), send, noWait);
  await few.run();
  expect(few.state.value).toEqual({ state: "refused", reason: messages.account.import.noLines });
  expect(few.reached.value.told.length).toBe(3);
  const many = new Import(file("bad\n".repeat(10_000)), send, noWait);
  await many.run();
  expect(many.state.value).toEqual({ state: "refused", reason: messages.account.import.noLines });
  expect(many.reached.value.lines).toBe(1_000);
  expect(sent.length).toBe(1 + 1_000 / MOST_LINES);
});

test("a file whose lines are all refused as notes that differ is tried to its end", async () => {
  const send = async (lines: Blob): Promise<Imported[]> =>
    linesIn(await lines.text()).map((key) => ({ outcome: "refused", key, why: "differs" }));
  const importing = new Import(file("a\n".repeat(2_000)), send, noWait);
  await importing.run();
  expect(importing.state.value).toEqual({ state: "done" });
  expect(importing.reached.value.refused).toBe(2_000);
});

test("a file whose first lines are damaged is imported from its first good one", async () => {
  const { send } = server();
  const importing = new Import(file(`${"bad\n".repeat(999)}good\n${"bad\n".repeat(999)}good\n`), send, noWait);
  await importing.run();
  expect(importing.state.value).toEqual({ state: "done" });
  expect(importing.reached.value).toMatchObject({ lines: 2_000, created: 2, refused: 1_998 });
});
