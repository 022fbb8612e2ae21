// The peer: Socket.IO in one process, with notes in memory. `POST /notes {title}` emits the newest 100 titles to everybody, as Notes
// does. Prints its address.

import { createServer } from "node:http";
import { Server } from "socket.io";

const notes = [];
const http = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += chunk));
  request.on("end", () => {
    const { title } = JSON.parse(body);
    notes.unshift({ key: String(notes.length), title, updated: new Date().toISOString(), editor: "ada" });
    notes.length = Math.min(notes.length, 100);
    home.emit("notetitles", { notelist: notes, more: false });
    response.writeHead(201).end();
  });
});
const io = new Server(http, { transports: ["websocket"] });
const home = io.of("/home");
home.on("connection", (socket) => socket.emit("notetitles", { notelist: notes, more: false }));
io.of("/notes").on("connection", (socket) => {
  socket.join("note");
  socket.on("edit", ({ update }, acknowledge) => {
    socket.to("note").emit("edit", { update });
    acknowledge({});
  });
});
http.listen(0, "127.0.0.1", () => console.log(`ready: http://127.0.0.1:${http.address().port}`));
