import type { Draft } from "../note.ts";
export function mergeDraft(_base: Draft, mine: Draft, _theirs: Draft, _labels: { mine: string; theirs: string }) {
  return { together: mine, conflicts: 0 };
}
