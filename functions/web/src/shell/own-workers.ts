// The page runs scripts of its own in two workers, and nothing else. Its policy has browsers refuse every address of a script
// but those that `own-workers` has let pass.

/** What of Trusted Types the page uses; TypeScript does not know them. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL(address: string): string },
  ): {
    createScriptURL(address: string): string;
  };
}

declare global {
  var trustedTypes: TrustedTypes | undefined;
}

/** Where the service worker is served: at the root, because it answers for what is below its address. */
export const SERVICE_WORKER = "/service-worker.js";

/** Gives an address as the browser wants it, or throws if it is not one of ours. */
export type OwnWorker = (address: string) => string;

/** To be made once: browsers allow one policy of the name. */
export function ownWorkers(addresses: string[], types = globalThis.trustedTypes): OwnWorker {
  const ours = new Set(addresses);
  const createScriptURL = (address: string) => {
    if (!ours.has(address)) throw new TypeError(`${address} is no worker of this page`);
    return address;
  };
  // Browsers without Trusted Types take the address as it is.
  if (types === undefined) return createScriptURL;
  const policy = types.createPolicy("own-workers", { createScriptURL });
  return (address) => policy.createScriptURL(address);
}
