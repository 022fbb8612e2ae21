import { expect, test } from "vitest";
import { noteOf } from "./channel.ts";

test("views that are rendered together get the same note", () => {
  const id = { board: "team", key: "a" };
  const note = noteOf(id);
  expect(noteOf({ ...id })).toBe(note);
  expect(noteOf({ board: "other", key: "a" })).not.toBe(note);
});
