// Finds names that look alike, so that a reader could take one user for another.

/** Letters of other scripts that look like Latin ones, and the Latin ones. All in lower case, since case is ignored. */
const LOOKALIKES = new Map(
  [
    ["авеікмнорстухѕјԁһӏ", "abeikmhopctyxsjdhi"],
    ["αβεηικμνορτυχζ", "abehikmvoptyxz"],
    ["01lı", "oiii"],
  ].flatMap(([letters = "", latin = ""]) => [...letters].map((letter, index) => [letter, latin[index] ?? letter])),
);

/**
 * Returns a text that is equal for names that look alike. It ignores case, width, white space, accents and invisible
 * characters.
 */
export function skeleton(name: string): string {
  const plain = name
    .normalize("NFKD")
    .replace(/[\p{M}\p{White_Space}\p{Default_Ignorable_Code_Point}]/gu, "")
    // Twice, because some letters have only one of the cases: ß becomes SS.
    .toUpperCase()
    .toLowerCase();
  return [...plain].map((letter) => LOOKALIKES.get(letter) ?? letter).join("");
}

/**
 * Returns the usernames whose names look like the name of another username. A name with an @ looks like one that is followed by
 * a username.
 */
export function alike(names: Iterable<readonly [username: string, name: string]>): ReadonlySet<string> {
  const bySkeleton = new Map<string, string[]>();
  for (const [username, name] of names) {
    const key = skeleton(name);
    bySkeleton.set(key, [...(bySkeleton.get(key) ?? []), username]);
  }
  const ambiguous = ([key, usernames]: [string, string[]]) => usernames.length > 1 || key.includes("@");
  return new Set([...bySkeleton].filter(ambiguous).flatMap(([, usernames]) => usernames));
}
