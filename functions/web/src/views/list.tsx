// The list of titles, newest change first. It updates automatically, but rows under the pointer do not move.

import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { accessTo, mayWrite } from "../boards/boards.ts";
import { newNote } from "../documents/new-note.ts";
import { singleKey } from "../keyboard.ts";
import { count } from "../list/count.ts";
import { fresh } from "../list/fresh.ts";
import { failure, hasOlder, readOlder } from "../list/older.ts";
import { query, rows } from "../list/rows.ts";
import { shift, visible } from "../list/window.ts";
import { connection, titles } from "../live/channel.ts";
import { messages } from "../messages.ts";
import type { TitleRow } from "../note.ts";
import { goToNew, href } from "../route.ts";
import { write } from "./later.tsx";
import { PersonName } from "./person.tsx";
import { Time } from "./time.tsx";
import { Unsent } from "./unsent.tsx";

/** The height of `.titles li` in the style sheet, in rem. */
const ROW_REM = 3.5;

/** Number of rows before the end at which more rows are read. */
const AHEAD = 30;

export function NoteList({ board, open }: { board: string; open: string | undefined }) {
  const access = accessTo(board);
  // Texts that could not be sent may remain.
  if (access === "gone") return <Unsent open={open} />;
  return (
    <nav class="notes" aria-labelledby="list-heading">
      <div class="list-head">
        <h2 id="list-heading">{messages.list.heading}</h2>
        <Count />
        {mayWrite(access) && <NewNoteLink board={board} />}
        {access === "reader" && <p class="read-only">{messages.boards.readOnly}</p>}
      </div>
      <Find />
      <Unsent open={open} />
      <Titles key={board} board={board} open={open} />
    </nav>
  );
}

function NewNoteLink({ board }: { board: string }) {
  const load = () => void write.load().catch(() => {});
  return (
    <a
      class="button primary"
      href={href({ view: "new", board })}
      onPointerEnter={load}
      onFocus={load}
      onClick={(event) => {
        // In another tab or window, the browser follows the link.
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        goToNew(newNote(board));
      }}
    >
      {messages.list.newNote}
    </a>
  );
}

function Count() {
  return <p class="count">{count.value !== undefined && messages.list.count(count.value)}</p>;
}

function Find() {
  const id = useId();
  const looking = query.value.trim() !== "";
  // A search covers all titles.
  const more = looking && hasOlder() && failure.value === undefined;
  useEffect(() => {
    if (more) void readOlder();
  });
  return (
    <search class="field">
      <label class="unseen" for={id}>
        {messages.list.search}
      </label>
      <input
        id={id}
        type="search"
        placeholder={messages.list.search}
        value={query.value}
        onInput={(event) => (query.value = event.currentTarget.value)}
        onKeyDown={(event) => {
          // Some browsers clear the field even if the key belongs to an input method.
          if (event.key === "Escape") event.preventDefault();
          if (singleKey(event) !== "Escape") return;
          query.value = "";
          event.currentTarget.blur();
        }}
      />
      <p class="hint" role="status">
        {looking && (more ? messages.list.searching : messages.list.found(rows.value.length))}
      </p>
    </search>
  );
}

function Titles({ board, open }: { board: string; open: string | undefined }) {
  const all = rows.value;
  if (titles.value === undefined) {
    return <p role="status">{connection.value === "offline" ? messages.list.unreachable : messages.list.loading}</p>;
  }
  if (titles.value.notelist.length === 0 && all.length === 0) {
    return (
      <div class="empty">
        <p>{messages.list.empty}</p>
        <p>{mayWrite(accessTo(board)) ? messages.list.emptyHint : messages.list.emptyReader}</p>
      </div>
    );
  }
  return <Window board={board} newest={all} open={open} />;
}

/** Draws only the rows that are on the screen, so that a long list is fast. */
function Window({ board, newest, open }: { board: string; newest: readonly TitleRow[]; open: string | undefined }) {
  const box = useRef<HTMLDivElement>(null);
  const { all, press } = usePressed(newest);
  const [scrolled, setScrolled] = useState(0);
  const [height, setHeight] = useState(0);
  const rowHeight = ROW_REM * parseFloat(getComputedStyle(document.documentElement).fontSize);

  useLayoutEffect(() => {
    const element = box.current!;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    setHeight(element.clientHeight);
    return () => observer.disconnect();
  }, []);

  const above = useHold(box, all, rowHeight);
  const { first, end } = visible(all.length, rowHeight, scrolled, height);
  const more = hasOlder() && end > all.length - AHEAD && failure.value === undefined;
  useEffect(() => {
    if (more) void readOlder();
  });
  useShown(box, all, open, rowHeight);

  return (
    <div class="window">
      {above > 0 && scrolled > 0 && (
        <button type="button" class="above" onClick={() => box.current?.scrollTo({ top: 0 })}>
          ↑ {messages.list.above(above)}
        </button>
      )}
      <div
        ref={box}
        class="titles"
        onScroll={(event) => setScrolled(event.currentTarget.scrollTop)}
        onPointerDown={press}
      >
        <ul style={{ height: `${all.length * rowHeight}px` }}>
          {all.slice(first, end).map((row, index) => (
            <Row
              key={row.key}
              board={board}
              row={row}
              open={row.key === open}
              at={first + index}
              of={all.length}
              top={(first + index) * rowHeight}
            />
          ))}
        </ul>
      </div>
      {failure.value !== undefined && (
        <>
          <p role="alert">{failure.value}</p>
          <button type="button" onClick={() => void readOlder()}>
            {messages.tryAgain}
          </button>
        </>
      )}
    </div>
  );
}

/** Keeps all rows as they are while the pointer is pressed. Browsers open what is below it when it is pressed and released. */
function usePressed(newest: readonly TitleRow[]): { all: readonly TitleRow[]; press: () => void } {
  const [pressed, setPressed] = useState<readonly TitleRow[]>();
  const press = () => {
    setPressed(newest);
    const ended = new AbortController();
    const release = () => {
      ended.abort();
      // The click follows the release.
      setTimeout(() => setPressed(undefined));
    };
    for (const end of ["pointerup", "pointercancel", "blur"]) addEventListener(end, release, { signal: ended.signal });
  };
  return { all: pressed ?? newest, press };
}

/** Keeps visible rows in place while the list changes. Returns the number of rows that have arrived above. */
function useHold(box: { current: HTMLDivElement | null }, all: readonly TitleRow[], rowHeight: number): number {
  const before = useRef<string[]>([]);
  const looked = useRef("");
  const [above, setAbove] = useState(0);
  useLayoutEffect(() => {
    const keys = all.map(({ key }) => key);
    const element = box.current!;
    // The position belongs to one query.
    const same = looked.current === query.peek();
    const busy = element.matches(":hover") || element.contains(document.activeElement);
    if (same && (element.scrollTop > 0 || busy)) {
      const moved = shift(before.current, keys, Math.floor(element.scrollTop / rowHeight), rowHeight);
      if (moved !== 0) {
        element.scrollTop += moved;
        if (moved > 0) setAbove((count) => count + Math.round(moved / rowHeight));
      }
    } else if (!same) element.scrollTop = 0;
    before.current = keys;
    looked.current = query.peek();
  }, [all]);
  useEffect(() => {
    const element = box.current!;
    const onScroll = () => {
      if (element.scrollTop < rowHeight) setAbove(0);
    };
    element.addEventListener("scroll", onScroll);
    return () => element.removeEventListener("scroll", onScroll);
  }, []);
  return above;
}

/** Scrolls to the row of the open note if it is not visible. */
function useShown(
  box: { current: HTMLDivElement | null },
  all: readonly TitleRow[],
  open: string | undefined,
  rowHeight: number,
): void {
  useEffect(() => {
    const at = all.findIndex(({ key }) => key === open);
    const element = box.current!;
    if (at < 0) return;
    const top = at * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    const bottom = top + rowHeight - element.clientHeight;
    if (bottom > element.scrollTop) element.scrollTop = bottom;
  }, [open]);
}

interface RowProps {
  board: string;
  row: TitleRow;
  open: boolean;
  at: number;
  of: number;
  top: number;
}

function Row({ board, row, open, at, of, top }: RowProps) {
  return (
    <li
      class={fresh.value.has(row.key) ? "fresh" : undefined}
      style={{ transform: `translateY(${top}px)` }}
      aria-setsize={of}
      aria-posinset={at + 1}
    >
      <a href={href({ view: "read", board, key: row.key })} aria-current={open ? "page" : undefined}>
        <span class="title" dir="auto">
          {row.title}
        </span>
        <span class="byline">
          <Time of={row.updated} />
          {row.editor !== undefined && (
            <>
              {" "}
              {messages.list.changedBy}
              <PersonName username={row.editor} />
            </>
          )}
        </span>
      </a>
    </li>
  );
}
