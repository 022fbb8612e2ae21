// Code that is loaded when it is first needed, so that the page starts with less.

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { messages } from "../messages.ts";

export class Chunk<Code extends object> {
  /** The code, once it is there. */
  readonly code = signal<Code | undefined>(undefined);
  readonly #failed = signal(false);
  readonly #read: () => Promise<Code>;
  #loading: Promise<Code> | undefined;

  constructor(read: () => Promise<Code>) {
    this.#read = read;
  }

  /** Loads the code. After a failure, the next call tries again. */
  load(): Promise<Code> {
    this.#loading ??= this.#read();
    this.#failed.value = false;
    this.#loading.then(
      (code) => (this.code.value = code),
      () => {
        this.#loading = undefined;
        this.#failed.value = true;
      },
    );
    return this.#loading;
  }

  /** Returns a view of this code. Until the code is there, it shows its status. */
  view<Props extends object>(choose: (code: Code) => ComponentType<Props>): (props: Props) => preact.JSX.Element {
    return (props) => {
      const code = this.code.value;
      if (code === undefined) return <this.Status />;
      const View = choose(code);
      return <View {...props} />;
    };
  }

  /** Loads the code, and shows whether that is in progress or has failed. */
  readonly Status = () => {
    const load = () => void this.load().catch(() => {});
    useEffect(load, []);
    if (!this.#failed.value) return <p role="status">{messages.opening}</p>;
    return (
      <div role="alert">
        <p>{messages.notLoaded}</p>
        <button type="button" onClick={load}>
          {messages.tryAgain}
        </button>
      </div>
    );
  };
}
