// Detects that the machine slept. Its connections are dead then, but no event reports it.

const TICK_MS = 10_000;

/** The delay of a tick that means sleep. It exceeds a minute, because browsers run timers of hidden pages once a minute. */
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
