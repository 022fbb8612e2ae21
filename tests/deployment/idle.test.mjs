// An idle page. The schedule would run after nine minutes, so the test invokes KeepAlive itself.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { promisify } from "node:util";
import { Page } from "../clients/node/page.mjs";
import { TestUser } from "../clients/node/test-user.mjs";

const { NOTES_SAM: sam, NOTES_STACK: stack } = process.env;

test("the schedule's function reaches an idle page, which stays connected and receives the next change", async (t) => {
  const user = await TestUser.signUp();
  const page = Page.open(t, user);
  await page.until("a list comes", () => page.received > 0);
  const packets = [];
  page.socket.io.engine.on("packet", ({ type }) => packets.push(type));

  await promisify(execFile)(sam, ["remote", "invoke", "KeepAlive", "--stack-name", stack, "--event", "{}"]);
  assert.deepEqual(packets, ["noop"]);

  const note = await user.create(`after a rest ${randomUUID()}`);
  await page.until("the new note is listed", () => page.shows(note.title));
  assert.deepEqual(page.disconnects, []);
});
