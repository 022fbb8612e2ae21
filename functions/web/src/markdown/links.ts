// Where a link in a note may lead.

export interface Link {
  /** As the browser's own parser reads it, so that it cannot be read in another way when it is followed. */
  href: string;
  /** Whether it leads to another page. */
  away: boolean;
}

/** Nobody writes a longer one; and a long one costs its length again with each reference to it. */
const LONGEST = 2_000;

const note = /^#\/notes\/[A-Za-z0-9._~/-]+$/;

/** The link to an address: to a page of the web, to somebody's mailbox or to another note. To anywhere else there is none. */
export function linkTo(address: string): Link | undefined {
  if (address.length > LONGEST) return undefined;
  if (note.test(address)) return { href: address, away: false };
  if (!URL.canParse(address)) return undefined;
  const { protocol, href } = new URL(address);
  if (protocol === "mailto:") return { href, away: false };
  return protocol === "http:" || protocol === "https:" ? { href, away: true } : undefined;
}
