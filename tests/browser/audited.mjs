// The pages for Lighthouse: the list and a note, in a browser that it controls, as on a first visit.

import assert from "node:assert/strict";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import lighthouse from "lighthouse";
import { chromium } from "playwright-core";
import { address, BROWSER, TestUser, titled, until } from "./browser.mjs";

export const BODY =
  "## Plan\n\n- [x] Freeze\n- [ ] Ship\n\nThen **cake**, and [the change log](https://example.com/).\n\n```\ncargo run\n```\n";

/** Calls `use` with the addresses of the pages by name, and a function that runs Lighthouse on one of them. */
export async function audited(use) {
  const profile = await mkdtemp(join(tmpdir(), "notes-lighthouse-"));
  // The browser chooses a port and writes it to a file.
  const context = await chromium.launchPersistentContext(profile, {
    ...BROWSER,
    args: [...BROWSER.args, "--remote-debugging-port=0"],
  });
  try {
    const port = await debuggingPort(profile);
    const note = await fill(context);
    await use({ list: `${address}/`, note }, async (url, categories) => {
      await forget(context);
      const options = { port, onlyCategories: categories, disableStorageReset: true, logLevel: "error" };
      const { lhr } = await lighthouse(url, options);
      assert.equal(lhr.runtimeError, undefined, lhr.runtimeError?.message);
      return lhr;
    });
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

async function debuggingPort(profile) {
  let port;
  await until(async () => {
    port = Number((await readFile(join(profile, "DevToolsActivePort"), "utf8").catch(() => "")).split("\n")[0]);
    return port > 0;
  }, "the browser has a port");
  return port;
}

/** Creates more notes than a list holds, and one to open. Returns the address of that one. */
async function fill(context) {
  const ada = await TestUser.signedUpIn(context);
  for (let number = 0; number < 120; number += 1) {
    const data = { title: titled("Something to do"), body: BODY };
    assert.equal((await context.request.post(`${address}/api/boards/team/notes`, { data })).status(), 201);
  }
  await ada.write("Release on Thursday", BODY);
  const url = ada.page.url();
  await ada.page.close();
  // Lighthouse opens another page. Without this one, the browser would end with its last page.
  await context.newPage();
  return url;
}

/** Clears the browser except for its session, as on a first visit. */
async function forget(context) {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  await devtools.send("Network.clearBrowserCache");
  const storageTypes = "service_workers,cache_storage,indexeddb,local_storage";
  await devtools.send("Storage.clearDataForOrigin", { origin: address, storageTypes });
  await page.close();
}
