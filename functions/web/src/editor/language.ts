// Markdown in the editor: the same constructs that the rendered view knows, styled while they are written.

import {
  defineLanguageFacet,
  HighlightStyle,
  Language,
  languageDataProp,
  syntaxHighlighting,
} from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { tags } from "@lezer/highlight";
import { Autolink, parser, Strikethrough, Table, TaskList } from "@lezer/markdown";

const data = defineLanguageFacet();

/** HTML in a note is text, as in the rendered view. */
const withoutHtml = { remove: ["HTMLBlock", "HTMLTag"], props: [languageDataProp.add({ Document: data })] };

export const language = new Language(
  data,
  parser.configure([Table, TaskList, Strikethrough, Autolink, withoutHtml]),
  [],
  "markdown",
);

const styles = HighlightStyle.define([
  { tag: tags.heading1, fontWeight: "700", fontSize: "1.5em" },
  { tag: tags.heading2, fontWeight: "700", fontSize: "1.3em" },
  { tag: tags.heading3, fontWeight: "700", fontSize: "1.15em" },
  { tag: tags.heading, fontWeight: "700" },
  { tag: tags.strong, fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strikethrough, textDecoration: "line-through" },
  { tag: tags.monospace, fontFamily: "ui-monospace, monospace", fontSize: "0.9em" },
  { tag: [tags.link, tags.url], color: "var(--accent)" },
  { tag: tags.quote, color: "var(--quiet)" },
  { tag: tags.atom, color: "var(--accent)" },
  // The marks themselves: what the rendered view does not show.
  {
    tag: [tags.processingInstruction, tags.labelName, tags.contentSeparator],
    color: "var(--quiet)",
    fontWeight: "400",
  },
]);

/** The language with its styles. */
export const markdown: Extension = [language, syntaxHighlighting(styles)];
