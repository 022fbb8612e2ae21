// Recent deletions, with a button that undoes each.

import { type Deletion, deleteNow, deletions, dismiss } from "../deletion.ts";
import { messages } from "../messages.ts";
import { nameOf } from "../note.ts";
import { go, href } from "../route.ts";

export function Deletions() {
  return (
    <div class="deletions" role="status">
      {deletions.value.map((deletion) => (
        <Row key={nameOf({ board: deletion.board, key: deletion.note.key })} deletion={deletion} />
      ))}
    </div>
  );
}

function Row({ deletion: { board, note, failure } }: { deletion: Deletion }) {
  const { key, title } = note;
  const id = { board, key };
  if (failure !== undefined) {
    return (
      <div class="deletion">
        <p dir="auto">
          {messages.deletion.failed(title)} {failure}
        </p>
        <a class="button" href={href({ view: "read", ...id })} onClick={() => dismiss(id)}>
          {messages.deletion.look}
        </a>
        <button type="button" onClick={() => dismiss(id)}>
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
          dismiss(id);
          go({ view: "read", ...id });
        }}
      >
        {messages.deletion.undo}
      </button>
      <button type="button" onClick={() => void deleteNow(board, note)}>
        {messages.deletion.now}
      </button>
    </div>
  );
}
