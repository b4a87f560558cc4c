import { formatBytes } from "../../panel/format.ts";

export interface Trouble {
  readonly code: string;
  readonly title: string;
  readonly text: string;
  /** What the person may press; none where the page goes on by itself. */
  readonly remedy?: "reload" | "send-again" | undefined;
}

/** What the page reads of an error: Rivulet's own, or a foreign one, which has no code. */
interface Told {
  readonly code?: unknown;
  readonly message: string;
}

type Words = Omit<Trouble, "code">;

/** The words for what a person can do something about; `message` is the error's own, which knows the particulars. */
const WORDS: Readonly<Record<string, (message: string) => Words>> = {
  "bad-link": () => ({
    title: "This link is not complete",
    text: "A part of it was lost or changed on its way. Ask for it once more, and copy all of it.",
  }),
  "unsupported-browser": () => ({
    title: "This browser cannot connect to others",
    text: "It has no WebRTC, or it is switched off. Use a current Chrome, Edge, Firefox or Safari.",
  }),
  "insecure-context": () => ({
    title: "This page needs https",
    text: "It was opened with http, and there browsers refuse what is needed to keep files private. Open it with https://.",
  }),
  "storage-full": (message) => ({ title: "There is not enough space", text: message, remedy: "reload" }),
  "storage-unavailable": (message) => ({
    title: "Files are kept in memory",
    text: `${message} Save the files before you close the page: they are gone with it.`,
  }),
  "share-open-elsewhere": () => ({
    title: "Open in another tab",
    text: "This link is open in another tab of this browser. Go on there, or close that tab and try again here.",
    remedy: "reload",
  }),
  // Which of several it was, the message says: somebody in between, somebody without the link, or another version.
  "peer-untrusted": (message) => ({
    title: "A connection was not to be trusted, and was closed",
    text: message,
  }),
  "password-wrong": () => ({
    title: "Somebody typed a wrong password",
    text: "Nothing was sent to them. They can try again.",
  }),
  "file-changed": (message) => ({
    title: "A file was changed after it was shared",
    text: message,
    remedy: "send-again",
  }),
  "storage-corrupt": (message) => ({ title: "A received file was damaged", text: message }),
  "file-unreadable": (message) => ({ title: "A file cannot be read", text: message, remedy: "send-again" }),
  "file-unwritable": (message) => ({ title: "A file cannot be written", text: message }),
  "worker-unavailable": () => ({
    title: "A part of this page is missing",
    text: "Its script for files could not be loaded. Check your connection, and load the page again.",
    remedy: "reload",
  }),
  "signaling-refused": (message) => ({
    title: "The signaling server refuses this page",
    text: message,
    remedy: "reload",
  }),
  "protocol-version": () => ({
    title: "Two versions of this page",
    text: "The other side uses another version. Both should load the page again.",
    remedy: "reload",
  }),
  "share-malformed": () => ({
    title: "The list of files makes no sense",
    text: "What the other side says it sends cannot be. Ask for a new link.",
  }),
};

/** What to tell of something that went wrong. */
export function troubleOf(error: unknown): Trouble {
  const told: Told = error instanceof Error ? error : { message: String(error) };
  const { code } = told;
  const message = readable(told.message);
  const known = typeof code === "string" && Object.hasOwn(WORDS, code) ? WORDS[code] : undefined;
  if (typeof code === "string" && known) return { code, ...known(message) };
  return { code: String(code ?? "unknown"), title: "Something went wrong", text: message, remedy: "reload" };
}

/** Counts of bytes as people read them. */
function readable(message: string): string {
  return message.replace(/\b(\d{4,}) bytes\b/g, (_, bytes: string) => formatBytes(Number(bytes)));
}

export const NO_DISK: Trouble = {
  code: "storage-unavailable",
  title: "Files are kept in memory",
  text: "This browser does not let the page write to the disk, as in a private window. Files that are larger than the memory cannot be received, and all are gone when the page is closed: save them before.",
};

export const SERVER_DOWN: Trouble = {
  code: "signaling-down",
  title: "The signaling server cannot be reached; trying again.",
  text: "Who is connected already stays so. Nobody new can be found until it answers.",
};

/** Whether the page can do anything at all in this browser. */
export function troubleHere(): Trouble | undefined {
  if (!isSecureContext) return troubleOf(coded("insecure-context"));
  if (!("RTCPeerConnection" in globalThis)) return troubleOf(coded("unsupported-browser"));
  return undefined;
}

function coded(code: string): Error {
  return Object.assign(new Error(code), { code });
}
