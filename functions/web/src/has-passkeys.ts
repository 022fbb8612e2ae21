// Whether the browser has passkeys, and reads the server's options for them.

export const hasPasskeys = "parseRequestOptionsFromJSON" in (globalThis.PublicKeyCredential ?? {});
