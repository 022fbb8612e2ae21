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
  ".cm-panel.cm-search": { padding: "0.5rem 2.5rem 0.5rem 0.5rem", fontSize: "0.9rem" },
  ".cm-panel.cm-search label": { display: "inline-flex", gap: "0.3rem", fontWeight: "400", fontSize: "inherit" },
  ".cm-textfield": {
    width: "14rem",
    padding: "0.3rem 0.5rem",
    border: "1px solid var(--quiet)",
    background: "var(--page)",
    fontSize: "1rem",
  },
  ".cm-button": {
    padding: "0.3rem 0.6rem",
    border: "1px solid var(--line)",
    borderRadius: "0.5rem",
    background: "var(--page)",
    fontSize: "inherit",
  },
  ".cm-panel.cm-search [name=close]": {
    insetInlineEnd: "0.25rem",
    insetBlockStart: "0.25rem",
    width: "2rem",
    height: "2rem",
    fontSize: "1.25rem",
    color: "inherit",
  },
  ".cm-searchMatch": { background: "var(--warn)", outline: "1px solid var(--quiet)" },
  ".cm-searchMatch-selected": { background: "var(--mark)", outline: "2px solid var(--accent)" },
});
