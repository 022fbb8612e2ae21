// What is pasted or dropped: an address over a selection makes a link, and line ends are those of the text.

import { type Extension, Prec } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { pastedLink } from "./marks.ts";

export const paste: Extension = [
  // Texts have line feeds. Half a character cannot be sent.
  EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, "\n").toWellFormed()),
  Prec.high(
    EditorView.domEventHandlers({
      paste(event, view) {
        const { from, to } = view.state.selection.main;
        const pasted = event.clipboardData?.getData("text/plain") ?? "";
        const link = pastedLink(view.state.sliceDoc(from, to), pasted);
        if (link === undefined || view.state.readOnly) return false;
        view.dispatch(view.state.replaceSelection(link), { userEvent: "input.paste", scrollIntoView: true });
        return true;
      },
    }),
  ),
];
