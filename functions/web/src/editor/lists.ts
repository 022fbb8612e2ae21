// Lists and quotes that continue while one types, and items that move between levels.

import { indentLess, indentMore } from "@codemirror/commands";
import { syntaxTree } from "@codemirror/language";
import { type ChangeSpec, EditorSelection, type EditorState, type Line, type StateCommand } from "@codemirror/state";

/** A line that begins an item of a list. All parts are as they are written. */
interface Item {
  /** The marks of the quotes around the list. */
  quote: string;
  indent: string;
  /** `-`, `*`, `+`, or a number with its delimiter. */
  mark: string;
  space: string;
  /** The box of a task, with the space after it. */
  box: string;
  rest: string;
}

const ITEM =
  /^(?<quote>(?: {0,3}> ?)*)(?<indent>[ \t]*)(?<mark>[-+*]|\d{1,9}[.)])(?<space>[ \t]+|$)(?<box>\[[ xX]\][ \t]+)?(?<rest>.*)$/u;
const QUOTE = /^(?: {0,3}> ?)+/;
const RULE = /^(?: {0,3}> ?)*[ \t]*([-*_])(?:[ \t]*\1){2,}[ \t]*$/;
const OUTSIDE_LISTS = "  ";

/** Enter: begins the next item or line of a quote. In an empty item it ends the item, or moves it one level up. */
export const continueList: StateCommand = ({ state, dispatch }) => {
  const { from, to } = state.selection.main;
  const line = state.doc.lineAt(from);
  if (isCode(state, from)) return false;
  const item = itemOf(line);
  const prefix = item === undefined ? (QUOTE.exec(line.text)?.[0] ?? "") : prefixOf(item);
  if (prefix === "" || from - line.from < prefix.length) {
    // In an empty item, white space at the end may be missing.
    if (item === undefined || item.rest !== "" || from < line.to) return false;
  }
  const isEmpty = line.text.slice(prefix.length).trim() === "" && from === to;
  if (isEmpty && item !== undefined && outdent(state, line, item) !== undefined)
    return outdentItems({ state, dispatch });
  const change = isEmpty
    ? { from: line.from, to: line.to, insert: item?.quote ?? "" }
    : {
        from: endOfWords(line, from, prefix.length),
        to: startOfWords(state, to),
        insert: `\n${nextPrefix(item, prefix)}`,
      };
  dispatch(
    state.update({
      changes: change,
      selection: EditorSelection.cursor(change.from + change.insert.length),
      scrollIntoView: true,
      userEvent: "input",
    }),
  );
  return true;
};

/** Tab: makes items children of the item above. Outside of lists it inserts spaces. */
export const indentItems: StateCommand = (target) => {
  const { state } = target;
  if (inList(state)) {
    moveItems(target, (line, item) => indented(state, line, item), "input.indent");
    return true;
  }
  const { main } = state.selection;
  if (state.doc.lineAt(main.from).number !== state.doc.lineAt(main.to).number) return indentMore(target);
  target.dispatch(state.update(state.replaceSelection(OUTSIDE_LISTS), { userEvent: "input", scrollIntoView: true }));
  return true;
};

/** Shift+Tab: moves items one level up. */
export const outdentItems: StateCommand = (target) => {
  const { state } = target;
  if (inList(state)) moveItems(target, (line, item) => outdent(state, line, item), "delete.dedent");
  else indentLess(target);
  return true;
};

function itemOf({ text }: Line): Item | undefined {
  if (RULE.test(text)) return undefined;
  const { quote, indent, mark, space, box = "", rest } = ITEM.exec(text)?.groups ?? {};
  if (quote === undefined || indent === undefined || mark === undefined) return undefined;
  return { quote, indent, mark, space: space ?? "", box, rest: rest ?? "" };
}

function prefixOf({ quote, indent, mark, space, box }: Item): string {
  return quote + indent + mark + space + box;
}

/** Numbers count on, and tasks begin undone. Later items keep their numbers, so that this changes nothing that others write. */
function nextPrefix(item: Item | undefined, prefix: string): string {
  if (item === undefined) return prefix;
  const number = Number.parseInt(item.mark, 10);
  const mark = Number.isNaN(number) ? item.mark : `${number + 1}${item.mark.at(-1)}`;
  return prefixOf({ ...item, mark, space: item.space || " ", box: item.box.replace(/[xX]/, " ") });
}

/** The end of the text before the caret, without the space at which it is divided. */
function endOfWords(line: Line, from: number, prefix: number): number {
  const before = line.text.slice(prefix, from - line.from);
  return line.from + prefix + before.trimEnd().length;
}

function startOfWords(state: EditorState, to: number): number {
  const line = state.doc.lineAt(to);
  const after = line.text.slice(to - line.from);
  return line.to - after.trimStart().length;
}

function inList(state: EditorState): boolean {
  const { from, to } = state.selection.main;
  if (isCode(state, from)) return false;
  return linesOf(state, from, to).some((line) => itemOf(line) !== undefined);
}

/** The lines that a selection touches. */
function linesOf(state: EditorState, from: number, to: number): Line[] {
  const first = state.doc.lineAt(from).number;
  const last = state.doc.lineAt(to).number;
  return Array.from({ length: last - first + 1 }, (_, index) => state.doc.line(first + index));
}

/** Moves the selected items, with all that is below them, to the indents that `indentOf` gives them. */
function moveItems(
  { state, dispatch }: Parameters<StateCommand>[0],
  indentOf: (line: Line, item: Item) => number | undefined,
  userEvent: string,
): void {
  const { from, to } = state.selection.main;
  const changes: ChangeSpec[] = [];
  let moved = 0;
  for (const line of linesOf(state, from, to)) {
    const item = itemOf(line);
    // A line that moves with an item above is not moved again.
    if (item === undefined || line.number <= moved) continue;
    const indent = indentOf(line, item);
    if (indent === undefined) continue;
    const delta = indent - width(item.indent);
    for (const each of [line, ...below(state, line, item)]) {
      const start = each.from + item.quote.length;
      const leading = /^[ \t]*/.exec(each.text.slice(item.quote.length))![0];
      if (each.length > item.quote.length) {
        changes.push({
          from: start,
          to: start + leading.length,
          insert: " ".repeat(Math.max(0, width(leading) + delta)),
        });
      }
      moved = each.number;
    }
  }
  if (changes.length > 0) dispatch(state.update({ changes, userEvent, scrollIntoView: true }));
}

/** The following lines that belong to an item: those with more indentation. */
function below(state: EditorState, { number }: Line, item: Item): Line[] {
  const lines: Line[] = [];
  let blank: Line[] = [];
  for (let next = number + 1; next <= state.doc.lines; next += 1) {
    const line = state.doc.line(next);
    if (!line.text.startsWith(item.quote.trimEnd())) break;
    const text = line.text.slice(item.quote.length);
    if (text.trim() === "") {
      blank.push(line);
      continue;
    }
    if (width(/^[ \t]*/.exec(text)![0]) <= width(item.indent)) break;
    lines.push(...blank, line);
    blank = [];
  }
  return lines;
}

/** The indent of an item as a child of the item above it on its level, if there is one. */
function indented(state: EditorState, line: Line, item: Item): number | undefined {
  const above = itemsAbove(state, line, item).find((each) => width(each.indent) <= width(item.indent));
  if (above === undefined || width(above.indent) < width(item.indent)) return undefined;
  return width(above.indent) + above.mark.length + 1;
}

/** The indent of the item that an item is a child of. */
function outdent(state: EditorState, line: Line, item: Item): number | undefined {
  const indent = width(item.indent);
  if (indent === 0) return undefined;
  const parent = itemsAbove(state, line, item).find((each) => width(each.indent) < indent);
  return parent === undefined ? 0 : width(parent.indent);
}

/** The items of the list above a line, the nearest first. */
function itemsAbove(state: EditorState, { number }: Line, { quote }: Item): Item[] {
  const items: Item[] = [];
  for (let above = number - 1; above >= 1; above -= 1) {
    const line = state.doc.line(above);
    const item = itemOf(line);
    if (item !== undefined && item.quote === quote) items.push(item);
    // A line that is neither an item nor indented ends the list.
    else if (/^\S/.test(line.text.slice(quote.length))) break;
  }
  return items;
}

/** The width of white space in columns. */
function width(space: string): number {
  let columns = 0;
  for (const character of space) columns += character === "\t" ? 4 - (columns % 4) : 1;
  return columns;
}

function isCode(state: EditorState, at: number): boolean {
  for (let node: ReturnType<typeof nodeAt> | null = nodeAt(state, at); node !== null; node = node.parent) {
    if (node.name === "FencedCode" || node.name === "CodeBlock") return true;
  }
  return false;
}

function nodeAt(state: EditorState, at: number) {
  return syntaxTree(state).resolveInner(at, -1);
}
