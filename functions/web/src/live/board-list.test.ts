import { expect, test } from "vitest";
import type { Board } from "../server/boards.ts";
import { type BoardList, changed } from "./board-list.ts";

const board = (id: string, changed?: string): Board => ({
  id,
  name: id,
  visibility: "private",
  role: "editor",
  version: 1,
  ...(changed !== undefined && { changed }),
});
const list: BoardList = { boards: [board("team"), board("b", "2")], cached: false };

test("activity is noted at its board, and the order stays", () => {
  expect(changed(list, "team", "1")?.boards).toEqual([board("team", "1"), board("b", "2")]);
  expect(changed(list, "b", "3")?.boards).toEqual([board("team"), board("b", "3")]);
});

test("earlier activity, and that of an unknown board, changes nothing", () => {
  expect(changed(list, "b", "1")).toBe(list);
  expect(changed(list, "c", "9")).toBe(list);
  expect(changed(undefined, "b", "9")).toBeUndefined();
});
