// What was just deleted, and the way back.

import { type Deletion, deleteNow, deletions, dismiss } from "../deletion.ts";
import { go, href } from "../route.ts";
import { words } from "../words.ts";

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
          {words.deletion.failed(title)} {failure}
        </p>
        <a class="button" href={href({ view: "read", key })} onClick={() => dismiss(key)}>
          {words.deletion.look}
        </a>
        <button type="button" onClick={() => dismiss(key)}>
          {words.deletion.dismiss}
        </button>
      </div>
    );
  }
  return (
    <div class="deletion">
      <p dir="auto">{words.deletion.deleted(title)}</p>
      <button
        type="button"
        class="primary"
        onClick={() => {
          dismiss(key);
          go({ view: "read", key });
        }}
      >
        {words.deletion.undo}
      </button>
      <button type="button" onClick={() => void deleteNow(note)}>
        {words.deletion.now}
      </button>
    </div>
  );
}
