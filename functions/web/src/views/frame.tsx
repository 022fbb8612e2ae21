// The frame of every view: the header with the state of the connection and the account, and the list.

import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import { boardDialog } from "../boards/boards.ts";
import { connection, openBoard } from "../live/channel.ts";
import { messages } from "../messages.ts";
import { newer } from "../newer.ts";
import { href } from "../route.ts";
import type { User } from "../server/api.ts";
import { dialogOpen } from "../shortcuts.ts";
import { choose, THEMES, theme } from "../theme.ts";
import { NewBoard } from "./boards/new-board.tsx";
import { SwitchBoard } from "./boards/switch-board.tsx";
import { Deletions } from "./deletions.tsx";
import { usePerson } from "./person.tsx";
import { ShortcutsDialog } from "./shortcuts-dialog.tsx";
import { SignOut } from "./sign-out.tsx";

interface Props {
  user?: User;
  /** The list beside the view. */
  aside?: ComponentChildren;
  home?: boolean;
  /** Whether the view is a note, which has all of a narrow window. */
  note?: boolean;
  children: ComponentChildren;
}

export function Frame({ user, aside, home = false, note = false, children }: Props) {
  const content = useRef<HTMLElement>(null);
  return (
    <>
      {/* biome-ignore lint/a11y/useValidAnchor: it jumps to its target without a change of route */}
      <a
        class="skip"
        href="#content"
        onClick={(event) => {
          // The router owns the hash of the address.
          event.preventDefault();
          content.current?.focus();
        }}
      >
        {messages.skip}
      </a>
      <header>
        <a
          class="brand"
          href={href(openBoard.value === undefined ? { view: "home" } : { view: "list", board: openBoard.value })}
        >
          {messages.name}
        </a>
        <ConnectionState of={user} />
        <div class="account">
          <ThemeSwitch />
          {user && <Account user={user} />}
        </div>
      </header>
      <Newer />
      <div class={`columns ${aside ? "with-list" : ""} ${home ? "home" : ""} ${note ? "note" : ""}`}>
        {aside}
        <main id="content" ref={content} tabIndex={-1}>
          {children}
        </main>
      </div>
      {user && <Deletions />}
      {dialogOpen.value && <ShortcutsDialog />}
      {user && boardDialog.value === "switch" && <SwitchBoard />}
      {user && boardDialog.value === "new" && <NewBoard />}
    </>
  );
}

function Newer() {
  return (
    <div class="newer" role="status">
      {newer.value && (
        <>
          <p>{messages.newer.available}</p>
          <button type="button" onClick={() => location.reload()}>
            {messages.newer.reload}
          </button>
        </>
      )}
    </div>
  );
}

/** Its space is always reserved, so that nothing moves after sign-in. */
function ConnectionState({ of }: { of: User | undefined }) {
  if (of === undefined) return <p class="connection" />;
  return (
    <p class="connection" role="status" aria-live="polite" data-state={connection.value}>
      {messages.connection[connection.value]}
    </p>
  );
}

function ThemeSwitch() {
  return (
    <label class="theme">
      <span class="unseen">{messages.theme.label}</span>
      <select
        value={theme.value}
        onChange={(event) => choose(THEMES.find((one) => one === event.currentTarget.value) ?? "system")}
      >
        {THEMES.map((one) => (
          <option key={one} value={one}>
            {messages.theme[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Account({ user }: { user: User }) {
  const [failure, setFailure] = useState<string>();
  // The user may have changed it elsewhere.
  const { displayName = user.displayName } = usePerson(user.username);
  return (
    <>
      {failure && <p role="alert">{failure}</p>}
      <button type="button" class="quiet" onClick={() => (dialogOpen.value = true)}>
        {messages.keys.open}
      </button>
      <a class="who" href={href({ view: "account" })} dir="auto" title={messages.session.accountOf(user.username)}>
        {displayName}
      </a>
      <SignOut failed={setFailure} />
    </>
  );
}
