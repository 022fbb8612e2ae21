// The wire between a browser and the cloud: an HTTP proxy that can cut, delay and record connections.

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

  /** The proxy settings of a browser context. Without the bypass, requests to this machine would not use the proxy. */
  get proxy() {
    return { server: `http://127.0.0.1:${this.#server.address().port}`, bypass: "<-loopback>" };
  }

  /** Ends all connections, and refuses new ones. */
  cut() {
    this.#cut = true;
    this.drop();
  }

  mend() {
    this.#cut = false;
  }

  /** Ends all connections. New ones succeed. */
  drop() {
    for (const socket of this.#sockets) socket.destroy();
  }

  async remove() {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  /** Number of open WebSockets. */
  tunnels = 0;

  /** Whether the proxy accepts WebSockets. */
  passesSockets = true;

  /** Delay of WebSocket frames in each direction, in milliseconds. */
  delay = 0;

  /** The texts of the frames that the browser has sent and received so far. */
  sent = [];
  received = [];

  /** Returns whether to drop a frame of the server. */
  loses = () => false;

  /** Returns whether to drop a frame of the browser. */
  swallows = () => false;

  /** Returns a function that changes the body of the response to a request, or nothing. */
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
    if (!this.passesSockets) {
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const { hostname, port } = new URL(`http://${url}`);
    const far = connect(Number(port), hostname);
    this.#keep(far);
    // Chromium opens a second tunnel if the first takes long, and keeps it in reserve. It carries nothing.
    let isUsed = false;
    const asked = new Frames((frame) => {
      if (this.swallows(frame)) return false;
      this.sent.push(frame);
      return true;
    });
    const answer = new Frames((frame) => {
      if (this.loses(frame)) return false;
      this.received.push(frame);
      return true;
    });
    far.on("connect", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      far.write(head);
      socket.once("data", () => {
        isUsed = true;
        this.tunnels += 1;
      });
      socket.on(
        "data",
        this.#late((data) => far.write(asked.pass(data))),
      );
      far.on(
        "data",
        this.#late((data) => socket.write(answer.pass(data))),
      );
    });
    far.on("close", () => {
      if (isUsed) this.tunnels -= 1;
      socket.destroy();
    });
    socket.on("close", () => far.destroy());
  }

  /** Calls `act` with each piece of data after the delay, in order. */
  #late(act) {
    let last = 0;
    return (data) => {
      if (this.delay === 0 && last <= Date.now()) return act(data);
      last = Math.max(last, Date.now() + this.delay);
      setTimeout(() => act(data), last - Date.now());
    };
  }
}

/** The size of the mask that precedes the content of a browser's frames, in bytes. */
const MASK = 4;

function unmasked(frame, head) {
  const content = Buffer.from(frame.subarray(head));
  const mask = frame[1] & 128 ? frame.subarray(head - MASK, head) : undefined;
  return (mask === undefined ? content : content.map((byte, index) => byte ^ mask[index % MASK])).toString();
}

/** The data that one side sends: the head of an HTTP message, then frames. Other data if the connection is no WebSocket. */
class Frames {
  #rest = Buffer.alloc(0);
  #opened = false;
  #isWebSocket = true;
  #wanted;

  /** `wanted` decides for each frame, by its text, whether to forward it. */
  constructor(wanted) {
    this.#wanted = wanted;
  }

  /** Returns the part of the next piece of data to forward. */
  pass(data) {
    if (!this.#isWebSocket) return data;
    this.#rest = Buffer.concat([this.#rest, data]);
    const passed = [];
    for (let part = this.#next(); part !== undefined; part = this.#next()) {
      if (part.text === undefined || this.#wanted(part.text)) passed.push(part.bytes);
    }
    return Buffer.concat(passed);
  }

  #next() {
    const end = this.#opened ? this.#frameEnd() : this.#headEnd();
    if (end === undefined || end > this.#rest.length) return undefined;
    const bytes = this.#rest.subarray(0, end);
    if (!this.#opened) {
      this.#opened = true;
      this.#isWebSocket = /^upgrade: *websocket/im.test(bytes.toString("latin1"));
      if (!this.#isWebSocket) return { bytes: this.#take(this.#rest.length) };
      return { bytes: this.#take(end) };
    }
    const text = (bytes[0] & 15) === 1 ? unmasked(bytes, this.#headLength()) : undefined;
    return { bytes: this.#take(end), text };
  }

  #take(end) {
    const bytes = this.#rest.subarray(0, end);
    this.#rest = this.#rest.subarray(end);
    return bytes;
  }

  #headEnd() {
    const at = this.#rest.indexOf("\r\n\r\n");
    return at < 0 ? undefined : at + 4;
  }

  #headLength() {
    const short = this.#rest[1] & 127;
    return (short === 126 ? 4 : short === 127 ? 10 : 2) + (this.#rest[1] & 128 ? MASK : 0);
  }

  #frameEnd() {
    if (this.#rest.length < 2) return undefined;
    const head = this.#headLength();
    if (this.#rest.length < head) return undefined;
    const short = this.#rest[1] & 127;
    if (short === 126) return head + this.#rest.readUInt16BE(2);
    return head + (short === 127 ? Number(this.#rest.readBigUInt64BE(2)) : short);
  }
}
