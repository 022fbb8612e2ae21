// A link that is shown once, with a button that copies it.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { messages } from "../messages.ts";

interface Props {
  label: string;
  /** The part of the address after the `#`. */
  path: string;
  expires: string;
}

export function SecretLink({ label, path, expires }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const address = `${location.origin}/#${path}`;
  useEffect(() => {
    setCopied(false);
    input.current?.focus();
    input.current?.select();
  }, [address]);
  const copy = async () => {
    input.current?.select();
    // Browsers refuse the clipboard to pages without focus. The text is selected then, and can be copied by hand.
    await navigator.clipboard.writeText(address).then(
      () => setCopied(true),
      () => {},
    );
  };
  return (
    <div class="secret-link">
      <label for={id}>{label}</label>
      <div class="secret">
        <input id={id} ref={input} readOnly value={address} />
        <button type="button" onClick={() => void copy()}>
          {messages.people.link.copy}
        </button>
      </div>
      <p class="hint">{messages.people.link.once(new Date(expires))}</p>
      <p class="hint" role="status">
        {copied && messages.people.link.copied}
      </p>
    </div>
  );
}
