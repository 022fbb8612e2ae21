// The live part in a worker of its own, which all pages of this browser share.

import { Hub } from "./hub.ts";
import type { Greeting } from "./line.ts";

const hub = new Hub();

addEventListener("connect", (event) => {
  const [port] = (event as MessageEvent).ports;
  if (port === undefined) return;
  port.onmessage = ({ data }: MessageEvent<Greeting>) => {
    // Its lock is free once the page is gone, however it went.
    const gone = navigator.locks.request(data.page, () => {});
    hub.serve(port, gone);
  };
});
