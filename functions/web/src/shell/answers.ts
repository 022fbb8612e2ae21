// Where the answer to a request of the page comes from, with a service worker between the two.

export type Answer =
  /** The server is asked; if it is out of reach, or slow, what was kept has to do. */
  | "network first"
  /** Under this name there never was, and never will be, anything else. */
  | "kept first"
  /** The service worker has no part in it. */
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
  // Who looks for a newer page fetches this address, too: it is not navigated to, and so asks the server.
  return mode === "navigate" && asked.pathname === "/" ? "network first" : "network";
}
