import { EditorSelection, EditorState, type StateCommand } from "@codemirror/state";
import { expect, test } from "vitest";
import { insertLink, pastedLink, toggleBold, toggleItalic } from "./marks.ts";

/** Runs a command on a text in which `|` is the caret, or `«` and `»` are the ends of the selection. */
function after(text: string, command: StateCommand): string {
  const caret = text.indexOf("|");
  const [from, to] = caret < 0 ? [text.indexOf("«"), text.indexOf("»") - 1] : [caret, caret];
  let state = EditorState.create({ doc: text.replace(/[|«»]/g, ""), selection: EditorSelection.range(from, to) });
  command({ state, dispatch: (transaction) => (state = transaction.state) });
  const { main } = state.selection;
  const doc = state.doc.toString();
  const [start, within, end] = [doc.slice(0, main.from), doc.slice(main.from, main.to), doc.slice(main.to)];
  return main.empty ? `${start}|${end}` : `${start}«${within}»${end}`;
}

test.each([
  ["a «word» b", "a **«word»** b"],
  ["a « word » b", "a  **«word»**  b"],
  ["a wo|rd b", "a **wo|rd** b"],
  ["a | b", "a **|** b"],
  ["a *«word»* b", "a ***«word»*** b"],
])("bold is switched on: %j", (off, on) => {
  expect(after(off, toggleBold)).toBe(on);
});

test.each([
  ["a **«word»** b", "a «word» b"],
  ["a «**word**» b", "a «word» b"],
  ["a **wo|rd** b", "a wo|rd b"],
  ["a **|** b", "a | b"],
  ["a ***«word»*** b", "a *«word»* b"],
])("bold is switched off: %j", (on, off) => expect(after(on, toggleBold)).toBe(off));

test.each([
  ["a «word» b", "a *«word»* b"],
  ["a *«word»* b", "a «word» b"],
  ["a **«word»** b", "a ***«word»*** b"],
  ["a ***«word»*** b", "a **«word»** b"],
  ["a «*word*» b", "a «word» b"],
])("italic is switched: %j", (before, expected) => expect(after(before, toggleItalic)).toBe(expected));

test("the selection becomes the text of a link, and an address its target", () => {
  expect(after("see «here» now", insertLink)).toBe("see [here](|) now");
  expect(after("see he|re now", insertLink)).toBe("see [here](|) now");
  expect(after("see «https://example.org/» now", insertLink)).toBe("see [|](https://example.org/) now");
  expect(after("see | now", insertLink)).toBe("see [|]() now");
});

test("an address that is pasted over a text makes a link", () => {
  expect(pastedLink("here", "https://example.org/a")).toBe("[here](https://example.org/a)");
  expect(pastedLink("here", " mailto:ada@example.org\n")).toBe("[here](mailto:ada@example.org)");
  expect(pastedLink("here", "#/boards/team/notes/plan")).toBe("[here](#/boards/team/notes/plan)");
  expect(pastedLink("a [b]", "https://example.org/")).toBe("[a \\[b\\]](https://example.org/)");
  expect(pastedLink("here", "https://example.org/a_(b)")).toBe("[here](<https://example.org/a_(b)>)");
});

test("what is not an address, or goes over more than some words, replaces what is selected", () => {
  for (const pasted of ["text", "https://example.org/ and more", "javascript:alert(1)", "https://", ""]) {
    expect(pastedLink("here", pasted)).toBeUndefined();
  }
  expect(pastedLink("two\nlines", "https://example.org/")).toBeUndefined();
  expect(pastedLink("https://example.com/", "https://example.org/")).toBeUndefined();
  expect(pastedLink(" ", "https://example.org/")).toBeUndefined();
});
