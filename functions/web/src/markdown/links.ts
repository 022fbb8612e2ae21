// The permitted targets of links in a note.

export interface Link {
  /** The URL as the browser's parser normalizes it, so that following it cannot lead elsewhere. */
  href: string;
  /** Whether the link leads to another site. */
  away: boolean;
  /** Whether it leads to a heading of the same note: `href` is `#` with its anchor. */
  isHeading?: boolean;
}

/** Maximum length of a URL. Each reference to a long one repeats its length in the page. */
const LONGEST = 2_000;

/** An address of a note, or of a heading of it. */
const note = /^#\/(?:boards\/[A-Za-z0-9_-]{1,64}\/)?notes\/[A-Za-z0-9._~-]{1,128}(?:\/at\/[^\s/?#]{1,600})?$/;

/** An address of a heading in the same note. */
const heading = /^#[^\s/#][^\s#]*$/;

/** Returns the link to a web page, an e-mail address, another note or a heading. Other targets have no link. */
export function linkTo(address: string): Link | undefined {
  if (address.length > LONGEST) return undefined;
  if (note.test(address)) return { href: address, away: false };
  if (heading.test(address)) return { href: address, away: false, isHeading: true };
  if (!URL.canParse(address)) return undefined;
  const { protocol, href, origin, pathname, search, hash } = new URL(address);
  if (protocol === "mailto:") return { href, away: false };
  if (protocol !== "http:" && protocol !== "https:") return undefined;
  // The full address of a note of this notebook opens here.
  const isHere = origin === globalThis.location?.origin && pathname + search === "/" && note.test(hash);
  return isHere ? { href: hash, away: false } : { href, away: true };
}
