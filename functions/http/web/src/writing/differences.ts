export type DifferenceRow =
  | { kind: "same"; text: string }
  | { kind: "theirs" | "mine"; parts: { text: string; changed: boolean }[] };
export function differences(theirs: string, mine: string): DifferenceRow[] {
  return [{ kind: "theirs", parts: [{ text: theirs, changed: true }] }, { kind: "mine", parts: [{ text: mine, changed: true }] }];
}
