// An idle page with the unmodified socket.io-client, in a cloud whose minutes are seconds (`--time-scale 60`). The
// gateway closes a connection after ten idle minutes, and the schedule runs every three (see tests/run).

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Page } from "./page.mjs";
import { TestUser } from "./test-user.mjs";

/** Number of scheduled events within two idle limits. */
const TIMES = 7;

test("an idle client stays connected over several idle limits and receives the next change", async (t) => {
  const user = await TestUser.signUp();
  const page = Page.open(t, user);
  await page.until("a list comes", () => page.received > 0);

  const noops = [];
  await new Promise((resolve) => {
    page.socket.io.engine.on("packet", ({ type }) => {
      if (type === "noop") noops.push(type);
      if (noops.length === TIMES) resolve();
    });
    page.socket.on("disconnect", resolve);
  });
  assert.equal(noops.length, TIMES);
  assert.deepEqual(page.disconnects, []);

  const note = await user.create(`after a rest ${randomUUID()}`);
  await page.until("the new note is listed", () => page.shows(note.title));
  assert.deepEqual(page.disconnects, []);
});
