// How strong a new password is, in words and as a bar. The server estimates it, as it does when the password is set.

import { useEffect, useId, useState } from "preact/hooks";
import { messages } from "../messages.ts";
import { type Names, passwordStrength, type Strength } from "../server/api.ts";

/** The pause in typing after which the server is asked. */
const PAUSE_MS = 300;

interface Props {
  /** What is estimated: nothing as long as there is none. */
  password: string;
  /** What the person goes by. */
  names: Names;
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

/** The strength of exactly this password. There is none while somebody types, or if the server cannot be asked. */
function useStrength(password: string, names: Names): Strength | undefined {
  const [estimate, setEstimate] = useState<{ of: string; strength: Strength }>();
  const typed = JSON.stringify([password, names]);
  useEffect(() => {
    if (password === "") return;
    const request = new AbortController();
    const timer = setTimeout(async () => {
      try {
        setEstimate({ of: typed, strength: await passwordStrength(password, names, request.signal) });
      } catch {
        // It is only a hint. The server checks the password when it is set.
      }
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      request.abort();
    };
  }, [typed]);
  return estimate?.of === typed ? estimate.strength : undefined;
}

function inWords({ score, weakness }: Strength): string {
  const { hint, levels, longer } = messages.strength;
  const weaknesses: Record<string, string> = messages.strength.weaknesses;
  return hint(levels[score], score < 3 ? (weaknesses[weakness ?? ""] ?? longer) : undefined);
}
