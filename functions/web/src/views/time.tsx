// A time: the elapsed time in words, with the exact time as its tooltip.

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
