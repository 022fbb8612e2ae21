import { EditorSelection, EditorState, type StateCommand } from "@codemirror/state";
import { expect, test } from "vitest";
import { language } from "./language.ts";
import { continueList, indentItems, outdentItems } from "./lists.ts";

/** Runs a command on a text in which `|` is the caret, or `<` and `>` are the ends of the selection. */
function after(text: string, command: StateCommand): string | undefined {
  const caret = text.indexOf("|");
  const [from, to] = caret < 0 ? [text.indexOf("«"), text.indexOf("»") - 1] : [caret, caret];
  const state = EditorState.create({
    doc: text.replace(/[|«»]/g, ""),
    selection: EditorSelection.range(from, to),
    extensions: [language],
  });
  let changed: EditorState | undefined;
  const isHandled = command({ state, dispatch: (transaction) => (changed = transaction.state) });
  if (!isHandled) return undefined;
  const { doc, selection } = changed ?? state;
  const { head } = selection.main;
  const result = doc.toString();
  return caret < 0 ? result : `${result.slice(0, head)}|${result.slice(head)}`;
}

test.each([
  ["- a|", "- a\n- |"],
  ["* a|b", "* a\n* |b"],
  ["+  a|", "+  a\n+  |"],
  ["9. a|", "9. a\n10. |"],
  ["1) a| b", "1) a\n2) |b"],
  ["- [x] a|", "- [x] a\n- [ ] |"],
  ["- a\n  - b|", "- a\n  - b\n  - |"],
  ["> a|", "> a\n> |"],
  ["> - a|", "> - a\n> - |"],
  ["- a|\n- b", "- a\n- |\n- b"],
  ["- |a", "- \n- |a"],
])("Enter continues %j", (before, expected) => expect(after(before, continueList)).toBe(expected));

test.each([
  ["- a\n- |", "- a\n|"],
  ["- a\n-|", "- a\n|"],
  ["1. a\n2. |", "1. a\n|"],
  ["- [ ] |", "|"],
  ["- a\n  - |", "- a\n- |"],
  ["> a\n> |", "> a\n|"],
  ["> - a\n> - |", "> - a\n> |"],
])("Enter on the empty item of %j ends it", (before, expected) => expect(after(before, continueList)).toBe(expected));

test.each(["a|", "|- a", "-| a", "---|", "* * *|", "```\n- a|\n```", "-a|", ""])(
  "Enter in %j is a line break like any other",
  (before) => expect(after(before === "" ? "|" : before, continueList)).toBeUndefined(),
);

test("Enter replaces what is selected", () => {
  expect(after("- a«b»c", continueList)).toBe("- a\n- c");
});

test.each([
  ["- a\n- b|", "- a\n  - b|"],
  ["1. a\n2. b|", "1. a\n   2. b|"],
  ["- a\n- b|\n  - c\n- d", "- a\n  - b|\n    - c\n- d"],
  ["- a\n  - b\n- c|", "- a\n  - b\n  - c|"],
  ["> - a\n> - b|", "> - a\n>   - b|"],
  ["- a\n- «b\n- c»", "- a\n  - b\n  - c"],
])("Tab in %j makes a child of the item above", (before, expected) =>
  expect(after(before, indentItems)).toBe(expected),
);

test("Tab leaves the first item where it is", () => {
  expect(after("- a|", indentItems)).toBe("- a|");
  expect(after("text\n\n- a|", indentItems)).toBe("text\n\n- a|");
  expect(after("- a\n  - b|", indentItems)).toBe("- a\n  - b|");
});

test("Tab outside of a list inserts spaces", () => {
  expect(after("a|b", indentItems)).toBe("a  |b");
  expect(after("```\n- a|\n```", indentItems)).toBe("```\n- a  |\n```");
});

test.each([
  ["- a\n  - b|", "- a\n- b|"],
  ["- a\n  - b|\n    - c\n\n      text\n- d", "- a\n- b|\n  - c\n\n    text\n- d"],
  ["1. a\n   2. b|", "1. a\n2. b|"],
  ["- a\n  - b\n    - c|", "- a\n  - b\n  - c|"],
  ["- a|", "- a|"],
])("Shift+Tab in %j moves the item one level up", (before, expected) =>
  expect(after(before, outdentItems)).toBe(expected),
);

test("items return to where they were", () => {
  for (const text of ["- a\n- b|", "1. a\n2. b|\n   - c", "- a\n- b|\n\n  text"]) {
    expect(after(after(text, indentItems)!, outdentItems)).toBe(text);
  }
});
