// Starts the page: connects its parts and renders it.

import { render } from "preact";
import { App } from "./app.tsx";
import { followBoards } from "./boards/boards.ts";
import { keepSending } from "./documents/unsaved.ts";
import { keepCount } from "./list/count.ts";
import { connection, connectTo } from "./live/channel.ts";
import worker from "./live/worker.ts?sharedworker&url";
import { lookForNewer } from "./newer.ts";
import { keepNamesCurrent, people } from "./people/on-screen.ts";
import { followAddress } from "./route.ts";
import { onSessionEnd } from "./server/api.ts";
import { ended, enteredElsewhere, session } from "./session.ts";
import { install } from "./shell/install.ts";
import { ownWorkers, SERVICE_WORKER } from "./shell/own-workers.ts";
import { listenForShortcuts } from "./shortcuts.ts";
import { followTheme } from "./theme.ts";
import { loadMarkdown } from "./views/text.tsx";

followTheme();
followAddress();
followBoards();
onSessionEnd(ended);
keepCount();
keepSending();
keepNamesCurrent();
listenForShortcuts(() => session.value.state === "in");
const own = ownWorkers([SERVICE_WORKER, worker]);
const shared =
  typeof SharedWorker === "undefined" ? undefined : () => new SharedWorker(own(worker), { type: "module" });
await connectTo(shared, { ended, entered: (username) => void enteredElsewhere(username) });

// After a reconnection, names may have changed, and the server may have a new version of the page. Without a session there is no connection, so the page
// checks for a new version when the user returns to it.
let connections = 0;
connection.subscribe((now) => {
  if (now !== "connected") return;
  if (connections > 0) {
    people.refresh({ all: true });
    void lookForNewer();
  }
  connections += 1;
});
addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && session.value.state === "out") void lookForNewer();
});

const root = document.getElementById("app");
if (root === null) throw new Error("the page has no #app");
render(<App />, root);
void loadMarkdown();
void install(own);
