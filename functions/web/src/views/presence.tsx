// The other readers of a note.

import { Fragment } from "preact";
import { useEffect } from "preact/hooks";
import type { OpenNote } from "../live/channel.ts";
import { others } from "../live/presence.ts";
import { messages } from "../messages.ts";
import { people } from "../people/on-screen.ts";
import { PersonName } from "./person.tsx";

export function Presence({ live, username }: { live: OpenNote; username: string }) {
  const presence = live.presence.value;
  const readers = others(presence, username);
  // A reader who has just joined may have another name by now.
  useEffect(
    () => presence.people.forEach((reader) => void people.checkName(reader.username, reader.displayName)),
    [presence],
  );
  const parts = readers.length + (presence.more > 0 ? 1 : 0);
  // Its space is always reserved, so that nothing moves when a reader joins.
  return (
    <p class="presence" role="status">
      {parts > 0 && messages.note.alsoHere}
      {readers.map((reader, index) => (
        <Fragment key={reader.username}>
          {messages.separator(index, parts)}
          {/* The name is the one that the reader had on joining. */}
          <PersonName username={reader.username} name={reader.displayName} />
        </Fragment>
      ))}
      {presence.more > 0 && messages.separator(parts - 1, parts) + messages.note.others(presence.more)}
    </p>
  );
}
