// The readers of a note.

export interface Reader {
  username: string;
  displayName: string;
}

/** The payload of `presence`: some readers by name, and the number of others. */
export interface Presence {
  revision: number;
  people: readonly Reader[];
  more: number;
}

export const nobody: Presence = { revision: 0, people: [], more: 0 };

/** Returns the newer of two payloads, in any order of arrival. */
export function later(shown: Presence, arrived: Presence): Presence {
  return arrived.revision < shown.revision ? shown : arrived;
}

/** Returns the names of all other readers. */
export function others(presence: Presence, username: string): readonly Reader[] {
  return presence.people.filter((person) => person.username !== username);
}
