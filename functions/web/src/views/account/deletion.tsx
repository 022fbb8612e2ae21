// An end to the account.

import { useEffect, useState } from "preact/hooks";
import { saveAll, type Unsaved } from "../../documents/unsaved.ts";
import { messages } from "../../messages.ts";
import { go } from "../../route.ts";
import { deleteAccount } from "../../server/api.ts";
import { leave } from "../../session.ts";
import { Dialog } from "../dialog.tsx";
import { Field } from "../field.tsx";
import { text, useSubmission } from "../submission.ts";
import { OwnUsername } from "./own-username.tsx";

export function Deletion({ username }: { username: string }) {
  const [asked, setAsked] = useState(false);
  return (
    <section aria-labelledby="deletion-heading">
      <h2 id="deletion-heading">{messages.account.deletion.heading}</h2>
      <p>{messages.account.deletion.explain}</p>
      <button type="button" class="danger" onClick={() => setAsked(true)}>
        {messages.account.deletion.ask}
      </button>
      {asked && <Question username={username} keep={() => setAsked(false)} />}
    </section>
  );
}

function Question({ username, keep }: { username: string; keep: () => void }) {
  const [unsaved, setUnsaved] = useState<readonly Unsaved[]>([]);
  useEffect(() => void saveAll().then(setUnsaved), []);
  const { busy, problem, onSubmit } = useSubmission(async (fields) => {
    await deleteAccount(text(fields, "password"));
    go({ view: "home" });
    await leave(unsaved);
  });
  return (
    <Dialog heading={messages.account.deletion.heading} close={keep}>
      <p>{messages.account.deletion.explain}</p>
      {unsaved.length > 0 && <p role="status">{messages.account.deletion.unsaved(unsaved.length)}</p>}
      <form onSubmit={onSubmit}>
        {problem && <p role="alert">{problem.message}</p>}
        <OwnUsername username={username} />
        <Field
          label={messages.account.deletion.password}
          name="password"
          secret
          autocomplete="current-password"
          error={problem?.errors["password"]}
        />
        <div class="actions">
          <button type="button" onClick={keep}>
            {messages.account.deletion.keep}
          </button>
          <button type="submit" class="danger" disabled={busy}>
            {messages.account.deletion.confirm}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
