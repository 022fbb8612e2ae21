// Markdown is read: CommonMark, with tables, strikethrough and links that stand for themselves. HTML in it is text.

import MarkdownIt, { type Token } from "markdown-it";
import { autolinks } from "./autolinks.ts";
import { linkTo } from "./links.ts";

/** What is longer, or has deeper or more elements, takes longer to read or to lay out than a person would wait. */
export const LONGEST = 100_000;
const DEEPEST = 50;
const MOST = 10_000;

const reader = new MarkdownIt({
  html: false,
  // What is nested deeper is not read at all; it has to be noticed before that.
  maxNesting: 2 * DEEPEST,
});
autolinks(reader);
// A link that leads nowhere stays the text that it is.
reader.validateLink = (address) => linkTo(address) !== undefined;

/** The tokens of a text; nothing if it is out of these bounds. */
export function parse(text: string): Token[] | undefined {
  if (text.length > LONGEST) return undefined;
  const tokens = reader.parse(text, {});
  return isBounded(tokens) ? tokens : undefined;
}

function isBounded(tokens: Token[]): boolean {
  const inline = tokens.flatMap((token) => token.children ?? []);
  const all = [...tokens, ...inline];
  return all.every((token) => token.level < DEEPEST) && all.filter(isElement).length <= MOST;
}

function isElement(token: Token): boolean {
  return token.nesting !== -1 && !token.hidden && token.type !== "text" && token.type !== "inline";
}
