// Whether the rendered text is shown: beside the text in wide windows, in place of it in narrow ones.

import { useEffect, useState } from "preact/hooks";

/** The window is wide enough for both. The style sheet has the same width. */
const WIDE = "(min-width: 70rem)";

const STORAGE_KEY = "notes-preview";

export interface Preview {
  shown: boolean;
  /** Whether it is shown beside the text. */
  isWide: boolean;
  show(shown: boolean): void;
}

export function usePreview(): Preview {
  const [isWide, setWide] = useState(() => matchMedia(WIDE).matches);
  const [beside, setBeside] = useState(() => stored() !== "false");
  const [instead, setInstead] = useState(false);
  useEffect(() => {
    const media = matchMedia(WIDE);
    const follow = () => {
      setWide(media.matches);
      setInstead(false);
    };
    media.addEventListener("change", follow);
    return () => media.removeEventListener("change", follow);
  }, []);
  const show = (shown: boolean) => {
    if (!isWide) return setInstead(shown);
    setBeside(shown);
    try {
      localStorage.setItem(STORAGE_KEY, String(shown));
    } catch {
      // Without storage, the choice lasts as long as the view.
    }
  };
  return { shown: isWide ? beside : instead, isWide, show };
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}
