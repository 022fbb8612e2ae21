// A hook that follows the text of a document.

import { useEffect, useState } from "preact/hooks";
import type { Text } from "yjs";

/** How long nothing is typed before the rendered text follows, in milliseconds. */
const PAUSE_MS = 150;

/** Returns the text, after a pause of typing. */
export function useSharedText(text: Text): string {
  const [shown, setShown] = useState(() => text.toString());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = () => {
      clearTimeout(timer);
      timer = setTimeout(() => setShown(text.toString()), PAUSE_MS);
    };
    follow();
    text.observe(follow);
    return () => {
      clearTimeout(timer);
      text.unobserve(follow);
    };
  }, [text]);
  return shown;
}
