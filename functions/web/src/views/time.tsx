// A moment: how long ago it was, and on a closer look when.

import { agoNow } from "../now.ts";
import { words } from "../words.ts";

export function Time({ of }: { of: string }) {
  const moment = new Date(of);
  return (
    <time dateTime={of} title={words.time.moment(moment)}>
      {agoNow(moment)}
    </time>
  );
}
