// What administrators did, newest first.

import { useEffect, useState } from "preact/hooks";
import { messages } from "../../messages.ts";
import * as admin from "../../server/admin.ts";
import { Time } from "../time.tsx";
import { Outcome } from "./outcome.tsx";
import { useAttempt } from "./use-attempt.ts";

/** Reads the record again after each of the `changes`. */
export function Activity({ changes }: { changes: number }) {
  const [records, setRecords] = useState<admin.AuditRecord[]>([]);
  const [next, setNext] = useState<string>();
  const { busy, failure, done, attempt } = useAttempt();
  const more = (cursor?: string) =>
    attempt(async () => {
      const page = await admin.audit(cursor);
      setRecords((shown) => [...(cursor === undefined ? [] : shown), ...page.items]);
      setNext(page.cursor);
    });
  useEffect(() => void more(), [changes]);
  return (
    <section aria-labelledby="activity-heading">
      <h2 id="activity-heading">{messages.people.activity.heading}</h2>
      <Outcome done={done} failure={failure} />
      <ul class="sessions">
        {records.map((record) => (
          <li key={record.id}>
            <p>{messages.people.activity.record(record.action, record.by, record.target)}</p>
            <p class="byline">
              <Time of={record.at} />
            </p>
          </li>
        ))}
      </ul>
      {next !== undefined && (
        <button type="button" disabled={busy} onClick={() => void more(next)}>
          {messages.people.more}
        </button>
      )}
    </section>
  );
}
