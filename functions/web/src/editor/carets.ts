// The carets and selections of others, in their colours and with their names, and this one for them.
//
// y-codemirror.next draws carets with inline styles, which the page's policy forbids. The styles of these elements are set as
// properties.

import { type Extension, type Range, RangeSet } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate, WidgetType } from "@codemirror/view";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";

/** What others know of a person in the note. */
interface PersonState {
  user?: { name: string; color: string; colorLight: string };
  /** Relative positions in the text. */
  cursor?: { anchor: unknown; head: unknown } | null;
}

/** How long a name is shown after the person has typed or moved, in milliseconds. */
const NAME_MS = 3_000;

const styles = EditorView.baseTheme({
  ".others-caret": {
    position: "relative",
    borderInlineStart: "2px solid",
    marginInline: "-1px",
    pointerEvents: "none",
  },
  ".others-name": {
    position: "absolute",
    insetBlockEnd: "100%",
    insetInlineStart: "-2px",
    padding: "0 0.3rem",
    borderRadius: "0.25rem 0.25rem 0.25rem 0",
    color: "var(--page)",
    font: "600 0.75rem/1.4 system-ui, sans-serif",
    whiteSpace: "nowrap",
    userSelect: "none",
    zIndex: "1",
    animation: `others-name ${NAME_MS}ms forwards`,
  },
  "@keyframes others-name": { "0%, 80%": { opacity: "1" }, "100%": { opacity: "0" } },
  // At the end of a line there may be no room beside it.
  ".others-caret.at-edge .others-name": { insetInline: "auto -2px", borderRadius: "0.25rem 0.25rem 0 0.25rem" },
  // In the first line there is no room above.
  ".cm-line:first-child .others-name": { insetBlock: "100% auto" },
});

class Caret extends WidgetType {
  readonly #name: string;
  readonly #color: string;
  readonly #place: string;

  constructor(name: string, color: string, place: string) {
    super();
    this.#name = name;
    this.#color = color;
    this.#place = place;
  }

  override eq(other: Caret): boolean {
    return other.#name === this.#name && other.#color === this.#color && other.#place === this.#place;
  }

  override toDOM(view: EditorView): HTMLElement {
    const caret = document.createElement("span");
    caret.className = "others-caret";
    caret.style.borderColor = this.#color;
    // Screen readers read the text as it is. Who is here is said above it.
    caret.ariaHidden = "true";
    const name = document.createElement("bdi");
    name.className = "others-name";
    name.style.backgroundColor = this.#color;
    name.textContent = this.#name;
    caret.append(name);
    const right = (element: HTMLElement) => element.getBoundingClientRect().right;
    view.requestMeasure({
      read: () => right(name) > right(view.scrollDOM),
      write: (isAtEdge) => caret.classList.toggle("at-edge", isAtEdge),
    });
    return caret;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

/** Shows the carets of others. Put it after the extension that binds the text. */
export function carets(text: Y.Text, awareness: Awareness): Extension {
  const plugin = ViewPlugin.fromClass(
    class {
      decorations: DecorationSet = RangeSet.empty;
      readonly #changed: (clients: Record<"added" | "updated" | "removed", number[]>, origin: unknown) => void;

      constructor(view: EditorView) {
        this.#changed = ({ added, updated, removed }) => {
          if ([...added, ...updated, ...removed].every((client) => client === awareness.clientID)) return;
          this.decorations = decorate(text, awareness);
          view.dispatch({});
        };
        awareness.on("change", this.#changed);
      }

      update(update: ViewUpdate) {
        if (update.docChanged) this.decorations = decorate(text, awareness);
        if (update.docChanged || update.selectionSet || update.focusChanged) announce(text, awareness, update.view);
      }

      destroy() {
        awareness.off("change", this.#changed);
        awareness.setLocalStateField("cursor", null);
      }
    },
    { decorations: ({ decorations }) => decorations },
  );
  return [plugin, styles];
}

/** Tells others where this caret is, as long as the editor has the focus. */
function announce(text: Y.Text, awareness: Awareness, view: EditorView): void {
  const { anchor, head } = view.state.selection.main;
  const at = (index: number) => Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(text, index));
  const cursor = view.hasFocus ? { anchor: at(anchor), head: at(head) } : null;
  const before: unknown = awareness.getLocalState()?.["cursor"] ?? null;
  if (JSON.stringify(before) !== JSON.stringify(cursor)) awareness.setLocalStateField("cursor", cursor);
}

function decorate(text: Y.Text, awareness: Awareness): DecorationSet {
  const ranges: Range<Decoration>[] = [];
  for (const [client, state] of awareness.getStates() as Map<number, PersonState>) {
    const { user, cursor } = state;
    if (client === awareness.clientID || user === undefined || !cursor) continue;
    const [anchor, head] = [indexOf(text, cursor.anchor), indexOf(text, cursor.head)];
    if (anchor === undefined || head === undefined) continue;
    if (anchor !== head) {
      const selected = Decoration.mark({ attributes: { style: `background-color: ${user.colorLight}` } });
      ranges.push(selected.range(Math.min(anchor, head), Math.max(anchor, head)));
    }
    const caret = new Caret(user.name, user.color, JSON.stringify(cursor.head));
    ranges.push(Decoration.widget({ widget: caret, side: head > anchor ? -1 : 1 }).range(head));
  }
  return RangeSet.of(ranges, true);
}

/** Returns the index of a position, once the text has it. */
function indexOf(text: Y.Text, position: unknown): number | undefined {
  if (text.doc === null || typeof position !== "object" || position === null) return undefined;
  const relative = Y.createRelativePositionFromJSON(position);
  const absolute = Y.createAbsolutePositionFromRelativePosition(relative, text.doc);
  return absolute?.type === text ? absolute.index : undefined;
}
