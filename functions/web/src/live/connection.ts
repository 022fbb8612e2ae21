// The state of the live connection, as the page shows it.

export type Connection =
  | "connecting"
  | "connected"
  /** The server can be reached, but the live connection cannot be made: the list is read now and then. */
  | "polling"
  | "offline";

/** What happens: the connection is begun, it stands, it breaks; while it does not stand, the list is read, or cannot be. */
export type ConnectionEvent = "begun" | "joined" | "lost" | "read" | "unread";

/**
 * A break is mended within a second or so and shows as connecting. Once the page is offline, or reads the list, it stays so
 * until something else succeeds: the state does not flicker with every attempt between.
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
