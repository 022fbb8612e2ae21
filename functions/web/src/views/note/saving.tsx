// One place that says whether the note is saved, and who is writing in it.

import { Fragment } from "preact";
import type { OpenDocument } from "../../documents/open-document.ts";
import { messages } from "../../messages.ts";
import { PersonName } from "../person.tsx";

export function Saving({ of }: { of: OpenDocument }) {
  const saving = of.saving.value;
  const writers = of.writers.value;
  return (
    <p class="note-state">
      {/* A screen reader does not interrupt its user each time somebody begins to write. */}
      {writers.length > 0 && (
        <span class="writers">
          {writers.map((username, index) => (
            <Fragment key={username}>
              {messages.separator(index, writers.length)}
              <PersonName username={username} />
            </Fragment>
          ))}
          {messages.editor.writing(writers.length)}
        </span>
      )}
      <span class="saving" role="status" data-state={saving}>
        {messages.editor.saving[saving]}
      </span>
    </p>
  );
}
