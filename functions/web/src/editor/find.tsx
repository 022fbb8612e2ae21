// The panel that finds and replaces words in the text.

import {
  closeSearchPanel,
  findNext,
  findPrevious,
  getSearchQuery,
  replaceAll,
  replaceNext,
  SearchQuery,
  search,
  setSearchQuery,
} from "@codemirror/search";
import type { Extension } from "@codemirror/state";
import { type EditorView, keymap, type Panel } from "@codemirror/view";
import { render } from "preact";
import { singleKey } from "../keyboard.ts";
import { messages } from "../messages.ts";

/** Number of matches up to which they are counted. */
const MOST_COUNTED = 1_000;

export const find: Extension = [
  search({ top: true, createPanel }),
  keymap.of([
    { key: "F3", run: findNext, shift: findPrevious, preventDefault: true },
    { key: "Mod-g", run: findNext, shift: findPrevious, preventDefault: true },
  ]),
];

function createPanel(view: EditorView): Panel {
  const dom = document.createElement("div");
  dom.className = "find";
  const show = () => render(<Find view={view} />, dom);
  show();
  return {
    dom,
    top: true,
    mount: () => dom.querySelector("input")?.select(),
    update: show,
    destroy: () => render(null, dom),
  };
}

function Find({ view }: { view: EditorView }) {
  const query = getSearchQuery(view.state);
  const set = (change: { search?: string; replace?: string; caseSensitive?: boolean }) => {
    const { search, replace, caseSensitive } = query;
    const next = new SearchQuery({ search, replace, caseSensitive, ...change, literal: true });
    view.dispatch({ effects: setSearchQuery.of(next) });
  };
  // A key that belongs to an input method is neither of these.
  const onKey = (event: KeyboardEvent, enter?: (view: EditorView) => boolean) => {
    const key = singleKey(event);
    if (key === "Escape") closeSearchPanel(view);
    else if (key === "Enter" && enter !== undefined) (event.shiftKey ? findPrevious : enter)(view);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search onKeyDown={onKey}>
      <input
        aria-label={messages.find.find}
        placeholder={messages.find.find}
        main-field="true"
        value={query.search}
        onInput={(event) => set({ search: event.currentTarget.value })}
        onKeyDown={(event) => onKey(event, findNext)}
      />
      <button type="button" onClick={() => findPrevious(view)}>
        {messages.find.previous}
      </button>
      <button type="button" onClick={() => findNext(view)}>
        {messages.find.next}
      </button>
      <label>
        <input
          type="checkbox"
          checked={query.caseSensitive}
          onChange={(event) => set({ caseSensitive: event.currentTarget.checked })}
        />
        {messages.find.matchCase}
      </label>
      <span role="status">{query.search !== "" && messages.find.found(count(view, query))}</span>
      <button type="button" class="close" aria-label={messages.find.close} onClick={() => closeSearchPanel(view)}>
        ×
      </button>
      <input
        aria-label={messages.find.replaceWith}
        placeholder={messages.find.replaceWith}
        value={query.replace}
        onInput={(event) => set({ replace: event.currentTarget.value })}
        onKeyDown={(event) => onKey(event, replaceNext)}
      />
      <button type="button" onClick={() => replaceNext(view)}>
        {messages.find.replace}
      </button>
      <button type="button" onClick={() => replaceAll(view)}>
        {messages.find.replaceAll}
      </button>
    </search>
  );
}

/** Returns the number of matches, or `MOST_COUNTED` if there are as many or more. */
function count(view: EditorView, query: SearchQuery): number {
  const matches = query.getCursor(view.state);
  let found = 0;
  while (found < MOST_COUNTED && !matches.next().done) found += 1;
  return found;
}
