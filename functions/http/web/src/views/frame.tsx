// What surrounds every view: the name, the state of the connection, who is signed in.

import type { ComponentChildren } from "preact";
import { useRef, useState } from "preact/hooks";
import type { User } from "../api.ts";
import { connection } from "../live.ts";
import type { Connection } from "../connection.ts";
import { newer } from "../newer.ts";
import { href } from "../route.ts";
import { signOut } from "../session.ts";

interface Props {
  user?: User;
  /** The list beside the view. */
  aside?: ComponentChildren;
  home?: boolean;
  children: ComponentChildren;
}

export function Frame({ user, aside, home = false, children }: Props) {
  const content = useRef<HTMLElement>(null);
  return (
    <>
      <a
        class="skip"
        href="#content"
        onClick={(event) => {
          // The address belongs to the routes.
          event.preventDefault();
          content.current?.focus();
        }}
      >
        Skip to the content
      </a>
      <header>
        <a class="brand" href={href({ view: "home" })}>
          Notes
        </a>
        {user && <ConnectionState />}
        {user && <Account user={user} />}
      </header>
      <Newer />
      <div class={`columns ${aside ? "with-list" : ""} ${home ? "home" : ""}`}>
        {aside}
        <main id="content" ref={content} tabIndex={-1}>
          {children}
        </main>
      </div>
    </>
  );
}

function Newer() {
  return (
    <div class="newer" role="status">
      {newer.value && (
        <>
          <p>A newer version of this page is there. Save what you are writing, then load it.</p>
          <button type="button" onClick={() => location.reload()}>
            Load it
          </button>
        </>
      )}
    </div>
  );
}

const said: Record<Connection, string> = {
  connecting: "Connecting…",
  connected: "Connected",
  offline: "Offline: changes will show when the connection is back",
};

function ConnectionState() {
  return (
    <p class="connection" role="status" aria-live="polite" data-state={connection.value}>
      {said[connection.value]}
    </p>
  );
}

function Account({ user }: { user: User }) {
  const [failure, setFailure] = useState<string>();
  return (
    <div class="account">
      {failure && <p role="alert">{failure}</p>}
      <span dir="auto" title={user.username}>
        {user.displayName}
      </span>
      <button type="button" onClick={() => signOut().catch((error: Error) => setFailure(error.message))}>
        Sign out
      </button>
    </div>
  );
}
