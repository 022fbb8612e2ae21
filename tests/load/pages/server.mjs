// A server that is measured: its process, and how a client signs in, writes and edits.

import { spawn } from "node:child_process";
import { createHash, randomBytes, randomInt } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import * as Y from "yjs";

/** Starts a process, and returns it with the address that it prints after `ready: `. */
async function start(command, args, env = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: child.stdout })) {
    const [, address] = line.match(/ready: (http:\/\/\S+)/) ?? [];
    if (address) {
      child.stdout.resume();
      return { child, address };
    }
  }
  throw new Error(`${command} ended before it was ready`);
}

/** Socket.IO in one process. */
export class Peer {
  static async start() {
    const peer = new Peer();
    Object.assign(peer, await start(process.execPath, [fileURLToPath(new URL("peer.mjs", import.meta.url))]));
    return peer;
  }

  options = {};
  auth = {};

  write(title) {
    return post(`${this.address}/notes`, { title });
  }

  makeEdit() {
    return () => randomBytes(40).toString("base64");
  }

  stop() {
    this.child.kill();
  }
}

/** Notes in the local cloud. */
export class Notes {
  static async start(program, template, poll, parameters = {}) {
    // The limits of one person would stop a benchmark. A busy room would be pushed once a second.
    const limits = {
      SignUp: "open",
      WritesPerMinute: 0,
      MegabytesPerMinute: 0,
      ConnectionsPerSession: 0,
      BusyRoomSockets: 100_000,
    };
    const overrides = Object.entries({ ...limits, ...parameters });
    const args = ["--memory", "--port", "0", "--template", template, "--poll", poll];
    for (const [name, value] of overrides) args.push("--parameter-overrides", `${name}=${value}`);
    const notes = new Notes();
    Object.assign(notes, await start(program, args, { RUST_LOG: "warn" }));
    const account = { username: "ada", password: "correct horse battery" };
    const signedUp = await post(`${notes.address}/api/users`, account);
    const cookie = signedUp.headers.get("set-cookie").split(";")[0];
    notes.options = { extraHeaders: { cookie } };
    notes.headers = { cookie };
    const note = await post(`${notes.address}/api/boards/team/notes`, { title: "Edited", body: "" }, notes.headers);
    notes.auth = { board: "team", key: (await note.json()).key };
    return notes;
  }

  write(title) {
    return post(`${this.address}/api/boards/team/notes`, { title, body: "" }, this.headers);
  }

  /** Returns a function that types another character, and returns the update. */
  makeEdit(text) {
    const doc = new Y.Doc();
    if (text) Y.applyUpdate(doc, Buffer.from(text.update, "base64"));
    doc.clientID = (createHash("sha256").update("ada").digest().readUInt32BE(0) >>> 4) * 2 ** 25 + randomInt(2 ** 25);
    const name = [...doc.share.keys()][0] ?? "text";
    return () => {
      let update;
      doc.once("update", (bytes) => (update = bytes));
      doc.getText(name).insert(0, "x");
      return Buffer.from(update).toString("base64");
    };
  }

  stop() {
    this.child.kill("SIGINT");
  }
}

async function post(address, body, headers = {}) {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json", origin: new URL(address).origin, ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${address}: ${response.status} ${await response.text()}`);
  return response;
}
