// The actions of administrators, newest first.

import { useEffect } from "preact/hooks";
import { messages } from "../../messages.ts";
import * as admin from "../../server/admin.ts";
import { Time } from "../time.tsx";
import { More } from "./more.tsx";
import { usePages } from "./use-pages.ts";

/** Reads the record again after each of the `changes`. */
export function Activity({ changes }: { changes: number }) {
  const pages = usePages(admin.audit);
  useEffect(() => void pages.readPage(), [changes]);
  return (
    <section aria-labelledby="activity-heading">
      <h2 id="activity-heading">{messages.people.activity.heading}</h2>
      <ul class="sessions">
        {pages.items.map((record) => (
          <li key={record.id}>
            <p>{messages.people.activity.record(record.action, record.by, record.target)}</p>
            <p class="byline">
              <Time of={record.at} />
            </p>
          </li>
        ))}
      </ul>
      <More {...pages} />
    </section>
  );
}
