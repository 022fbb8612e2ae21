// The client ids of a user's edits. The server refuses an edit whose id is not its sender's, so nobody can forge one.

/** Ids of one user differ in these lower bits. */
const RANDOM_BITS = 2 ** 25;

/** Returns a function that makes client ids of a user: 28 bits of a hash of the username, then 25 random bits. */
export async function clientIdsOf(username: string): Promise<() => number> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(username));
  const hash = new DataView(digest).getUint32(0) >>> 4;
  return () => {
    const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
    return hash * RANDOM_BITS + (random >>> 7);
  };
}
