// Who has a note open.

export interface Reader {
  username: string;
  displayName: string;
}

/** Those who have a note open, as `presence` brings them: some by name, and how many more. */
export interface Presence {
  revision: number;
  people: readonly Reader[];
  more: number;
}

export const nobody: Presence = { revision: 0, people: [], more: 0 };

/** What a page is told of who is there; of two, the later one counts, however they arrive. */
export function later(shown: Presence, arrived: Presence): Presence {
  return arrived.revision < shown.revision ? shown : arrived;
}

/** The names of all others. */
export function others(presence: Presence, username: string): readonly Reader[] {
  return presence.people.filter((person) => person.username !== username);
}
