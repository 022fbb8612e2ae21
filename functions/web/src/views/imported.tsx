// The user who imported a note or a comment: who wrote it, and when, is that user's word.

import { messages } from "../messages.ts";
import { Person } from "./person.tsx";

/** The end of a byline. */
export function Imported({ by }: { by: string | undefined }) {
  if (by === undefined) return null;
  return (
    <span class="imported">
      {" · "}
      {messages.importedBy}
      <Person username={by} />
    </span>
  );
}
