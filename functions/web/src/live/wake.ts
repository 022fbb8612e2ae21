// The machine slept: connections that seem to stand are dead, and nobody will say so.

const TICK_MS = 10_000;

/** A tick that comes so late was not late for lack of a turn alone: browsers wake hidden pages once a minute. */
const SLEPT_MS = 90_000;

/** Calls `listener` after the machine slept, and when it is on a network again. */
export function onWake(listener: () => void): void {
  let last = Date.now();
  setInterval(() => {
    const now = Date.now();
    if (now - last > SLEPT_MS) listener();
    last = now;
  }, TICK_MS);
  addEventListener("online", listener);
}
