// The service worker: caches the page, so that it opens without a connection. It caches no data of users.

import { responseSource } from "./response-source.ts";

declare const self: ServiceWorkerGlobalScope;
/** Inserted by shell.ts. */
declare const SHELL: {
  /** The SHA-256 of the document, in hexadecimal. The document contains the names of its files, which are content hashes. */
  version: string;
  /** All files of the build that are named by their content. */
  files: string[];
};

const { version, files } = SHELL;
const PREFIX = "notes-shell-";
const NAME = PREFIX + version;
/** How long to wait for the newest document before the cached one is shown. */
const PATIENCE_MS = 3_000;

/** The part of static routing that is used here. TypeScript's types lack it, and some browsers too. */
interface RoutedEvent {
  addRoutes?(routes: { condition: { urlPattern: { pathname: string } }; source: "network" }[]): Promise<void>;
}

self.addEventListener("install", (event) => {
  // Requests that a page sends while it closes would otherwise be lost in the service worker.
  const routed = (event as RoutedEvent).addRoutes?.([
    { condition: { urlPattern: { pathname: "/api/*" } }, source: "network" },
  ]);
  if (routed !== undefined) event.waitUntil(routed);
  event.waitUntil(cacheBuild().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    Promise.all([deleteOldCaches(), self.clients.claim(), self.registration.navigationPreload?.enable()]),
  );
});

self.addEventListener("fetch", (event) => {
  const source = responseSource(event.request, self.location.origin);
  if (source === "network first") event.respondWith(networkFirst(event));
  if (source === "cache first") event.respondWith(cacheFirst(event.request));
});

/** Caches all files of one build, or fails. The server may have a newer document by now, which names other files. */
async function cacheBuild(): Promise<void> {
  const page = await fetch("/", { cache: "no-cache" });
  if ((await sha256(await page.clone().arrayBuffer())) !== version) throw new Error("there is a newer page");
  const cache = await caches.open(NAME);
  try {
    await cache.addAll(files);
    await cache.put("/", page);
  } catch (error) {
    await caches.delete(NAME);
    throw error;
  }
}

/** Deletes all caches except those of this build and the previous one, whose pages may still be open. */
async function deleteOldCaches(): Promise<void> {
  const others = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== NAME);
  await Promise.all(others.slice(0, -1).map((name) => caches.delete(name)));
}

async function networkFirst(event: FetchEvent): Promise<Response> {
  const network = fromNetwork(event);
  const cached = (await caches.open(NAME)).match("/", { ignoreVary: true });
  try {
    const response = await Promise.race([network, patience()]);
    // A late response is ignored, and so is a late failure.
    network.catch(() => undefined);
    const failed = response === undefined || response.status >= 500;
    return failed ? ((await cached) ?? (await network)) : response;
  } catch (error) {
    const document = await cached;
    if (document === undefined) throw error;
    return document;
  }
}

async function fromNetwork(event: FetchEvent): Promise<Response> {
  // The response that the browser requested while this worker was starting. Some browsers do not.
  const preloaded: Response | undefined = await event.preloadResponse;
  return preloaded ?? fetch(event.request);
}

async function cacheFirst(request: Request): Promise<Response> {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

function patience(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
}

async function sha256(content: ArrayBuffer): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
