// Has the browser keep the page, so that it opens without a connection.

import { type OwnWorker, SERVICE_WORKER } from "./own-workers.ts";

/** Never fails: where the page cannot be kept, it works as it would without. Nothing is kept while Vite serves the source. */
export async function install(own: OwnWorker): Promise<void> {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(own(SERVICE_WORKER), { updateViaCache: "none" });
  } catch (reason) {
    console.info("This browser does not keep the page.", reason);
  }
}
