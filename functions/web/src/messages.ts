// All texts of the page, in English. A translation would be another file like this one, and like problem-messages.ts.

// This file formats numbers and dates without `Intl`. The first use of `Intl` takes a browser longer than the rest of opening
// the page.

import { problemMessages } from "./problem-messages.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"];

const twoDigits = (count: number): string => String(count).padStart(2, "0");

const day = (date: Date): string => `${date.getDate()} ${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
const clock = (date: Date): string => `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
const moment = (date: Date): string => `${day(date)}, ${clock(date)}`;
/** Formats a date with the year first, so that file names sort by date. */
const isoDay = (date: Date): string =>
  `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;

/** Formats a number with a comma before each group of three digits. */
const grouped = (count: number): string => {
  const [whole = "", ...decimals] = String(count).split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...decimals].join(".");
};

/** Formats a number of bytes in kB or MB, rounded up. */
const size = (bytes: number): string =>
  bytes < 1e6 ? `${grouped(Math.ceil(bytes / 1e3))} kB` : `${grouped(Math.ceil(bytes / 1e5) / 10)} MB`;

/** Formats a number with its noun. */
const counted = (count: number, one: string, many: string): string => `${grouped(count)} ${count === 1 ? one : many}`;

export const messages = {
  name: "Notes",
  opening: "Opening…",
  notLoaded: "A part of the page could not be loaded. Check the connection, then try again.",
  tryAgain: "Try again",
  skip: "Skip to content",
  importedBy: "Imported by ",
  /** The username, where a name alone would not do. */
  handle: (username: string) => `@${username}`,
  ambiguousName: (name: string, username: string) => `${name} @${username}`,
  /** What stands before an item of an enumeration. */
  separator: (index: number, items: number) => (index === 0 ? "" : index === items - 1 ? " and " : ", "),
  /** The title of a window. */
  windowOf: (view: string) => `${view} – Notes`,

  time: {
    justNow: "just now",
    ago: (count: number, unit: "minute" | "hour" | "day") => `${counted(count, unit, `${unit}s`)} ago`,
    date: day,
    clock,
    moment,
  },

  problem: problemMessages,

  connection: {
    connecting: "Connecting…",
    connected: "Connected",
    polling: "Not live: changes show every 10 seconds",
    offline: "Offline: changes will show when the connection is back",
  },

  newer: {
    available: "A new version of this page is available. Save your work, then reload.",
    reload: "Reload",
  },

  session: {
    signOut: "Sign out",
    accountOf: (username: string) => `Your account, ${username}`,
    unsaved: (count: number) =>
      `You have ${counted(count, "unsaved text", "unsaved texts")}. Signing out deletes ${count === 1 ? "it" : "them"} from this browser.`,
    signOutAnyway: "Sign out and delete",
    stay: "Stay signed in",
  },

  accounts: {
    signIn: "Sign in",
    ended: "Your session has ended. Sign in to continue.",
    newHere: "New here?",
    create: "Create account",
    haveOne: "Already have an account?",
    username: "Username",
    usernameHint: "3 to 32 letters, digits, _ or -",
    displayName: "Display name",
    password: "Password",
    passwordHint: "8 to 128 characters",
    first: "This is the first account. It is the administrator's, who can invite everybody else.",
    invitationOnly: "You need an invitation. Ask an administrator of this notebook for a link.",
    invitationVoid: "This invitation has been used or revoked, or has expired. Ask an administrator for a new link.",
    alreadyIn: (username: string) =>
      `You are signed in as ${username}. To create another account, sign out and open the link again.`,
    byLink: {
      heading: "Set a new password",
      explain: "This signs you out everywhere else.",
      set: "Set password",
    },
    code: "Sign-up code",
    codeHint: "Ask your team for it",
    optional: "(optional)",
    fieldError: (label: string, error: string) => `${label} ${error}.`,
    gone: "(account deleted)",
  },

  passkeys: {
    signIn: "Sign in with a passkey",
    heading: "Passkeys",
    explain: "Sign in with your fingerprint, face, PIN or security key instead of your password.",
    name: "Passkey name",
    add: "Add passkey",
    added: (name: string) => `The passkey “${name}” is added.`,
    created: "added ",
    lastUsed: "last used ",
    neverUsed: "never used",
    remove: "Remove",
    removeOf: (name: string) => `Remove passkey ${name}`,
    removed: (name: string) => `The passkey “${name}” is removed.`,
    most: (most: number) => `You have ${most} passkeys. Remove one before you add another.`,
    cancelled: "No passkey was used. Try again.",
    alreadyHere: "This device already has a passkey for your account.",
    failed: (reason: string) => `Your browser cannot use a passkey here: ${reason}`,
  },

  list: {
    heading: "All notes",
    count: (count: number) => counted(count, "note", "notes"),
    newNote: "New note",
    search: "Search notes by title",
    found: (count: number) => (count === 0 ? "No notes found" : counted(count, "note found", "notes found")),
    searching: "Searching older notes…",
    loading: "Loading list…",
    unreachable: "The list could not be loaded. It appears when you are back online.",
    empty: "No notes yet",
    emptyHint: "Create the first one. Everyone on this board sees it at once.",
    emptyReader: "Notes of others appear here.",
    above: (count: number) => counted(count, "change above", "changes above"),
    changedBy: "by ",
  },

  unsent: {
    heading: "Not sent yet",
    untitled: "Untitled",
  },

  boards: {
    heading: "Boards",
    unread: "unread",
    members: "Members",
    newBoard: "New board",
    readOnly: "You may read this board.",
    home: "Go to your boards",
    gone: "This board is gone or you are no longer a member.",
    keptNote: "You can no longer save this note here. Your text stays in this browser until you discard it.",
    keptComment: "You can no longer comment here. Your text stays in this browser until you discard it.",
    yourComment: "Your comment",
    discard: "Discard",
    cancel: "Cancel",
    roles: { owner: "Owner", editor: "Editor", reader: "Reader" },
    mayDo: {
      owner: "You are an owner of this board.",
      editor: "You may write on this board.",
      reader: "You may read this board.",
    },

    switch: {
      heading: "Switch board",
      filter: "Filter boards by name",
      found: (count: number) => (count === 0 ? "No boards found" : counted(count, "board", "boards")),
    },

    settings: {
      heading: "Settings",
      name: "Name",
      visibility: "Who can open it",
      visibilities: { private: "Members only", team: "Everyone in the team" },
      teamRole: "Everyone in the team may",
      teamRoles: { editor: "read and write", reader: "read" },
      create: "Create board",
      save: "Save settings",
      saved: "The settings are saved.",
      changed: "Someone has just changed these settings. Check them, then save again.",
    },

    deletion: {
      heading: "Delete board",
      explain:
        "This deletes the board with all its notes and comments, and its trash, for all members. You cannot undo this.",
      ask: "Delete board…",
      question: (name: string) => `Delete the board “${name}”?`,
      confirm: "Delete board permanently",
      keep: "Keep board",
      changed: "Someone has just changed this board. Check it, then delete it again.",
    },

    people: {
      of: (board: string) => `Members of ${board}`,
      heading: "Members",
      team: {
        editor: "Everyone in the team may read and write. People with a role of their own:",
        reader: "Everyone in the team may read. People with a role of their own:",
      },
      alone: "Only you are a member. Invite somebody.",
      none: "Nobody has a role of their own.",
      you: "you",
      roleOf: (username: string) => `Role of ${username}`,
      changed: (username: string) => `The role of ${username} is changed.`,
      remove: "Remove",
      removeOf: (username: string) => `Remove ${username}`,
      removed: (username: string) => `${username} is removed.`,
      leave: "Leave board",
      leaveHeading: (name: string) => `Leave the board “${name}”?`,
      leaveExplain: "You can come back only if an owner adds or invites you again.",
      stay: "Stay",
      add: "Add member",
      added: (username: string) => `${username} is a member now.`,
      role: "Role",
    },

    invitations: {
      heading: "Invite people",
      people: "People",
      days: "Valid for days",
      invite: "Create invitation link",
      link: "Invitation link",
      row: (role: string, uses: number) => `${role}, for ${counted(uses, "person", "people")}`,
      until: (date: Date, by: string | undefined) => `until ${moment(date)}${by === undefined ? "" : `, by ${by}`}`,
      revoke: "Revoke",
      revoked: "The invitation is revoked.",
    },

    join: {
      heading: "Join a board",
      explain: "Someone invited you to a board.",
      join: "Join the board",
      signIn: "Sign in to join the board.",
      void: "This invitation has been used or revoked, or has expired. Ask for a new link.",
    },

    trash: {
      heading: "Trash",
      of: (board: string) => `Trash of ${board}`,
      explain: "Deleted notes stay here for 30 days. Then they are gone for good, with their comments.",
      empty: "The trash is empty.",
      notes: "Deleted notes",
      deletedBy: "Deleted by ",
      restore: "Restore",
      restoreOf: (title: string) => `Restore ${title}`,
      restored: (title: string) => `“${title}” is restored.`,
      taken: "Another note has the same address. Move or delete that note, then restore this one.",
      delete: "Delete for good",
      deleteOf: (title: string) => `Delete for good: ${title}`,
      question: (title: string) => `Delete “${title}” for good?`,
      questionHint: "This deletes the note and its comments for everyone. You cannot undo this.",
      keep: "Keep in the trash",
      deleted: (title: string) => `“${title}” is deleted for good.`,
    },

    move: {
      label: "Move to another board",
      move: "Move",
      changed: "Someone has just changed this note. Look at it, then move it again.",
      gone: "Someone has just deleted this note.",
    },
  },

  home: {
    heading: "Notes",
    hint: "Select a note from the list, or create a new one.",
    readerHint: "Select a note from the list.",
    keys: "Press ? for keyboard shortcuts.",
    unknown: "Page not found",
    unknownHint: "Check the address, or select a note from the list.",
  },

  note: {
    opening: "Opening note…",
    none: "Note not found",
    noneHint: "It may have been deleted. Select another note from the list.",
    deleted: "This note was deleted",
    deletedHint: ["Someone deleted ", " while you had it open."],
    backToList: "Back to the list",
    editedBy: ", edited by ",
    changedBy: (editor: string) => `${editor} changed this note.`,
    newlyImported: (importer: string) => `${importer} imported this note.`,
    cached: "This is the copy from your last visit.",
    outdated: "This note has changed, but the new version could not be loaded.",
    asWritten: "This note is too long or too complex to format. It is shown as plain text.",
    table: "Table",
    heading: "Link to this heading",
    footnote: { back: "Back to the text" },
    titled: {
      looking: (title: string) => `Looking for “${title}”…`,
      none: (title: string) => `No note is called “${title}”`,
      create: "Create it",
    },
    done: "Done",
    blank: "This note has no text.",
    alsoHere: "Also here: ",
    others: (count: number) => counted(count, "other", "others"),
  },

  comments: {
    heading: "Comments",
    write: "Write a comment",
    add: "Add comment",
    count: (count: number, most: number) => `${count} of ${most} characters`,
    tooLong: (most: number) => `must be 1 to ${most} characters`,
    error: (error: string) => `The comment ${error}.`,
    none: "No comments yet",
    loading: "Loading comments…",
    delete: "Delete",
    deleteOf: (author: string) => `Delete comment by ${author}`,
    older: "Show older comments",
    newBy: (author: string, message: string, importer: string | undefined) =>
      importer === undefined
        ? `New comment by ${author}: ${message}`
        : `${importer} imported a comment by ${author}: ${message}`,
    deletedOf: (author: string) => `A comment by ${author} was deleted.`,
  },

  editor: {
    title: "Title",
    untitled: "Untitled",
    titleErrors: {
      empty: "A note needs a title. The former one stays until you type another.",
      "too-long": "A title has at most 200 characters.",
    },
    text: "Text",
    placeholder: "Write something…",
    hint: "Markdown. To leave the text with the keyboard, press Escape, then Tab.",
    preview: "Preview",
    nothingToPreview: "What you write is shown here.",
    discard: "Discard",
    keep: "Keep as a new note",
    full: "This note is full: a text has at most 256 KB. Continue in another note.",
    replaced: "This note was deleted, and another one was created at its address.",
    deletedHint: "Someone deleted this note while you had it open. Your text is still here.",
    /** What stands after the names of the people who are writing. */
    writing: (people: number) => (people === 1 ? " is writing" : " are writing"),
    saving: {
      blank: "",
      saved: "Saved",
      saving: "Saving…",
      offline: "Offline: kept in this browser, and sent when the connection is back",
      refused: "Not saved",
    },

    actions: {
      more: "More actions",
      copyLink: "Copy link",
      copied: "Link copied.",
      notCopied: "The link could not be copied. Copy it from the address bar.",
      print: "Print",
      move: "Move to another board…",
      delete: "Delete",
      details: "Details",
    },

    history: {
      heading: "History",
      none: "No earlier versions yet",
      older: "Show older",
      gone: "This version is gone: old versions are thinned out. Select another one.",
      title: "Title",
      text: "Text",
      changes: "Changes",
      summary: (added: number, removed: number) =>
        added + removed === 0
          ? "The text is the same as now."
          : `Restoring adds ${counted(added, "line", "lines")} and removes ${counted(removed, "line", "lines")}.`,
      added: "Added: ",
      removed: "Removed: ",
      gap: (lines: number) => `${counted(lines, "line", "lines")} without changes`,
      more: (lines: number) => `and ${counted(lines, "more line", "more lines")}`,
      restore: "Restore this version",
      restored: "Version restored.",
      close: "Close",
    },

    details: {
      heading: "Details",
      created: "Created",
      changed: "Last change",
      length: "Length",
      characters: (count: number) => counted(count, "character", "characters"),
      by: " by ",
      linkedFrom: "Linked from",
      notLinked: "No other note links here.",
      close: "Close",
    },
  },

  find: {
    find: "Find",
    next: "Next",
    previous: "Previous",
    matchCase: "Match case",
    found: (count: number) => (count === 0 ? "No matches" : counted(count, "match", "matches")),
    replaceWith: "Replace with",
    replace: "Replace",
    replaceAll: "Replace all",
    close: "Close",
  },

  deletion: {
    deleted: (title: string) => `“${title}” was deleted.`,
    undo: "Undo",
    notRestored: (title: string) => `“${title}” was not restored.`,
    notDeleted: (title: string) => `“${title}” was not deleted.`,
    look: "View note",
    dismiss: "Dismiss",
  },

  theme: {
    label: "Theme",
    system: "System",
    light: "Light",
    dark: "Dark",
  },

  keys: {
    heading: "Keyboard shortcuts",
    open: "Shortcuts (?)",
    close: "Close",
    single: "Use single-key shortcuts outside text fields",
    actions: {
      "?": "Show keyboard shortcuts",
      n: "Create a note",
      "/": "Search notes",
      j: "Open the next note",
      k: "Open the previous note",
      e: "Write in the note",
      "#": "Delete the note",
      g: "Go to the list",
      b: "Switch to another board",
    },
    always: [
      ["Ctrl B, I, K", "Bold, italic, link"],
      ["Ctrl F", "Find and replace in the text"],
      ["Ctrl Z, Y", "Undo or redo what you wrote"],
      ["Esc, Tab", "Leave the text"],
      ["Tab", "Go to the next link, button or field"],
    ],
  },

  account: {
    heading: "Account",
    profile: "Profile",
    show: ["Show", " password"],

    displayName: {
      explain: "Others see it beside your notes and comments.",
      change: "Change display name",
      changed: "Display name changed.",
    },

    sessions: {
      heading: "Sessions",
      loading: "Loading sessions…",
      device: (browser: string | undefined, system: string | undefined) =>
        browser && system ? `${browser} on ${system}` : (browser ?? system ?? "Unknown device"),
      current: "this session",
      at: (address: string) => `at ${address}`,
      seen: "last seen ",
      begun: "signed in ",
      expires: (date: Date) => `until ${moment(date)}`,
      end: "End session",
      endOf: (device: string) => `End session of ${device}`,
      ended: (device: string) => `The session of ${device} has ended.`,
      endOthers: "Sign out everywhere else",
      othersEnded: "You are signed out everywhere else.",
    },

    password: {
      heading: "Change password",
      current: "Current password",
      new: "New password",
      explain: "This signs you out everywhere else.",
      change: "Change password",
      changed: "Password changed. You are signed out everywhere else.",
    },

    export: {
      heading: "Export",
      explain: "Downloads all notes and comments of this board in one file, one JSON object per line.",
      begin: "Export all notes",
      name: (date: Date) => `notes-${isoDay(date)}.ndjson`,
      progress: "Export progress",
      running: (notes: number) => `${counted(notes, "note", "notes")} so far`,
      done: (notes: number) => `${counted(notes, "note", "notes")} exported.`,
      download: (name: string, bytes: number) => `Download ${name} (${size(bytes)})`,
    },

    import: {
      heading: "Import",
      explain:
        "Adds notes and comments from an export to this board. Existing ones do not change, so you can repeat an import.",
      file: "Export file",
      begin: "Import file",
      progress: "Import progress",
      running: (name: string) => `Importing ${name}. You can keep using Notes. Leave this page open.`,
      counts: (created: number, skipped: number, refused: number) =>
        `${counted(created + skipped + refused, "line", "lines")}: ${grouped(created)} imported, ${grouped(skipped)} already there, ${grouped(refused)} rejected`,
      done: (name: string, refused: number) =>
        refused === 0
          ? `Imported ${name}.`
          : `Imported ${name}. ${counted(refused, "line was", "lines were")} rejected. See the reasons below.`,
      allRefused: (name: string) => `Nothing was imported: every line of ${name} was rejected. See the reasons below.`,
      nothing: (name: string, reason: string) => `Nothing was imported: ${name} ${reason}.`,
      empty: "is empty",
      utf16: "is in UTF-16. Save it in UTF-8, then import it again",
      binary: "is not a text file. If it is compressed, unpack it first",
      array: "is one JSON array. An export has one note or comment on each line",
      noLines: "contains no note or comment. Choose a file from an export",
      noFile: "cannot be read. If it is a folder, choose a file in it",
      refused: "Rejected lines",
      line: (line: number, key: string | undefined, reason: string) =>
        `Line ${grouped(line)}${key === undefined ? "" : ` (${key})`}: ${reason}`,
      more: (count: number) => `and ${counted(count, "more line", "more lines")}`,
      tooLong: "is longer than any note",
      unreadable: "The file was moved or changed. Choose it again.",
    },

    transfer: {
      cancel: "Cancel",
      cancelled: "Cancelled.",
      resume: "Continue",
    },

    deletion: {
      heading: "Delete account",
      explain:
        "Your notes and comments stay. Private boards that only you own pass to another member; those without other members are deleted. Nobody can use your username again. You cannot undo this.",
      unsaved: (count: number) =>
        `You have ${counted(count, "unsaved text", "unsaved texts")}. Deleting the account deletes ${count === 1 ? "it" : "them"} too.`,
      ask: "Delete account…",
      confirm: "Delete account permanently",
      password: "Your password",
      keep: "Keep account",
    },
  },

  people: {
    heading: "People",
    youAre: "You are an administrator.",
    manage: "Manage people",
    accounts: "Accounts",
    administrator: "Administrator",
    disabled: "Disabled",
    seen: "last seen ",
    more: "Show more",

    invitations: {
      heading: "Invite people",
      accounts: "Accounts",
      days: "Valid for days",
      invite: "Create invitation link",
      link: "Invitation link",
      uses: (uses: number) => `For ${counted(uses, "account", "accounts")}`,
      until: (date: Date, by: string | undefined) => `until ${moment(date)}${by === undefined ? "" : `, by ${by}`}`,
      revoke: "Revoke",
      revoked: "The invitation is revoked.",
    },

    link: {
      password: (username: string) => `Link for ${username} to set a new password`,
      copy: "Copy link",
      copied: "Copied.",
      once: (date: Date) => `Send it to the person. It is shown only now, and works until ${moment(date)}.`,
    },

    actions: {
      of: (action: string, username: string) => `${action}: ${username}`,
      disable: "Disable",
      disabled: (username: string) => `${username} is disabled and signed out.`,
      enable: "Enable",
      enabled: (username: string) => `${username} is enabled.`,
      grant: "Make administrator",
      granted: (username: string) => `${username} is an administrator.`,
      withdraw: "Withdraw administrator",
      withdrawn: (username: string) => `${username} is no longer an administrator.`,
      link: "Create password link",
      remove: "Remove…",
      removed: (username: string) => `${username} is removed.`,
      removeHeading: (username: string) => `Remove ${username}?`,
      removeExplain:
        "Notes and comments of this person stay. Private boards that only this person owns pass to another member; those without other members are deleted. Nobody can use the username again. You cannot undo this.",
      removeConfirm: "Remove account permanently",
      keep: "Keep account",
    },

    activity: {
      heading: "Activity",
      record: (action: string, by: string | undefined, target: string | undefined) => {
        const who = by ?? "The operator";
        switch (action) {
          case "create-administrator":
            return `${target} created the first account.`;
          case "invite":
            return `${who} created an invitation.`;
          case "revoke-invitation":
            return `${who} revoked an invitation.`;
          case "join":
            return `${target} joined with an invitation by ${by ?? "the operator"}.`;
          case "disable":
            return `${who} disabled ${target}.`;
          case "enable":
            return `${who} enabled ${target}.`;
          case "remove":
            return `${who} removed ${target}.`;
          case "grant":
            return `${who} made ${target} an administrator.`;
          case "withdraw":
            return `${target} is no longer an administrator, by ${by ?? "the operator"}.`;
          case "make-password-link":
            return `${who} created a password link for ${target}.`;
          case "use-password-link":
            return `${target} set a new password with a link.`;
          default:
            return `${who}: ${action} ${target ?? ""}`;
        }
      },
    },
  },

  strength: {
    label: "Strength",
    levels: ["Very weak", "Weak", "Fair", "Strong", "Very strong"],
    hint: (level: string, advice: string | undefined) => (advice === undefined ? `${level}.` : `${level}: ${advice}.`),
    /** Shown if the server names no weakness. */
    longer: "use three or four unrelated words",
    weaknesses: {
      "very-common": "it is one of the 100 most common passwords",
      common: "it is a common password",
      "similar-to-common": "it is similar to a common password",
      "known-word": "it is little more than your name or the name of this site",
      word: "it is a single word",
      name: "it is a name",
      "contains-name": "names are easy to guess",
      "keyboard-row": "it is a row of keys on the keyboard",
      "keyboard-pattern": "it is a pattern on the keyboard",
      "repeated-character": "it repeats a character",
      "repeated-text": "it repeats itself",
      sequence: "it is a sequence, such as abc or 6543",
      year: "years are easy to guess",
      date: "dates are easy to guess",
    },
  },
} as const;
