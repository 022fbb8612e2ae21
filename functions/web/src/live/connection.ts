// The state of the live connection, as the page shows it.

export type Connection =
  | "connecting"
  | "connected"
  /** The server is reachable, but the live connection fails: the list is polled. */
  | "polling"
  | "offline";

/** Events: the connection starts, is established or breaks. Without it, reading the list succeeds or fails. */
export type ConnectionEvent = "begun" | "joined" | "lost" | "read" | "unread";

/**
 * Returns the next state. A break usually ends within a second, and shows as connecting. The states offline and polling last
 * until something else succeeds, so that the state does not flicker with every attempt.
 */
export function follow(state: Connection, event: ConnectionEvent): Connection {
  switch (event) {
    case "begun":
      return "connecting";
    case "joined":
      return "connected";
    case "lost":
      return state === "connected" ? "connecting" : state;
    case "read":
      return "polling";
    case "unread":
      return "offline";
  }
}
