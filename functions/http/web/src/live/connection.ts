// The state of the live connection, as the page shows it.

export type Connection = "connecting" | "connected" | "offline";

/** What happens to a connection: it is begun, it stands, it breaks, an attempt to make it fails. */
export type ConnectionEvent = "begun" | "joined" | "lost" | "failed";

/**
 * A break is mended within a second or so and shows as connecting; once an attempt has failed, the page is offline
 * until one succeeds, and does not flicker with every attempt between.
 */
export function follow(state: Connection, event: ConnectionEvent): Connection {
  switch (event) {
    case "begun":
      return "connecting";
    case "joined":
      return "connected";
    case "lost":
      return state === "offline" ? "offline" : "connecting";
    case "failed":
      return "offline";
  }
}
