// The earlier versions of a note, of which one is selected.

import { useId } from "preact/hooks";
import { messages } from "../../messages.ts";
import type { Version } from "../../server/versions.ts";
import { Person } from "../person.tsx";
import { byDay } from "./days.ts";

interface Props {
  versions: readonly Version[];
  /** The number of the selected version. */
  selected: number | undefined;
  select: (version: number) => void;
}

export function VersionList({ versions, selected, select }: Props) {
  const name = useId();
  return (
    <>
      {byDay(versions).map((day) => (
        <fieldset key={day.name}>
          <legend>{day.name}</legend>
          {day.versions.map(({ version, updated, editor }) => (
            <label key={version} class="choice">
              <input type="radio" name={name} checked={version === selected} onChange={() => select(version)} />
              <span>
                <time dateTime={updated}>{messages.time.clock(new Date(updated))}</time> <Person username={editor} />
              </span>
            </label>
          ))}
        </fieldset>
      ))}
    </>
  );
}
