// The fields of a board's settings.

import { useId, useState } from "preact/hooks";
import { messages } from "../../messages.ts";
import type { BoardSettings } from "../../server/boards.ts";
import { Field } from "../field.tsx";
import { text } from "../submission.ts";

const { settings } = messages.boards;

interface Props {
  initial: BoardSettings;
  error: string | undefined;
}

export function SettingsFields({ initial, error }: Props) {
  const id = useId();
  const [visibility, setVisibility] = useState(initial.visibility);
  const [teamRole, setTeamRole] = useState(initial.teamRole ?? "editor");
  return (
    <>
      <Field label={settings.name} name="name" autocomplete="off" initial={initial.name} error={error} />
      <div class="field">
        <label for={`${id}-visibility`}>{settings.visibility}</label>
        <select
          id={`${id}-visibility`}
          name="visibility"
          value={visibility}
          onChange={(event) => setVisibility(event.currentTarget.value === "team" ? "team" : "private")}
        >
          <option value="private">{settings.visibilities.private}</option>
          <option value="team">{settings.visibilities.team}</option>
        </select>
      </div>
      {visibility === "team" && (
        <div class="field">
          <label for={`${id}-role`}>{settings.teamRole}</label>
          <select
            id={`${id}-role`}
            name="teamRole"
            value={teamRole}
            onChange={(event) => setTeamRole(event.currentTarget.value === "reader" ? "reader" : "editor")}
          >
            <option value="editor">{settings.teamRoles.editor}</option>
            <option value="reader">{settings.teamRoles.reader}</option>
          </select>
        </div>
      )}
    </>
  );
}

/** Returns the settings that the form has. */
export function settingsIn(fields: FormData): BoardSettings {
  const name = text(fields, "name");
  if (text(fields, "visibility") === "private") return { name, visibility: "private" };
  return { name, visibility: "team", teamRole: text(fields, "teamRole") === "reader" ? "reader" : "editor" };
}
