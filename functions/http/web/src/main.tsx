// The page: its parts joined, once.

import { render } from "preact";
import { onSessionEnd } from "./api.ts";
import { App } from "./app.tsx";
import { drafts } from "./drafts.ts";
import { connection, join, leave } from "./live.ts";
import { lookForNewer } from "./newer.ts";
import { followAddress } from "./route.ts";
import { ended, session } from "./session.ts";

followAddress();
onSessionEnd(ended);
session.subscribe((now) => (now.state === "in" ? join(ended) : leave()));

// The server that a lost connection comes back to may be another one, with another page. Where nobody is signed in, there is
// no connection to lose: then it may be another one whenever somebody is back at the page.
let connections = 0;
connection.subscribe((now) => {
  if (now !== "connected") return;
  if (connections > 0) void lookForNewer();
  connections += 1;
});
addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && session.value.state === "out") void lookForNewer();
});

addEventListener("beforeunload", (event) => {
  if (!drafts.empty) event.preventDefault();
});

const root = document.getElementById("app");
if (root === null) throw new Error("the page has no #app");
render(<App />, root);
