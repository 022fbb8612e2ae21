// The anchors of a text's headings, and their levels below the note's title. Screen readers navigate by headings, so no level may be skipped,
// whichever of Markdown's six levels the author began with.

import type { Token } from "markdown-it";

export type Heading = "h2" | "h3" | "h4" | "h5" | "h6";

const HEADINGS: readonly Heading[] = ["h2", "h3", "h4", "h5", "h6"];

/** Maps each token that opens a heading to its element. */
export function headings(tokens: readonly Token[]): ReadonlyMap<Token, Heading> {
  const opening = tokens.filter(({ type }) => type === "heading_open");
  const used = [...new Set(opening.map(({ tag }) => tag))].sort();
  const elements = new Map<Token, Heading>();
  let above = -1;
  for (const token of opening) {
    const depth = Math.min(used.indexOf(token.tag), above + 1, HEADINGS.length - 1);
    elements.set(token, HEADINGS[depth]!);
    above = depth;
  }
  return elements;
}

/** Characters that an anchor does not have. */
const DROPPED = /[^\p{L}\p{M}\p{N}\p{Pc} -]/gu;

/** Maps each token that opens a heading to its anchor, which no other heading of the text has. */
export function anchors(tokens: readonly Token[]): ReadonlyMap<Token, string> {
  const found = new Map<Token, string>();
  const times = new Map<string, number>();
  for (const [index, token] of tokens.entries()) {
    if (token.type !== "heading_open") continue;
    const words = (tokens[index + 1]?.children ?? []).map(({ content }) => content).join("");
    const name = words.trim().toLowerCase().replace(DROPPED, "").replaceAll(" ", "-") || "heading";
    const before = times.get(name) ?? 0;
    times.set(name, before + 1);
    found.set(token, before === 0 ? name : `${name}-${before}`);
  }
  return found;
}
