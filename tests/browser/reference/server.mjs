// The reference for the time that a keystroke takes to another screen: Socket.IO in one process, which relays edits and keeps
// nothing.

import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { Server } from "socket.io";
// The page's own build tool. This folder does not install it again.
import { build } from "../../../functions/web/node_modules/vite/dist/node/index.js";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Reference</title><main></main>
<script type="module" src="/page.js"></script>`;

/** Starts the server on a free port. */
export async function startReference() {
  const script = await bundled();
  const server = createServer(({ url }, response) => {
    const isScript = url === "/page.js";
    response.setHeader("content-type", isScript ? "text/javascript" : "text/html; charset=utf-8");
    response.end(isScript ? script : PAGE);
  });
  const sockets = new Server(server);
  sockets.on("connection", (socket) => {
    socket.on("edit", (update, caret) => socket.broadcast.emit("edit", update, caret));
  });
  await once(server.listen(0, "localhost"), "listening");
  return { address: `http://localhost:${server.address().port}`, close: () => sockets.close() };
}

/** Returns the script of the page. Nothing is written. */
async function bundled() {
  const { output } = await build({
    configFile: false,
    logLevel: "error",
    root: here("../../../functions/web"),
    // Packages are those of the page, also where this folder imports them.
    resolve: { dedupe: ["socket.io-client", "y-protocols", "yjs"] },
    build: { write: false, rolldownOptions: { input: here("page.mjs"), output: { codeSplitting: false } } },
  });
  return output.find(({ isEntry }) => isEntry).code;
}
