// The texts of failed requests, in English. They are apart from the other texts because the workers need no others.

export const problemMessages = {
  unreachable: "Notes cannot be reached. Check your connection and try again.",
  notLive: "This needs the live connection, which is down. Try again once the page says “Connected”.",
  fields: "Correct the marked fields.",
  edit: (reason: string) => `The edit ${reason}.`,
  unexplained: (status: number) => `Something went wrong (${status}). Try again in a moment.`,
} as const;
