import { expect, test } from "vitest";
import type { ExportPage } from "../server/archive.ts";
import { Problem } from "../server/problem.ts";
import { Export } from "./export.ts";

const noWait = async (): Promise<void> => {};
const pages: Record<string, ExportPage> = {
  "": { lines: '{"note":{"key":"a"}}\n{"comment":{"key":"a"}}\n', next: "a" },
  a: { lines: '{"comment":{"key":"a"}}\n', next: "b" },
  b: { lines: '{"note":{"key":"b"}}\n', next: undefined },
};
const all = Object.values(pages)
  .map(({ lines }) => lines)
  .join("");

test("all pages are collected, and notes are counted", async () => {
  const exporting = new Export(async (cursor = "") => pages[cursor]!, noWait);
  await exporting.run();
  expect(exporting.state.value).toEqual({ state: "done" });
  expect(exporting.notes.value).toBe(2);
  expect(await exporting.file().text()).toBe(all);
});

test("a failed page is requested again, and a stopped export continues where it was", async () => {
  const failures: (Problem | undefined)[] = [
    undefined,
    Problem.unreachable(),
    undefined,
    new Problem(400, "no such page"),
  ];
  const exporting = new Export(async (cursor = "") => {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    return pages[cursor]!;
  }, noWait);
  await exporting.run();
  expect(exporting.state.value).toEqual({ state: "stopped", failure: "no such page" });
  await exporting.run();
  expect(exporting.state.value).toEqual({ state: "done" });
  expect(await exporting.file().text()).toBe(all);
});

test("a cancelled export requests no further page", async () => {
  const asked: string[] = [];
  const exporting: Export = new Export(async (cursor = "") => {
    asked.push(cursor);
    exporting.cancel();
    return pages[cursor]!;
  }, noWait);
  await exporting.run();
  expect(exporting.state.value).toEqual({ state: "cancelled" });
  expect(asked).toEqual([""]);
});
