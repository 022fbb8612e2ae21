// The source of the response to a request of the page, as the service worker chooses it.

export type ResponseSource =
  /** The server, or the cache if the server is unreachable or slow. */
  | "network first"
  /** The cache: a file with this name never changes. */
  | "cache first"
  /** The network, without the service worker. */
  | "network";

export interface PageRequest {
  method: string;
  url: string;
  mode: string;
}

export function responseSource({ method, url, mode }: PageRequest, origin: string): ResponseSource {
  const target = new URL(url);
  if (method !== "GET" || target.origin !== origin) return "network";
  if (target.pathname.startsWith("/assets/")) return "cache first";
  // A check for a newer page fetches the same URL. It is not a navigation, so it goes to the server.
  return mode === "navigate" && target.pathname === "/" ? "network first" : "network";
}
