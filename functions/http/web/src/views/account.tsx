// Stub.
import type { User } from "../server/api.ts";
export function Account({ user }: { user: User }) {
  return <p>{user.username}</p>;
}
