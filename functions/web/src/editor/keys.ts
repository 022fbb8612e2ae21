// The keys of the editor. Letters follow the keyboard layout, as everywhere in the page.

import { standardKeymap } from "@codemirror/commands";
import { openSearchPanel } from "@codemirror/search";
import { type Extension, Prec } from "@codemirror/state";
import { type Command, EditorView, keymap } from "@codemirror/view";
import { yUndoManagerKeymap } from "y-codemirror.next";
import { commandKey } from "../keyboard.ts";
import { continueList, indentItems, outdentItems } from "./lists.ts";
import { insertLink, toggleBold, toggleItalic } from "./marks.ts";

const COMMANDS: Readonly<Record<string, Command>> = {
  b: toggleBold,
  i: toggleItalic,
  k: insertLink,
  f: openSearchPanel,
};

const letters = EditorView.domEventHandlers({
  keydown(event, view) {
    // On a Mac, letters with Ctrl move the caret.
    if (/^Mac|^iP/.test(navigator.platform) && !event.metaKey) return false;
    const key = commandKey(event);
    return key !== undefined && (COMMANDS[key]?.(view) ?? false);
  },
});

/** Escape and then Tab leaves the editor, as everywhere in CodeMirror. */
const lists = keymap.of([
  { key: "Enter", run: continueList },
  { key: "Tab", run: indentItems, shift: outdentItems },
]);

export const keys: Extension = [Prec.high(letters), lists, keymap.of(yUndoManagerKeymap), keymap.of(standardKeymap)];
