// A moment: how long ago it was, and on a closer look when.

import { messages } from "../messages.ts";
import { agoNow } from "../now.ts";

export function Time({ of }: { of: string }) {
  const moment = new Date(of);
  return (
    <time dateTime={of} title={messages.time.moment(moment)}>
      {agoNow(moment)}
    </time>
  );
}
