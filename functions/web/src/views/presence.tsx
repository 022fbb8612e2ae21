// Who else has the note open, as they come and go.

import type { OpenNote } from "../live/channel.ts";
import { others } from "../live/presence.ts";
import { messages } from "../messages.ts";

export function Presence({ live, username }: { live: OpenNote; username: string }) {
  const presence = live.presence.value;
  const names = others(presence, username).map((person) => person.displayName);
  // The place is there before anybody is: nothing moves when they come.
  return (
    <p class="presence" role="status" dir="auto">
      {names.length + presence.more > 0 && messages.note.alsoHere(names, presence.more)}
    </p>
  );
}
