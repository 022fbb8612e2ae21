// The views that are loaded later: the user's account, the people of the team, and the management of a board.

export { Account } from "./account.tsx";
export { BoardView } from "./boards/board.tsx";
export { JoinBoard } from "./boards/join.tsx";
export { People } from "./people/people.tsx";
