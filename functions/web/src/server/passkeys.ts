// Passkeys: the prompts of the browser, and the requests about them.

import { messages } from "../messages.ts";
import { authenticated, request, type User } from "./api.ts";
import { Problem } from "./problem.ts";

/** A passkey of the user. */
export interface Passkey {
  id: string;
  name: string;
  created: string;
  /** Absent before the first sign-in with it. */
  lastUsed?: string;
}

/** The code of the problem after the user has cancelled the browser's prompt. */
export const CANCELLED = "cancelled";

/** Returns the user's passkeys, the oldest first. */
export async function passkeys(): Promise<Passkey[]> {
  const { passkeys } = (await (await authenticated("GET", "/api/account/passkeys")).json()) as { passkeys: Passkey[] };
  return passkeys;
}

/** Asks the browser for a new passkey and adds it. The current password confirms it. */
export async function addPasskey(name: string, password: string): Promise<void> {
  const asked = await authenticated("POST", "/api/account/passkeys/options", { body: { password } });
  const { publicKey } = (await asked.json()) as { publicKey: PublicKeyCredentialCreationOptionsJSON };
  const credential = await prompt(
    navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) }),
  );
  await authenticated("POST", "/api/account/passkeys", { body: { name, credential } });
}

/** Removes a passkey. Succeeds if it is removed already. */
export async function removePasskey(id: string): Promise<void> {
  try {
    await authenticated("DELETE", `/api/account/passkeys/${encodeURIComponent(id)}`);
  } catch (error) {
    if (!(error instanceof Problem && error.status === 404)) throw error;
  }
}

/** Asks the browser for a passkey and signs in with it. */
export async function signInWithPasskey(): Promise<User> {
  const asked = await request("POST", "/api/session/passkey/options");
  const { publicKey } = (await asked.json()) as { publicKey: PublicKeyCredentialRequestOptionsJSON };
  const credential = await prompt(
    navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) }),
  );
  return (await request("POST", "/api/session/passkey", { body: { credential } })).json();
}

/** Waits for the user's reaction to the browser's prompt. Resolves to the credential in its JSON form. */
async function prompt(asked: Promise<Credential | null>): Promise<unknown> {
  try {
    const credential = await asked;
    if (credential instanceof PublicKeyCredential) return credential.toJSON();
    throw cancelled();
  } catch (error) {
    if (error instanceof Problem) throw error;
    // The user cancelled, or it took too long. Browsers do not say which.
    const name = error instanceof DOMException ? error.name : "";
    if (name === "NotAllowedError" || name === "AbortError") throw cancelled();
    throw new Problem(
      0,
      name === "InvalidStateError" ? messages.passkeys.alreadyHere : messages.passkeys.failed(String(error)),
    );
  }
}

function cancelled(): Problem {
  return new Problem(0, messages.passkeys.cancelled, {}, undefined, false, CANCELLED);
}
