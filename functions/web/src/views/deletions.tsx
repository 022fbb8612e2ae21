// Recent deletions, with a button that undoes each.

import { type Deletion, deletions, dismiss, nameOf, undo } from "../deletion.ts";
import { messages } from "../messages.ts";
import { go, href } from "../route.ts";

const words = messages.deletion;

export function Deletions() {
  return (
    <div class="deletions" role="status">
      {deletions.value.map((deletion) => (
        <Row key={nameOf(deletion)} deletion={deletion} />
      ))}
    </div>
  );
}

function Row({ deletion }: { deletion: Deletion }) {
  const { board, note, failed, reason } = deletion;
  const id = { board, key: note.key };
  const goBack = async () => {
    if (await undo(deletion)) go({ view: "read", ...id });
  };
  return (
    <div class="deletion">
      <p dir="auto">
        {text(deletion)} {reason}
      </p>
      {failed === "delete" ? (
        <a class="button" href={href({ view: "read", ...id })} onClick={() => dismiss(deletion)}>
          {words.look}
        </a>
      ) : (
        <button type="button" class="primary" onClick={() => void goBack()}>
          {words.undo}
        </button>
      )}
      <button type="button" onClick={() => dismiss(deletion)}>
        {words.dismiss}
      </button>
    </div>
  );
}

function text({ note: { title }, failed }: Deletion): string {
  if (failed === undefined) return words.deleted(title);
  return failed === "delete" ? words.notDeleted(title) : words.notRestored(title);
}
