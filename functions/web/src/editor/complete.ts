// Completes titles of notes in links by title: after `[[`.

import {
  autocompletion,
  type CompletionContext,
  type CompletionResult,
  closeCompletion,
  completionKeymap,
  completionStatus,
} from "@codemirror/autocomplete";
import { type Extension, Prec } from "@codemirror/state";
import { type EditorView, type KeyBinding, keymap } from "@codemirror/view";

/** What precedes the caret in a link that is not closed. */
const OPEN = /\[\[[^[\]\n]*$/;

/** Escape closes the titles, if they are shown. Otherwise it prepares to leave the editor with Tab. */
const keys: KeyBinding[] = [
  ...completionKeymap.filter(({ key }) => key !== "Escape"),
  { key: "Escape", run: (view) => completionStatus(view.state) === "active" && closeCompletion(view) },
];

/** Offers titles, which `titles` returns with the newest first. */
export function complete(titles: () => readonly string[]): Extension {
  const override = [(context: CompletionContext) => titlesFor(context, titles)];
  const options = { override, icons: false, defaultKeymap: false, interactionDelay: 0 };
  return [autocompletion(options), Prec.highest(keymap.of(keys))];
}

/** Returns the titles for a link at the caret. */
export function titlesFor(
  context: Pick<CompletionContext, "pos" | "matchBefore">,
  titles: () => readonly string[],
): CompletionResult | null {
  const open = context.matchBefore(OPEN);
  if (open === null) return null;
  // A bracket in a title would end the link.
  const options = [...new Set(titles())].filter((title) => !/[[\]]/.test(title)).map((label) => ({ label, apply }));
  return { from: open.from + "[[".length, options, validFor: /^[^[\]\n]*$/ };
}

/** Writes the title and closes the link, if it is open. */
function apply(view: EditorView, { label }: { label: string }, from: number, to: number): void {
  const isClosed = view.state.sliceDoc(to, to + 2) === "]]";
  const caret = from + label.length + 2;
  const changes = { from, to: isClosed ? to + 2 : to, insert: `${label}]]` };
  view.dispatch({ changes, selection: { anchor: caret }, userEvent: "input.complete" });
}
