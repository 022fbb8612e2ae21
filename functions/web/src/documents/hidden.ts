// The moment in which a page is hidden. It may never be shown again.

/** Calls `listener` when the page is hidden. Returns a function that stops it. */
export function onHidden(listener: () => void): () => void {
  if (typeof document === "undefined") return () => {};
  const change = () => document.visibilityState === "hidden" && listener();
  addEventListener("visibilitychange", change);
  return () => removeEventListener("visibilitychange", change);
}
