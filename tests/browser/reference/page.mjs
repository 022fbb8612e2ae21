// The reference's page: the editor of Notes, whose edits go to the other page through a server that only relays them.

import { io } from "socket.io-client";
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from "y-protocols/awareness";
import { applyUpdate, Doc, encodeStateAsUpdate, mergeUpdates } from "yjs";
import { Editor } from "../../../functions/web/src/editor/editor.ts";

/** How long edits are gathered, as in `functions/web/src/documents/document-wire.ts` while others have the note open. */
const TOGETHER_MS = 250;

const { name, text } = Object.fromEntries(new URLSearchParams(location.search));
const doc = new Doc();
// Every page makes the same document of the text.
const seed = new Doc();
seed.clientID = 1;
seed.getText("text").insert(0, text);
applyUpdate(doc, encodeStateAsUpdate(seed));

const awareness = new Awareness(doc);
awareness.setLocalStateField("user", { name, color: "green", colorLight: "lightgreen" });
const socket = io({ transports: ["websocket"] });

let waiting = [];
doc.on("update", (update, origin) => {
  if (origin === socket) return;
  if (waiting.length === 0) setTimeout(send, TOGETHER_MS);
  waiting.push(update);
});

function send() {
  socket.emit("edit", mergeUpdates(waiting), encodeAwarenessUpdate(awareness, [doc.clientID]));
  waiting = [];
}

socket.on("edit", (update, caret) => {
  applyUpdate(doc, new Uint8Array(update), socket);
  applyAwarenessUpdate(awareness, new Uint8Array(caret), socket);
});

socket.once("connect", () => {
  new Editor({
    text: doc.getText("text"),
    awareness,
    parent: document.querySelector("main"),
    describedBy: "",
    writable: true,
    titles: () => [],
    full: () => {},
  });
});
