// The permitted targets of links in a note.

export interface Link {
  /** The URL as the browser's parser normalizes it, so that following it cannot lead elsewhere. */
  href: string;
  /** Whether the link leads to another site. */
  away: boolean;
}

/** Maximum length of a URL. Each reference to a long one repeats its length in the page. */
const LONGEST = 2_000;

const note = /^#\/notes\/[A-Za-z0-9._~/-]+$/;

/** Returns the link to a web page, an e-mail address or another note. Other targets have no link. */
export function linkTo(address: string): Link | undefined {
  if (address.length > LONGEST) return undefined;
  if (note.test(address)) return { href: address, away: false };
  if (!URL.canParse(address)) return undefined;
  const { protocol, href } = new URL(address);
  if (protocol === "mailto:") return { href, away: false };
  return protocol === "http:" || protocol === "https:" ? { href, away: true } : undefined;
}
