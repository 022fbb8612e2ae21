// The user who is signed in at this tab, as the author of what is typed.

let current = "";

/** Returns the user who is signed in, or "". */
export function author(): string {
  return current;
}

export function setAuthor(username: string): void {
  current = username;
}
