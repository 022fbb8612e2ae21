// Keeps the page, so that it opens without a connection. It keeps nothing that anybody wrote.

import { answerTo } from "./answers.ts";

declare const self: ServiceWorkerGlobalScope;
/** Put here by shell.ts. */
declare const SHELL: {
  /** The SHA-256 of the document, in hexadecimal: it names its files, whose names are hashes of what is in them. */
  version: string;
  /** Every file of the build that is named by its content. */
  files: string[];
};

const { version, files } = SHELL;
const PREFIX = "notes-shell-";
const NAME = PREFIX + version;
/** How long somebody waits for the newest document before the kept one has to do. */
const PATIENCE_MS = 3_000;

/** What of static routing is used here; TypeScript does not know it, nor do all browsers. */
interface Routed {
  addRoutes?(routes: { condition: { urlPattern: { pathname: string } }; source: "network" }[]): Promise<void>;
}

self.addEventListener("install", (event) => {
  // What a page asks of the server on its way out would else be lost with it, on the way through here.
  const routed = (event as Routed).addRoutes?.([
    { condition: { urlPattern: { pathname: "/api/*" } }, source: "network" },
  ]);
  if (routed !== undefined) event.waitUntil(routed);
  event.waitUntil(keep().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([forget(), self.clients.claim(), self.registration.navigationPreload?.enable()]));
});

self.addEventListener("fetch", (event) => {
  const answer = answerTo(event.request, self.location.origin);
  if (answer === "network first") event.respondWith(networkFirst(event));
  if (answer === "kept first") event.respondWith(keptFirst(event.request));
});

/** All or nothing, and of one build: the server may have a newer document by now, which names other files. */
async function keep(): Promise<void> {
  const page = await fetch("/", { cache: "no-cache" });
  if ((await sha256(await page.clone().arrayBuffer())) !== version) throw new Error("there is a newer page");
  const kept = await caches.open(NAME);
  try {
    await kept.addAll(files);
    await kept.put("/", page);
  } catch (error) {
    await caches.delete(NAME);
    throw error;
  }
}

/** Pages of the build before may still be open, and still want parts of it. Those before that one are forgotten. */
async function forget(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

async function networkFirst(event: FetchEvent): Promise<Response> {
  const network = fromNetwork(event);
  const kept = (await caches.open(NAME)).match("/", { ignoreVary: true });
  try {
    const answer = await Promise.race([network, patience()]);
    // What comes too late, comes for nothing; so does its failure.
    network.catch(() => undefined);
    const failed = answer === undefined || answer.status >= 500;
    return failed ? ((await kept) ?? (await network)) : answer;
  } catch (error) {
    const document = await kept;
    if (document === undefined) throw error;
    return document;
  }
}

async function fromNetwork(event: FetchEvent): Promise<Response> {
  // What the browser asked for while this worker was starting; not every browser does.
  const preloaded: Response | undefined = await event.preloadResponse;
  return preloaded ?? fetch(event.request);
}

async function keptFirst(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

function patience(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
}

async function sha256(content: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
