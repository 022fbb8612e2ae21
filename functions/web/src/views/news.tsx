// The latest change to an open note in words, for screen readers.

import { useEffect, useState } from "preact/hooks";
import type { News as Latest } from "../live/news.ts";
import { messages } from "../messages.ts";
import { people } from "../people/on-screen.ts";

export function News({ of: news }: { of: Latest | undefined }) {
  const [words, setWords] = useState("");
  useEffect(() => {
    if (news === undefined) return;
    let current = true;
    // A screen reader would read a text again if a name in it changed.
    const usernames = "importer" in news && news.importer !== undefined ? [news.by, news.importer] : [news.by];
    void people.known(usernames).then(() => current && setWords(wordsOf(news)));
    return () => {
      current = false;
    };
  }, [news]);
  return (
    <p class="unseen" role="status" aria-live="polite">
      {words}
    </p>
  );
}

function wordsOf(news: Latest): string {
  const by = people.text(news.by);
  switch (news.kind) {
    case "changed":
      return messages.note.changedBy(by);
    case "imported":
      return messages.note.newlyImported(by);
    case "commented":
      return messages.comments.newBy(by, news.message, news.importer && people.text(news.importer));
    case "comment-deleted":
      return messages.comments.deletedOf(by);
  }
}
