// The views whose code is loaded when they are first shown. An open note loads its history in the same way.

import { Chunk } from "./chunk.tsx";

/** The user's account, the people of the team, the management of a board, and signing in with a passkey. */
export const manage = new Chunk(() => import("./manage.ts"));

/** Writing a note: the editor and the shared document. */
export const write = new Chunk(() => import("./write.ts"));
