// The page runs its own scripts in two workers. Its content security policy makes browsers refuse every script URL that the
// Trusted Types policy `own-workers` has not allowed.

/** The part of Trusted Types that the page uses, which TypeScript's types lack. */
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

/** The URL of the service worker. It is at the root, because a service worker handles only requests below its URL. */
export const SERVICE_WORKER = "/service-worker.js";

/** Returns a script URL in the type that browsers require. Throws if it is not the URL of a worker of the page. */
export type OwnWorker = (address: string) => string;

/** Creates the policy. Call it once, because browsers allow one policy of the name. */
export function ownWorkers(addresses: string[], types = globalThis.trustedTypes): OwnWorker {
  const ours = new Set(addresses);
  const createScriptURL = (address: string) => {
    if (!ours.has(address)) throw new TypeError(`${address} is not a worker of this page`);
    return address;
  };
  // Browsers without Trusted Types accept a string.
  if (types === undefined) return createScriptURL;
  const policy = types.createPolicy("own-workers", { createScriptURL });
  return (address) => policy.createScriptURL(address);
}
