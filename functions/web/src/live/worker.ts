// The shared worker: it runs one hub for all tabs of the browser.

import { Hub } from "./hub.ts";
import type { Greeting } from "./protocol.ts";

const hub = new Hub();

addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port === undefined) return;
  port.onmessage = ({ data }: MessageEvent<Greeting>) => {
    // The browser frees the lock when the tab is closed or crashes.
    const closed = navigator.locks.request(data.lock, () => {});
    hub.serve(port, closed);
  };
});
