// The editor of a note's text: CodeMirror, bound to the shared document.

import { type ChangeSpec, Compartment, EditorState } from "@codemirror/state";
import { EditorView, placeholder } from "@codemirror/view";
import { yCollab } from "y-codemirror.next";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { messages } from "../messages.ts";
import { carets } from "./carets.ts";
import { complete } from "./complete.ts";
import { find } from "./find.tsx";
import { keys } from "./keys.ts";
import { markdown } from "./language.ts";
import { limit } from "./limit.ts";
import { lines } from "./lines.ts";
import { paste } from "./paste.ts";
import { constructStyles } from "./styles.ts";
import { boxOf } from "./tasks.ts";
import { theme } from "./theme.ts";
import { typing } from "./typing.ts";

constructStyles();

export interface EditorOptions {
  text: Y.Text;
  awareness: Awareness;
  /** The element that the editor fills. */
  parent: HTMLElement;
  /** The ID of the element that describes the editor to users of screen readers. */
  describedBy: string;
  writable: boolean;
  /** The titles of the notes that links can lead to, the newest first. */
  titles(): readonly string[];
  /** Called when the text has become too long for an edit. */
  full(): void;
}

/** How long Tab leaves the editor after Escape, as in CodeMirror. */
const LEAVING_MS = 2_000;

export class Editor {
  readonly view: EditorView;
  readonly #undo: Y.UndoManager;
  readonly #writable = new Compartment();

  constructor({ text, awareness, parent, describedBy, writable, titles, full }: EditorOptions) {
    // It undoes the edits of this editor only.
    this.#undo = new Y.UndoManager(text);
    const state = EditorState.create({
      doc: text.toString(),
      extensions: [
        // Positions in the document count a carriage return like any other character.
        EditorState.lineSeparator.of("\n"),
        keys,
        find,
        typing,
        paste,
        complete(titles),
        limit(full),
        markdown,
        lines,
        theme,
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({
          "aria-label": messages.editor.text,
          "aria-describedby": describedBy,
          spellcheck: "true",
          autocorrect: "on",
          autocapitalize: "sentences",
          tabindex: "0",
        }),
        placeholder(messages.editor.placeholder),
        this.#writable.of(EditorState.readOnly.of(!writable)),
        yCollab(text, null, { undoManager: this.#undo }),
        carets(text, awareness),
      ],
    });
    this.view = new EditorView({ state, parent });
  }

  set writable(writable: boolean) {
    this.view.dispatch({ effects: this.#writable.reconfigure(EditorState.readOnly.of(!writable)) });
  }

  /** Writes at the caret. */
  insert(text: string): void {
    if (text !== "") this.view.dispatch(this.view.state.replaceSelection(text), { userEvent: "input" });
  }

  /**
   * Makes changes that are undone together, apart from what is typed before and after them. Puts the caret at `anchor`.
   * Returns whether they are made: the text may be full, or read-only.
   */
  change(changes: ChangeSpec, anchor: number, userEvent: string): boolean {
    const before = this.view.state.doc;
    if (this.view.state.readOnly) return false;
    this.#undo.stopCapturing();
    this.view.dispatch({ changes, selection: { anchor }, scrollIntoView: true, userEvent });
    this.#undo.stopCapturing();
    return this.view.state.doc !== before;
  }

  /** Lets the next Tab leave the editor, as after Escape. */
  leaveWithTab(): void {
    this.view.setTabFocusMode(LEAVING_MS);
  }

  /** The line at the top of what is seen, from 0, with the fraction of it that is above. */
  get line(): number {
    const { view } = this;
    const height = view.scrollDOM.scrollTop - view.documentPadding.top;
    const block = view.lineBlockAtHeight(height);
    const line = view.state.doc.lineAt(block.from).number - 1;
    return line + Math.min(1, Math.max(0, (height - block.top) / block.height));
  }

  set line(line: number) {
    const { view } = this;
    const number = Math.min(view.state.doc.lines, Math.floor(line) + 1);
    const block = view.lineBlockAt(view.state.doc.line(number).from);
    view.scrollDOM.scrollTop = block.top + (line - Math.floor(line)) * block.height + view.documentPadding.top;
  }

  /** Goes to a line, from 0. Lines above it that were never shown have no exact height, so CodeMirror scrolls in steps. */
  goTo(line: number): void {
    const { doc } = this.view.state;
    const { from } = doc.line(Math.min(doc.lines, line + 1));
    this.view.dispatch({ effects: EditorView.scrollIntoView(from, { y: "start", yMargin: 0 }) });
  }

  /** Ticks or clears the box of a task: the one that line `number` of the text `rendered` has. */
  tick(rendered: string, number: number): void {
    const box = boxOf(this.view.state.doc.toString(), rendered, number);
    if (box === undefined) return;
    this.view.dispatch({
      changes: { from: box.at, to: box.at + 1, insert: box.done ? " " : "x" },
      userEvent: "input.task",
    });
  }

  destroy(): void {
    this.view.destroy();
    this.#undo.destroy();
  }
}
