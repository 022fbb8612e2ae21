// Lists that are read while something is added to them.

/** Returns a list that was read, after what was made here since it was requested and is not in it. */
export function withMade<Row extends { id: string }>(made: readonly Row[], read: readonly Row[]): Row[] {
  return [...made.filter(({ id }) => read.every((row) => row.id !== id)), ...read];
}
