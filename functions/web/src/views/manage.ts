// The views that the page loads later: the user's account, the people of the team, the management of a board and its trash, and signing in with a passkey.

export { signInWithPasskey } from "../server/passkeys.ts";
export { Account } from "./account.tsx";
export { BoardView } from "./boards/board.tsx";
export { JoinBoard } from "./boards/join.tsx";
export { Trash } from "./boards/trash.tsx";
export { People } from "./people/people.tsx";
