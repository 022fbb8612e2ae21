// What a server for tests knows of its clients.

/** A browser, in which one user is signed in. */
export interface Client {
  readonly username: string;
  /** The board that this browser has the notes on. Each has its own, so that the server knows who sends a request. */
  readonly board: string;
  readonly role: "editor" | "reader";
  readonly isOnline: boolean;
  /** Whether WebSockets connect. Some proxies forbid them. */
  readonly hasSockets: boolean;
  readonly isSignedIn: boolean;
  /** Returns whether a client id belongs to the user. */
  owns(clientId: number): boolean;
}

/** A socket in the namespace /notes. */
export interface ClientSocket {
  readonly id: string;
  readonly client: Client;
  receive(event: string, payload: object): void;
}
