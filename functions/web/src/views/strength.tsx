// How strong a new password is, in words and as a bar, as soon as that is known.

import { useEffect, useId, useState } from "preact/hooks";
import { messages } from "../messages.ts";
import { loadMeasure } from "../strength/load.ts";
import type { Strength } from "../strength/measure.ts";

/** Nobody wants to hear of every letter. */
const QUIET_MS = 200;

interface Props {
  /** What is measured: nothing as long as there is none. */
  password: string;
  /** What the person goes by. */
  names: readonly string[];
}

export function StrengthHint({ password, names }: Props) {
  const id = useId();
  const strength = useStrength(password, names);
  return (
    <div class="strength">
      {strength && (
        <>
          <label class="unseen" for={id}>
            {messages.strength.label}
          </label>
          {/* A fifth is there already for the weakest: an empty bar would look like none. */}
          <meter id={id} min={0} max={5} low={3} high={4} optimum={5} value={strength.score + 1} />
        </>
      )}
      <p class="hint" aria-live="polite">
        {strength && inWords(strength)}
      </p>
    </div>
  );
}

function useStrength(password: string, names: readonly string[]): Strength | undefined {
  const [strength, setStrength] = useState<Strength>();
  useEffect(() => {
    if (password === "") return setStrength(undefined);
    let stale = false;
    const timer = setTimeout(async () => {
      const measure = await loadMeasure();
      if (!stale) setStrength(measure?.(password, names));
    }, QUIET_MS);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [password, names.join("\n")]);
  return strength;
}

function inWords({ score, weakness }: Strength): string {
  const advice =
    weakness === undefined
      ? score < 3
        ? messages.strength.longer
        : undefined
      : messages.strength.weaknesses[weakness];
  return messages.strength.hint(messages.strength.levels[score], advice);
}
