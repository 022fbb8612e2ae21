// Parses Markdown: CommonMark with tables, strikethrough, autolinks, footnotes and links by title. HTML in it is text.

import MarkdownIt, { type Token } from "markdown-it";
import { autolinks } from "./autolinks.ts";
import { footnotes } from "./footnotes.ts";
import { linkTo } from "./links.ts";
import { noteLinks } from "./note-links.ts";

/** Limits of length, depth and number of elements. Larger texts take too long to parse or to lay out. */
export const LONGEST = 100_000;
const DEEPEST = 50;
const MOST = 10_000;

const reader = new MarkdownIt({
  html: false,
  // The parser drops deeper elements, so the limit must be detected earlier.
  maxNesting: 2 * DEEPEST,
});
autolinks(reader);
noteLinks(reader);
footnotes(reader);
// A link without a permitted target remains text.
reader.validateLink = (address) => linkTo(address) !== undefined;

/** Returns the tokens of a text, or nothing if it exceeds the limits. */
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
