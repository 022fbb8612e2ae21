// Every word that the page says, in English. A translation is another file like this one.

// Numbers and dates are put into words here and not by `Intl`, whose first use keeps a browser busy for longer than all else
// that it does to open the page.

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"];

const twoDigits = (count: number): string => String(count).padStart(2, "0");

const day = (date: Date): string => `${date.getDate()} ${MONTHS[date.getMonth()]} ${date.getFullYear()}`;
const moment = (date: Date): string => `${day(date)}, ${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
/** Years first: that is how files with dates in their names are in order. */
const isoDay = (date: Date): string =>
  `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;

/** A number with a comma before each three digits. */
const grouped = (count: number): string => {
  const [whole = "", ...decimals] = String(count).split(".");
  return [whole.replace(/\B(?=(\d{3})+$)/g, ","), ...decimals].join(".");
};

const list = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;

/** A number of bytes, as a person would say it. */
const size = (bytes: number): string =>
  bytes < 1e6 ? `${grouped(Math.ceil(bytes / 1e3))} kB` : `${grouped(Math.ceil(bytes / 1e5) / 10)} MB`;

/** A number with its noun. */
const counted = (count: number, one: string, many: string): string => `${grouped(count)} ${count === 1 ? one : many}`;

export const words = {
  name: "Notes",
  opening: "Opening…",
  tryAgain: "Try again",
  skip: "Skip to the content",
  importedBy: "Imported by ",
  /** A window's title. */
  windowOf: (view: string) => `${view} – Notes`,

  time: {
    justNow: "just now",
    ago: (count: number, unit: "minute" | "hour" | "day") => `${counted(count, unit, `${unit}s`)} ago`,
    date: day,
    moment,
  },

  problem: {
    unreachable: "Notes cannot be reached. Check your connection and try again.",
    notLive: "This needs the live connection, which is down. Try again once the page says “Connected”.",
    fields: "See what is marked below.",
    unexplained: (status: number) => `Something went wrong (${status}). Try again in a moment.`,
  },

  connection: {
    connecting: "Connecting…",
    connected: "Connected",
    polling: "Not live: changes show every 10 seconds",
    offline: "Offline: changes will show when the connection is back",
  },

  newer: {
    there: "A newer version of this page is there. Save what you are writing, then load it.",
    load: "Load it",
  },

  session: {
    signOut: "Sign out",
    accountOf: (username: string) => `Your account, ${username}`,
    unsaved: (count: number) =>
      `${counted(count, "text", "texts")} you wrote could not be saved yet. Signing out deletes ${count === 1 ? "it" : "them"} from this browser.`,
    signOutAnyway: "Sign out and delete",
    stay: "Stay signed in",
  },

  accounts: {
    signIn: "Sign in",
    ended: "Your session has ended. Sign in to go on where you were.",
    newHere: "New here?",
    makeOne: "Make an account",
    make: "Make the account",
    haveOne: "Have an account?",
    username: "Username",
    usernameHint: "3 to 32 letters, digits, _ or -",
    displayName: "Name that others see",
    password: "Password",
    passwordHint: "8 to 128 characters",
    code: "Sign-up code",
    codeHint: "Your team has it",
    optional: "(optional)",
    fieldError: (label: string, error: string) => `${label} ${error}.`,
    gone: "(account deleted)",
  },

  list: {
    heading: "All notes",
    count: (count: number) => counted(count, "note", "notes"),
    newNote: "New note",
    find: "Find a note by its title",
    found: (count: number) =>
      count === 0 ? "No title has these words." : counted(count, "title found", "titles found"),
    searching: "Looking through older notes…",
    loading: "Loading the list…",
    unreachable: "The list could not be loaded. It will show when the connection is back.",
    empty: "There are no notes yet.",
    emptyHint: "Write the first one: everyone who is signed in sees it appear.",
    above: (count: number) => counted(count, "change above", "changes above"),
    changedBy: (editor: string) => `by ${editor}`,
  },

  unsaved: {
    heading: "Not saved yet",
    untitled: "Without a title",
  },

  home: {
    heading: "Notes",
    hint: "Choose a note from the list, or write a new one.",
    keys: "Press ? for all keys.",
    unknown: "Nothing here",
    unknownHint: "This address leads to no note.",
  },

  note: {
    opening: "Opening the note…",
    none: "No such note",
    noneHint: "It was deleted, or it never was.",
    deleted: "This note was deleted",
    deletedHint: ["Someone deleted ", " while it was open here."],
    backToList: "Back to the list",
    edit: "Edit",
    delete: "Delete",
    editedBy: ", edited by ",
    changedBy: (editor: string) => `${editor} changed this note.`,
    newlyImported: (importer: string) => `${importer} imported this note.`,
    kept: "This is how the note stood when it was read here last.",
    outdated: "This note has changed, but how it stands now could not be read.",
    asWritten: "This text is too long or too intricate to be laid out. It is shown as it was written.",
    table: "Table",
    done: "Done",
    blank: "There is nothing in this note but its title.",
    alsoHere: (names: readonly string[], more: number) =>
      `Also here: ${list(more > 0 ? [...names, counted(more, "other", "others")] : names)}`,
  },

  comments: {
    heading: "Comments",
    write: "Write a comment",
    add: "Add the comment",
    count: (count: number, most: number) => `${count} of ${most} characters`,
    tooLong: (most: number) => `must be 1 to ${most} characters`,
    error: (error: string) => `The comment ${error}.`,
    none: "There are no comments yet.",
    loading: "Loading the comments…",
    delete: "Delete",
    deleteOf: (author: string) => `Delete the comment of ${author}`,
    older: "Older comments",
    newBy: (author: string, message: string, importer: string | undefined) =>
      importer === undefined
        ? `New comment by ${author}: ${message}`
        : `${importer} imported a comment by ${author}: ${message}`,
    deletedOf: (author: string) => `A comment by ${author} was deleted.`,
  },

  editor: {
    newNote: "New note",
    editNote: "Edit note",
    resumed: "This is what you had begun to write. It is not saved yet.",
    title: "Title",
    text: "Text",
    textHint: "Markdown: **bold**, *italic*, `code`, - list, # heading",
    preview: "Preview",
    nothingToPreview: "What you write is shown here.",
    done: "Save",
    discard: "Discard",
    back: "Back",
    saving: {
      blank: "",
      saved: "Saved",
      unsaved: "Not saved yet",
      saving: "Saving…",
      offline: "Offline: kept in this browser, and sent when the connection is back",
      untitled: "Not saved yet: a note needs a title",
      stopped: "Not saved",
    },
  },

  conflict: {
    changed: "Someone changed this note while you were writing",
    deleted: "Someone deleted this note while you were writing",
    leftBy: ["As ", " left it, beside what you wrote"],
    explain: "Your text is below, not saved yet. You can go on writing before you choose.",
    differences: "What differs",
    theirs: "Theirs",
    mine: "Yours",
    alike: (lines: number) => `${counted(lines, "line", "lines")} alike`,
    more: (lines: number) => `${counted(lines, "more line differs", "more lines differ")}`,
    merge: "Put both together",
    mergedCleanly: "Both changes are in the text below now. Look it over; it is saved with Save.",
    mergedWithMarks: (count: number) =>
      `Both changes are in the text below now. ${counted(count, "place was", "places were")} changed by both: they are marked, one after the other. Tidy them up, then Save.`,
    markMine: "yours",
    markTheirs: "theirs",
    saveMine: "Save mine over it",
    saveMineAnew: "Save mine as a new note",
    keepTheirs: "Keep theirs, drop mine",
    dropMine: "Drop mine",
    comparing: "Comparing…",
  },

  deletion: {
    deleted: (title: string) => `“${title}” is deleted.`,
    undo: "Undo",
    now: "Delete now",
    failed: (title: string) => `“${title}” was not deleted.`,
    changed: "It has just been changed.",
    look: "Look at it",
    dismiss: "Dismiss",
  },

  theme: {
    label: "Theme",
    system: "System",
    light: "Light",
    dark: "Dark",
  },

  keys: {
    heading: "Keys",
    open: "Keys (?)",
    close: "Close",
    single: "Single keys work, where no text is being typed",
    what: {
      "?": "Show these keys",
      n: "Write a new note",
      "/": "Find a note",
      j: "Open the next note",
      k: "Open the note before",
      e: "Edit the note",
      "#": "Delete the note",
      g: "Go to the list",
    },
    always: [
      ["Ctrl Enter", "Save, and read the note"],
      ["Esc", "Leave the editor, or close this"],
      ["Tab", "To the next link, button or field"],
    ],
  },

  account: {
    heading: "Account",
    you: "Who you are",
    show: ["Show", " the password"],

    sessions: {
      heading: "Where you are signed in",
      loading: "Looking where you are signed in…",
      device: (browser: string | undefined, system: string | undefined) =>
        browser && system ? `${browser} on ${system}` : (browser ?? system ?? "Something unknown"),
      current: "this one",
      at: (address: string) => `at ${address}`,
      seen: "last seen ",
      begun: "signed in ",
      expires: (date: Date) => `until ${moment(date)}`,
      end: "End",
      endOf: (device: string) => `End the session of ${device}`,
      ended: (device: string) => `The session of ${device} is ended.`,
      endOthers: "End all others",
      othersEnded: "All other sessions are ended.",
    },

    password: {
      heading: "Another password",
      current: "Current password",
      new: "New password",
      explain: "Wherever else you are signed in, you will be signed out.",
      change: "Change the password",
      changed: "The password is changed. All other sessions are ended.",
    },

    export: {
      heading: "Export",
      explain: "All notes with their comments, in a file of lines of JSON.",
      begin: "Export all notes",
      name: (date: Date) => `notes-${isoDay(date)}.ndjson`,
      progress: "How far the export is",
      running: (notes: number) => `${counted(notes, "note", "notes")} so far`,
      done: (notes: number) => `${counted(notes, "note", "notes")} exported.`,
      save: (name: string, bytes: number) => `Save ${name} (${size(bytes)})`,
    },

    import: {
      heading: "Import",
      explain: "Puts back what was exported. What is there already stays as it is, so it may be repeated.",
      file: "File of an export",
      begin: "Import the file",
      progress: "How far the import is",
      running: (name: string) => `Importing ${name}. You can go on with your notes meanwhile; leave this page open.`,
      so: (created: number, skipped: number, refused: number) =>
        `${counted(created + skipped + refused, "line", "lines")}: ${grouped(created)} imported, ${grouped(skipped)} there already, ${grouped(refused)} refused`,
      done: (name: string, refused: number) =>
        refused === 0
          ? `${name} is imported.`
          : `${name} is imported. ${counted(refused, "line was", "lines were")} refused: see why below.`,
      allRefused: (name: string) => `Nothing was imported: every line of ${name} was refused. See why below.`,
      nothing: (name: string, reason: string) => `Nothing was imported: ${name} ${reason}.`,
      empty: "is empty",
      utf16: "is in UTF-16. Save it in UTF-8, then import it again",
      binary: "is not a text file. If it is compressed, unpack it first",
      array: "is one JSON array. An export has one note or comment on each line",
      noLines: "has no line that is a note or a comment. Choose a file that Export made",
      noFile: "cannot be read. If it is a folder, choose a file in it",
      refused: "Lines that were refused",
      line: (line: number, key: string | undefined, why: string) =>
        `Line ${grouped(line)}${key === undefined ? "" : ` (${key})`}: ${why}`,
      more: (count: number) => `and ${counted(count, "other line", "other lines")}`,
      tooLong: "this is longer than any note",
      unreadable: "The file cannot be read any more. It was moved or changed. Choose it again.",
    },

    transfer: {
      cancel: "Cancel",
      cancelled: "Cancelled.",
      goOn: "Go on",
    },

    deletion: {
      heading: "Delete the account",
      explain: "Your notes and comments stay. Nobody can have your username again, and there is no way back.",
      unsaved: (count: number) =>
        `${counted(count, "text", "texts")} you wrote could not be saved yet. Deleting the account deletes ${count === 1 ? "it" : "them"}, too.`,
      ask: "Delete the account…",
      confirm: "Delete the account for ever",
      password: "Your password",
      keep: "Keep it",
    },
  },

  strength: {
    label: "How soon it would be guessed",
    levels: ["Guessed at once", "Guessed soon", "Could be stronger", "Strong", "Very strong"],
    said: (level: string, advice: string | undefined) => (advice === undefined ? `${level}.` : `${level}: ${advice}.`),
    /** Where nothing is known that makes it weak. */
    longer: "three or four words that have nothing to do with each other are better",
    weaknesses: {
      straightRow: "it is a row of keys",
      keyPattern: "it is a pattern on the keyboard",
      simpleRepeat: "it repeats a character",
      extendedRepeat: "it repeats itself",
      sequences: "it is a sequence, such as abc or 6543",
      recentYears: "years are tried early",
      dates: "dates are tried early",
      topTen: "it is one of the ten passwords tried first",
      topHundred: "it is one of the hundred passwords tried first",
      common: "it is a common password",
      similarToCommon: "it is much like a common password",
      wordByItself: "it is a single word",
      namesByThemselves: "it is a name",
      commonNames: "names are tried early",
      userInputs: "it is much like your name",
      pwned: "it is known from a leak",
    },
  },
} as const;
