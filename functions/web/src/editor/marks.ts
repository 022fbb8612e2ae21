// Bold, italic and links around the selection.

import { type ChangeSpec, EditorSelection, type EditorState, type StateCommand } from "@codemirror/state";

/** What is selected without the white space at its ends, or the word at the caret. */
interface Target {
  from: number;
  to: number;
}

export const toggleBold: StateCommand = (target) => toggle(target, "**");
export const toggleItalic: StateCommand = (target) => toggle(target, "*");

/** Makes the selection the text of a link, or its target if it is an address, and puts the caret where the other part goes. */
export const insertLink: StateCommand = ({ state, dispatch }) => {
  const { from, to } = targetOf(state);
  const text = state.sliceDoc(from, to);
  const isTarget = isAddress(text);
  const insert = isTarget ? `[](${text})` : `[${text}]()`;
  const caret = from + (isTarget || text === "" ? 1 : insert.length - 1);
  const changes = { from, to, insert };
  dispatch(
    state.update({ changes, selection: EditorSelection.cursor(caret), scrollIntoView: true, userEvent: "input" }),
  );
  return true;
};

/** Returns the link that an address makes of the selected text when it is pasted over it. */
export function pastedLink(selected: string, pasted: string): string | undefined {
  const address = pasted.trim();
  if (!isAddress(address) || selected.trim() === "" || selected.includes("\n") || isAddress(selected.trim()))
    return undefined;
  const target = /[()<>]/.test(address) ? `<${address.replace(/[<>]/g, encodeURIComponent)}>` : address;
  return `[${selected.replace(/[[\]]/g, "\\$&")}](${target})`;
}

function isAddress(text: string): boolean {
  return /^(?:https?:\/\/|mailto:|#\/)\S+$/i.test(text);
}

/** Puts stars around the selection or the word at the caret, or removes them. */
function toggle({ state, dispatch }: Parameters<StateCommand>[0], mark: "*" | "**"): boolean {
  const { main } = state.selection;
  const { from, to } = targetOf(state);
  const size = mark.length;
  const text = state.sliceDoc(from, to);
  const outside = Math.min(starsAtEnd(state.sliceDoc(from - 3, from)), starsAtStart(state.sliceDoc(to, to + 3)));
  const inside = Math.min(starsAtStart(text), starsAtEnd(text));
  const isInside = /[^*]/.test(text) && includes(inside, mark);

  let changes: ChangeSpec[];
  let [start, end] = [from, to];
  if (includes(outside, mark)) {
    changes = [
      { from: from - size, to: from },
      { from: to, to: to + size },
    ];
    [start, end] = [from - size, to - size];
  } else if (isInside) {
    changes = [
      { from, to: from + size },
      { from: to - size, to },
    ];
    end = to - 2 * size;
  } else {
    changes = [
      { from, insert: mark },
      { from: to, insert: mark },
    ];
    [start, end] = [from + size, to + size];
  }
  const selection = main.empty
    ? EditorSelection.cursor(start + main.head - from)
    : EditorSelection.range(...((main.anchor > main.head ? [end, start] : [start, end]) as [number, number]));
  dispatch(state.update({ changes, selection, scrollIntoView: true, userEvent: "input" }));
  return true;
}

function targetOf(state: EditorState): Target {
  const { main } = state.selection;
  if (main.empty) return state.wordAt(main.head) ?? main;
  const text = state.sliceDoc(main.from, main.to);
  if (text.trim() === "") return main;
  return {
    from: main.to - text.trimStart().length,
    to: main.from + text.trimEnd().length,
  };
}

function starsAtStart(text: string): number {
  return /^\**/.exec(text)![0].length;
}

function starsAtEnd(text: string): number {
  return /\**$/.exec(text)![0].length;
}

/** Returns whether that many stars include the mark: one is italic, two are bold, three are both. */
function includes(stars: number, mark: "*" | "**"): boolean {
  return mark === "**" ? stars >= 2 : stars === 1 || stars >= 3;
}
