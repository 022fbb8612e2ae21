// The end of a list that is read page by page: an error, and a button for the next page.

import { messages } from "../../messages.ts";

interface Props {
  next: string | undefined;
  busy: boolean;
  failure: string | undefined;
  readPage: (cursor?: string) => Promise<void>;
}

export function More({ next, busy, failure, readPage }: Props) {
  return (
    <>
      {failure && <p role="alert">{failure}</p>}
      {next !== undefined && (
        <button type="button" disabled={busy} onClick={() => void readPage(next)}>
          {messages.people.more}
        </button>
      )}
    </>
  );
}
