// What was just deleted, and the way back.

import { type Deletion, deleteNow, deletions, dismiss } from "../deletion.ts";
import { messages } from "../messages.ts";
import { go, href } from "../route.ts";

export function Deletions() {
  return (
    <div class="deletions" role="status">
      {deletions.value.map((deletion) => (
        <Row key={deletion.note.key} deletion={deletion} />
      ))}
    </div>
  );
}

function Row({ deletion: { note, failure } }: { deletion: Deletion }) {
  const { key, title } = note;
  if (failure !== undefined) {
    return (
      <div class="deletion">
        <p dir="auto">
          {messages.deletion.failed(title)} {failure}
        </p>
        <a class="button" href={href({ view: "read", key })} onClick={() => dismiss(key)}>
          {messages.deletion.look}
        </a>
        <button type="button" onClick={() => dismiss(key)}>
          {messages.deletion.dismiss}
        </button>
      </div>
    );
  }
  return (
    <div class="deletion">
      <p dir="auto">{messages.deletion.deleted(title)}</p>
      <button
        type="button"
        class="primary"
        onClick={() => {
          dismiss(key);
          go({ view: "read", key });
        }}
      >
        {messages.deletion.undo}
      </button>
      <button type="button" onClick={() => void deleteNow(note)}>
        {messages.deletion.now}
      </button>
    </div>
  );
}
