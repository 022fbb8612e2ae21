// A list that is read page by page.

import { useState } from "preact/hooks";
import type { Page } from "../../server/admin.ts";
import { useAttempt } from "../use-attempt.ts";

export function usePages<Item>(read: (cursor?: string) => Promise<Page<Item>>) {
  const [items, setItems] = useState<Item[]>([]);
  const [next, setNext] = useState<string>();
  const { busy, failure, attempt } = useAttempt();
  /** Reads the page at a cursor and adds it. Without a cursor, starts with the first page again. */
  const readPage = (cursor?: string) =>
    attempt(async () => {
      const page = await read(cursor);
      setItems((shown) => [...(cursor === undefined ? [] : shown), ...page.items]);
      setNext(page.cursor);
    });
  return { items, setItems, next, readPage, busy, failure };
}
