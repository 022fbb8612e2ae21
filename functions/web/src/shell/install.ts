// Installs the service worker, so that the page opens without a connection.

import { type OwnWorker, SERVICE_WORKER } from "./own-workers.ts";

/** Installs the service worker, except in development. Never fails: the page works without it. */
export async function install(own: OwnWorker): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(own(SERVICE_WORKER), { updateViaCache: "none" });
  } catch (reason) {
    console.info("This browser does not keep the page.", reason);
  }
}
