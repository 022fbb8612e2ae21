// Links to notes by their titles: `[[title]]`.

import type { MarkdownIt, StateInline } from "markdown-it";

/** Maximum number of characters of a title. */
const LONGEST = 200;

const LINK = new RegExp(`\\[\\[([^\\[\\]\\n]{1,${LONGEST}})\\]\\]`, "y");

/** Adds links by title to `reader`, as tokens of the type `note_link`. */
export function noteLinks(reader: MarkdownIt): void {
  reader.inline.ruler.before("link", "note_link", link);
}

function link(state: StateInline, silent: boolean): boolean {
  LINK.lastIndex = state.pos;
  const [written, title = ""] = LINK.exec(state.src) ?? [];
  if (written === undefined || title.trim() === "" || state.linkLevel > 0) return false;
  if (!silent) state.push("note_link", "a", 0).content = title.trim();
  state.pos += written.length;
  return true;
}
