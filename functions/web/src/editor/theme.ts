// How the editor looks. The colours are those of the page.

import { EditorView } from "@codemirror/view";

const MONOSPACE = "ui-monospace, monospace";

export const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--text)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "inherit", lineHeight: "1.6", overflow: "auto" },
  ".cm-content": { padding: "0.75rem 0 40vh", caretColor: "var(--text)" },
  ".cm-line": { padding: "0 0.25rem" },
  ".cm-line.code": { fontFamily: MONOSPACE, fontSize: "0.9em", background: "var(--surface)" },
  ".cm-line.table": { fontFamily: MONOSPACE, fontSize: "0.9em" },
  ".cm-placeholder": { color: "var(--quiet)" },
  ".cm-panels": { background: "var(--surface)", color: "inherit" },
  ".cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-tooltip": {
    maxWidth: "min(24rem, 90vw)",
    border: "1px solid var(--line)",
    borderRadius: "0.5rem",
    background: "var(--surface)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "14rem", fontFamily: "inherit" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.3rem 0.6rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--mark)", color: "inherit" },
  ".cm-searchMatch": { background: "var(--warn)", outline: "1px solid var(--quiet)" },
  ".cm-searchMatch-selected": { background: "var(--mark)", outline: "2px solid var(--accent)" },
});
