// A moment, in the words of the reader's language.

const format = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export function Time({ of }: { of: string }) {
  return <time dateTime={of}>{format.format(new Date(of))}</time>;
}
