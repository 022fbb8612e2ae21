// An idle page, as the unmodified socket.io-client is one: beside a cloud whose minutes are seconds (`--time-scale 60`), where
// the gateway closes a connection that was silent for ten, and the schedule comes every three (see tests/run).

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { Page } from "./page.mjs";
import { TestUser } from "./test-user.mjs";

/** How often the schedule comes before an idle connection would have ended twice. */
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
