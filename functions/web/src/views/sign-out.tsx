// Signs out and clears the browser. Asks first about drafts that could not be saved.

import { useState } from "preact/hooks";
import { saveAll, type Unsaved } from "../documents/unsaved.ts";
import { messages } from "../messages.ts";
import { signOut } from "../session.ts";
import { Dialog } from "./dialog.tsx";

export function SignOut({ failed }: { failed: (message: string | undefined) => void }) {
  const [asked, setAsked] = useState<readonly Unsaved[]>();
  const leave = (unsaved: readonly Unsaved[]) => {
    setAsked(undefined);
    failed(undefined);
    signOut(unsaved).catch((error: Error) => failed(error.message));
  };
  const ask = async () => {
    const unsaved = await saveAll();
    if (unsaved.length === 0) leave(unsaved);
    else setAsked(unsaved);
  };
  return (
    <>
      <button type="button" onClick={() => void ask()}>
        {messages.session.signOut}
      </button>
      {asked !== undefined && (
        <Dialog heading={messages.session.signOut} close={() => setAsked(undefined)}>
          <p>{messages.session.unsaved(asked.length)}</p>
          <div class="actions">
            <button type="button" autofocus onClick={() => setAsked(undefined)}>
              {messages.session.stay}
            </button>
            <button type="button" class="danger" onClick={() => leave(asked)}>
              {messages.session.signOutAnyway}
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
