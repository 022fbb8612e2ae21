// Attributes of the lines on the screen: each has the direction of its own text, and code and tables have letters of one width.

import { syntaxTree } from "@codemirror/language";
import { type EditorState, RangeSetBuilder } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";

const dir = "auto";
const text = Decoration.line({ attributes: { dir } });
const code = Decoration.line({ attributes: { dir }, class: "code" });
const table = Decoration.line({ attributes: { dir }, class: "table" });

const BLOCKS: Readonly<Record<string, Decoration>> = { FencedCode: code, CodeBlock: code, Table: table };

const attributes = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;

    constructor(view: EditorView) {
      this.decorations = decorate(view);
    }

    update(update: ViewUpdate) {
      const isParsed = syntaxTree(update.startState) !== syntaxTree(update.state);
      if (update.docChanged || update.viewportChanged || isParsed) this.decorations = decorate(update.view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

export const lines = [EditorView.perLineTextDirection.of(true), attributes];

function decorate({ state, visibleRanges }: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  let last = -1;
  for (const { from, to } of visibleRanges) {
    const blocks = blocksIn(state, from, to);
    for (let at = from; at <= to; ) {
      const line = state.doc.lineAt(at);
      if (line.from > last) builder.add(line.from, line.from, blocks.get(line.from) ?? text);
      last = line.from;
      at = line.to + 1;
    }
  }
  return builder.finish();
}

/** The starts of the lines of code and tables. */
function blocksIn(state: EditorState, from: number, to: number): Map<number, Decoration> {
  const found = new Map<number, Decoration>();
  syntaxTree(state).iterate({
    from,
    to,
    enter: (node) => {
      const block = BLOCKS[node.name];
      if (block === undefined) return;
      for (let at = Math.max(from, node.from); at <= Math.min(to, node.to); ) {
        const line = state.doc.lineAt(at);
        found.set(line.from, block);
        at = line.to + 1;
      }
    },
  });
  return found;
}
