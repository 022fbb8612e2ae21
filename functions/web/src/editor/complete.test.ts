import { CompletionContext } from "@codemirror/autocomplete";
import { EditorState } from "@codemirror/state";
import { expect, test } from "vitest";
import { titlesFor } from "./complete.ts";

const titles = () => ["Plan", "Books [old]", "Lunch", "Plan"];
const at = (doc: string) => titlesFor(new CompletionContext(EditorState.create({ doc }), doc.length, false), titles);

test("after two brackets, the titles are offered, each once", () => {
  const found = at("See [[");
  expect(found?.from).toBe(6);
  expect(found?.options.map(({ label }) => label)).toEqual(["Plan", "Lunch"]);
  expect(at("See [[Lu")?.from).toBe(6);
});

test.each(["See [", "See [[Plan]]", "See [[Plan\n", "See"])("nothing is offered at the end of %j", (text) =>
  expect(at(text)).toBeNull(),
);
