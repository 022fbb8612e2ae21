// Autolinks: URLs and e-mail addresses in a text become links, by the rules of GitHub Flavored Markdown. Punctuation, brackets
// and emphasis after a URL are not part of it.
// https://github.github.com/gfm/#autolinks-extension-

import type { MarkdownIt, StateCore, StateInline, Token } from "markdown-it";
import { linkTo } from "./links.ts";

/** Matches a scheme that is not the end of a longer word. */
const SCHEME = /(?<![\p{L}\p{N}])https?$/iu;

/** Matches a host that is not the user name before an `@`. */
const HOST = /(?:\[[\da-f:.]+\]|[\p{L}\p{M}\p{N}._-]+)(?::\d+)?(?![\p{L}\p{M}\p{N}._-]|(?::[^\s/@]*)?@)/iuy;

/** The rest of a URL: the characters of RFC 3986, characters that people leave unescaped, and letters of all scripts. */
const REST = /[/?#](?:[!#$%&'()*+,\-./\w:;=?@[\]^{|}~]|[^\0-\x7f\uff5c\p{P}\p{Z}\p{C}]){0,2000}/uy;

/** Characters that do not end a URL. */
const TRAILING = /[?!.,:;*_~'|]+$/;

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

const MAILBOX = /(?:mailto:)?[a-z\d](?:[\w.+-]*[a-z\d])?$/i;

/** Maximum number of characters before the `@` of an e-mail address, including `mailto:`. */
const LONGEST_NAME = 71;

const DOMAIN =
  /@(?:[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}-]{0,61}[\p{L}\p{M}\p{N}])?\.){1,9}[\p{L}\p{M}\p{N}]{2,63}(?![\p{L}\p{M}\p{N}-])/uy;

/** Adds autolinks to `reader`. They replace the rules that `linkify` switches on, and do not need it. */
export function autolinks(reader: MarkdownIt): void {
  reader.inline.ruler.at("linkify", address);
  reader.core.ruler.at("linkify", mailboxes);
}

/** Reads a URL before the emphasis that it may contain, as in `https://example.org/_a_`. */
function address(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state;
  if (silent || state.linkLevel > 0 || !src.startsWith("://", pos)) return false;
  const scheme = SCHEME.exec(src.slice(Math.max(0, pos - 7), pos))?.[0];
  // An escaped character is not part of a URL.
  if (scheme === undefined || !state.pending.endsWith(scheme)) return false;
  const start = pos - scheme.length;
  const end = addressEnd(src, pos + "://".length);
  const url = end && src.slice(start, end);
  if (!url || linkTo(url) === undefined) return false;

  state.pending = state.pending.slice(0, -scheme.length);
  state.push("link_open", "a", 1).attrs = [["href", url]];
  state.push("text", "", 0).content = url;
  state.push("link_close", "a", -1);
  state.pos = start + url.length;
  return true;
}

/** Returns the end of the URL whose host is at `from`, if there is one. */
function addressEnd(text: string, from: number): number | undefined {
  const host = matchAt(HOST, text, from);
  if (host === undefined) return undefined;
  const rest = matchAt(REST, text, from + host.length) ?? "";
  const url = (host + rest.slice(0, firstUnmatched(rest))).replace(TRAILING, "");
  return url === "" ? undefined : from + url.length;
}

/** Returns the position of the first closing bracket without an opening one in `text`. */
function firstUnmatched(text: string): number {
  const open: string[] = [];
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]!;
    const closing = CLOSING[character];
    if (closing !== undefined) open.push(closing);
    else if (")]}".includes(character) && open.pop() !== character) return index;
  }
  return text.length;
}

/** Finds e-mail addresses in the text that remains after all other rules. */
function mailboxes(state: StateCore): void {
  for (const block of state.tokens) {
    if (block.children?.some(({ type, content }) => type === "text" && content.includes("@"))) {
      block.children = withMailboxes(state, block.children);
    }
  }
}

function withMailboxes(state: StateCore, tokens: readonly Token[]): Token[] {
  let links = 0;
  return tokens.flatMap((token) => {
    if (token.type === "link_open") links += 1;
    if (token.type === "link_close") links -= 1;
    return token.type === "text" && links === 0 ? split(state, token) : [token];
  });
}

function split(state: StateCore, { content, level }: Token): Token[] {
  const parts: Token[] = [];
  const add = (type: string, nesting: -1 | 0 | 1, at: number, text = "") => {
    const token = new state.Token(type, nesting === 0 ? "" : "a", nesting);
    token.level = at;
    token.content = text;
    parts.push(token);
    return token;
  };
  let done = 0;
  for (let at = content.indexOf("@"); at >= 0; at = content.indexOf("@", at + 1)) {
    const name = MAILBOX.exec(content.slice(Math.max(done, at - LONGEST_NAME), at))?.[0];
    const domain = matchAt(DOMAIN, content, at);
    if (name === undefined || domain === undefined) continue;
    const start = at - name.length;
    const mailbox = name + domain;
    if (start > done) add("text", 0, level, content.slice(done, start));
    add("link_open", 1, level).attrs = [["href", /^mailto:/i.test(name) ? mailbox : `mailto:${mailbox}`]];
    add("text", 0, level + 1, mailbox);
    add("link_close", -1, level);
    done = start + mailbox.length;
  }
  if (done < content.length) add("text", 0, level, content.slice(done));
  return parts;
}

function matchAt(sticky: RegExp, text: string, index: number): string | undefined {
  sticky.lastIndex = index;
  return sticky.exec(text)?.[0];
}
