// Footnotes: `[^name]` in a text, and `[^name]: words` anywhere in it. They are shown at the end, in the order of their marks.

import type { MarkdownIt, StateBlock, StateCore, StateInline, Token } from "markdown-it";

const MARK = /\[\^([^\]\s]{1,50})\]/y;
const NOTE = /^\[\^([^\]\s]{1,50})\]:[ \t]*/;

/** Returns the number of a footnote, or of its mark, from 1. */
export function numberOf({ meta }: Token): number {
  return Number(meta?.["number"]);
}

interface Environment {
  /** The names of the footnotes of the text. */
  footnotes?: Set<string>;
}

/** Adds footnotes to `reader`: tokens of the types `footnote_mark`, `footnotes_open` and `footnote_open`. */
export function footnotes(reader: MarkdownIt): void {
  reader.block.ruler.before("reference", "footnote", note, { alt: ["paragraph", "reference"] });
  reader.inline.ruler.before("link", "footnote_mark", mark);
  reader.core.ruler.push("footnotes", arrange);
}

/** Reads the words of a footnote: the rest of the paragraph that begins with its name. */
function note(state: StateBlock, first: number, last: number, silent: boolean): boolean {
  const lineAt = (line: number) => state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]!);
  const [start, name] = NOTE.exec(lineAt(first)) ?? [];
  if (start === undefined || name === undefined || state.level > 0) return false;
  if (silent) return true;
  let end = first + 1;
  while (end < last && !state.isEmpty(end) && !NOTE.test(lineAt(end))) end += 1;
  const environment = state.env as Environment;
  environment.footnotes ??= new Set();
  environment.footnotes.add(name);

  const open = state.push("footnote_open", "li", 1);
  open.map = [first, end];
  open.meta = { name };
  state.push("paragraph_open", "p", 1).map = [first, end];
  const words = state.push("inline", "", 0);
  words.content = state.getLines(first, end, state.blkIndent, false).trim().slice(start.length).trim();
  words.map = [first, end];
  words.children = [];
  state.push("paragraph_close", "p", -1);
  state.push("footnote_close", "li", -1);
  state.line = end;
  return true;
}

/** Reads the mark of a footnote that the text has. */
function mark(state: StateInline, silent: boolean): boolean {
  MARK.lastIndex = state.pos;
  const [written, name] = MARK.exec(state.src) ?? [];
  if (written === undefined || name === undefined || !(state.env as Environment).footnotes?.has(name)) return false;
  if (!silent) state.push("footnote_mark", "a", 0).meta = { name };
  state.pos += written.length;
  return true;
}

/** Numbers the marks, and moves the footnotes to the end. Those without a mark, or of a name that came before, are left out. */
function arrange(state: StateCore): void {
  const found = new Map<string, Token[]>();
  const rest: Token[] = [];
  let current: Token[] | undefined;
  for (const token of state.tokens) {
    if (token.type === "footnote_open") current = [];
    (current ?? rest).push(token);
    if (token.type !== "footnote_close" || current === undefined) continue;
    const name = nameOf(current[0]!);
    if (!found.has(name)) found.set(name, current);
    current = undefined;
  }
  if (found.size === 0) return;

  const numbers = new Map<string, number>();
  const number = (tokens: readonly Token[]) => {
    for (const token of tokens) {
      if (token.children) number(token.children);
      if (token.type !== "footnote_mark") continue;
      const name = nameOf(token);
      numbers.set(name, numbers.get(name) ?? numbers.size + 1);
      token.meta = { name, number: numbers.get(name) };
    }
  };
  number(rest);
  const shown = [...numbers].flatMap(([name, number]) => {
    const tokens = found.get(name)!;
    tokens[0]!.meta = { name, number };
    return tokens;
  });
  // A footnote of a footnote has a number only if the text marks it, too.
  for (const token of shown) for (const child of token.children ?? []) settle(child, numbers);
  if (shown.length === 0) state.tokens = rest;
  else
    state.tokens = [
      ...rest,
      new state.Token("footnotes_open", "ol", 1),
      ...shown,
      new state.Token("footnotes_close", "ol", -1),
    ];
}

function settle(token: Token, numbers: ReadonlyMap<string, number>): void {
  if (token.type !== "footnote_mark") return;
  const name = nameOf(token);
  const number = numbers.get(name);
  if (number !== undefined) token.meta = { name, number };
  else {
    token.type = "text";
    token.content = `[^${name}]`;
  }
}

function nameOf({ meta }: Token): string {
  return String(meta?.["name"]);
}
