// The user who imported a note or a comment, and who alone vouches for its author and time.

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
