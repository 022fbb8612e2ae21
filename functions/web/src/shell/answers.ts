// The source of the response to a request of the page, as the service worker chooses it.

export type Answer =
  /** The server, or the cache if the server is unreachable or slow. */
  | "network first"
  /** The cache: a file with this name never changes. */
  | "kept first"
  /** The network, without the service worker. */
  | "network";

export interface Asked {
  method: string;
  url: string;
  mode: string;
}

export function answerTo({ method, url, mode }: Asked, origin: string): Answer {
  const asked = new URL(url);
  if (method !== "GET" || asked.origin !== origin) return "network";
  if (asked.pathname.startsWith("/assets/")) return "kept first";
  // A check for a newer page fetches the same URL. It is not a navigation, so it goes to the server.
  return mode === "navigate" && asked.pathname === "/" ? "network first" : "network";
}
