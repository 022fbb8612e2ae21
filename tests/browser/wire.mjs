// The wire between a browser and the cloud, to be cut: a proxy of HTTP that passes everything on, or nothing.

import { once } from "node:events";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";

export class Wire {
  #server;
  #sockets = new Set();
  #cut = false;

  static async lay() {
    const wire = new Wire();
    const server = createServer((asked, answer) => wire.#forward(asked, answer));
    server.on("connect", (asked, socket, head) => wire.#tunnel(asked, socket, head));
    server.on("connection", (socket) => {
      if (wire.#cut) socket.destroy();
      else wire.#keep(socket);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    wire.#server = server;
    return wire;
  }

  /** What a browser's context has to be told. Without the bypass, nothing of this machine would go through a proxy. */
  get proxy() {
    return { server: `http://127.0.0.1:${this.#server.address().port}`, bypass: "<-loopback>" };
  }

  /** Ends all connections, and lets no new one through. */
  cut() {
    this.#cut = true;
    this.drop();
  }

  mend() {
    this.#cut = false;
  }

  /** Ends all connections; new ones can be made at once. */
  drop() {
    for (const socket of this.#sockets) socket.destroy();
  }

  async remove() {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** How many WebSockets stand. */
  tunnels = 0;

  /** What is passed on of an answer's text, where that is something else: asked with the request. */
  rewrite = undefined;

  #keep(socket) {
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    socket.on("error", () => socket.destroy());
  }

  #forward(asked, answer) {
    const { method, url, headers } = asked;
    const change = this.rewrite?.(asked);
    if (change !== undefined) {
      headers["accept-encoding"] = "identity";
      delete headers["if-none-match"];
    }
    const passed = request(url, { method, headers }, async (response) => {
      if (change === undefined) {
        answer.writeHead(response.statusCode, response.headers);
        response.pipe(answer);
        return;
      }
      const { "content-length": _, ...others } = response.headers;
      answer.writeHead(response.statusCode, others);
      answer.end(change(await text(response)));
    });
    passed.on("error", () => answer.destroy());
    asked.pipe(passed);
  }

  #tunnel({ url }, socket, head) {
    const { hostname, port } = new URL(`http://${url}`);
    const far = connect(Number(port), hostname);
    this.#keep(far);
    this.tunnels += 1;
    far.on("connect", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      far.write(head);
      far.pipe(socket).pipe(far);
    });
    far.on("close", () => {
      this.tunnels -= 1;
      socket.destroy();
    });
    socket.on("close", () => far.destroy());
  }
}
