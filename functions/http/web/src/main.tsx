// The page: its parts joined, once.

import { render } from "preact";
import { onSessionEnd } from "./api.ts";
import { App } from "./app.tsx";
import { drafts } from "./drafts.ts";
import { join, leave } from "./live.ts";
import { followAddress } from "./route.ts";
import { ended, session } from "./session.ts";

followAddress();
onSessionEnd(ended);
session.subscribe((now) => (now.state === "in" ? join(ended) : leave()));

addEventListener("beforeunload", (event) => {
  if (!drafts.empty) event.preventDefault();
});

const root = document.getElementById("app");
if (root === null) throw new Error("the page has no #app");
render(<App />, root);
