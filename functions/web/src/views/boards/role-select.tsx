// Choices of a role.

import { messages } from "../../messages.ts";
import type { Role } from "../../server/boards.ts";

export const ROLES: readonly Role[] = ["owner", "editor", "reader"];

interface Props {
  label: string;
  value: Role;
  change: (role: Role) => void;
}

/** The role that somebody has. */
export function RoleSelect({ label, value, change }: Props) {
  return (
    <select aria-label={label} value={value} onChange={(event) => change(roleOf(event.currentTarget.value))}>
      <Options roles={ROLES} />
    </select>
  );
}

/** The field `role` of a form. The first role is chosen at first. */
export function RoleField({ roles }: { roles: readonly Role[] }) {
  return (
    <label>
      {messages.boards.people.role}
      <select name="role">
        <Options roles={roles} />
      </select>
    </label>
  );
}

/** Parses the value of a choice. */
export function roleOf(value: string): Role {
  return ROLES.find((role) => role === value) ?? "editor";
}

function Options({ roles }: { roles: readonly Role[] }) {
  return (
    <>
      {roles.map((role) => (
        <option key={role} value={role}>
          {messages.boards.roles[role]}
        </option>
      ))}
    </>
  );
}
