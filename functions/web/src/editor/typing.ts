// What is typed over a selection.

import { EditorView } from "@codemirror/view";

/**
 * Replaces the selection with what is typed. Chromium would give it the styles of what it replaces, as inline styles, which the
 * page's policy forbids and reports. Input methods compose their text in the page, so they are left alone.
 */
export const typing = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { state } = view;
    const isTyped = event.inputType === "insertText" && event.data !== null && !event.isComposing && !view.composing;
    if (!isTyped || state.selection.main.empty || state.readOnly) return false;
    view.dispatch(state.replaceSelection(event.data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});
