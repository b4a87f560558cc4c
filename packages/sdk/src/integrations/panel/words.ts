/**
 * Every word that the panel shows, in English and German, or in both. What is in braces is filled in; it may stand
 * anywhere in the text, or be left out.
 */
const TABLE = {
  label: ["Rivulet’s figures", "Zahlen von Rivulet"],
  close: ["Close", "Schließen"],
  offload: [
    "of this page’s bytes came from other viewers",
    "der Bytes dieser Seite kamen von anderen Besuchern",
  ],
  peers: ["Peers"],
  origin: ["Origin"],
  /** What this browser kept from an earlier visit. */
  store: ["Stored", "Lokal"],
  health: ["Health", "Zustand"],
  state: ["State", "Status"],
  tab: ["Tab"],
  tracker: ["Tracker"],
  uploaded: ["Uploaded", "Hochgeladen"],
  wasted: ["Thrown away", "Verworfen"],
  problems: ["Problems", "Probleme"],
  peer: ["Peer"],
  down: ["Down", "Ab"],
  up: ["Up", "Auf"],
  received: ["Received", "Erhalten"],
  sent: ["Sent", "Gegeben"],
  resources: ["Resources", "Ressourcen"],
  resource: ["Resource", "Ressource"],
  events: ["Events", "Ereignisse"],
  copy: ["Copy", "Kopieren"],
  copied: ["Copied", "Kopiert"],
  pressCopy: ["Press Ctrl+C", "Strg+C drücken"],
  /** Of bytes, and of 1000, 1000², 1000³ and 1000⁴ of them. */
  units: ["B kB MB GB TB"],
  "state:starting": ["starting", "startet"],
  "state:running": ["running", "läuft"],
  "state:origin-only": ["origin only", "nur Origin"],
  "state:destroyed": ["ended", "beendet"],
  "role:": ["on its own", "allein"],
  "role:leader": ["leader", "führt"],
  "role:follower": ["follower", "folgt"],
  "tracker:off": ["off", "aus"],
  "tracker:connecting": ["connecting", "verbindet"],
  "tracker:up": ["up", "verbunden"],
  "tracker:down": ["down", "getrennt"],
  "event:peer-connected": ["{peer} connected", "{peer} verbunden"],
  "event:peer-disconnected": ["{peer} left: {reason}", "{peer} gegangen: {reason}"],
  "event:peer-banned": ["{peer} banned: {reason}", "{peer} gesperrt: {reason}"],
  "event:tracker": ["Tracker: {state}"],
  "event:pieces": [
    "Pieces: {count}, {bytes} (peers {peer}, origin {origin}, stored {store})",
    "Pieces: {count}, {bytes} (Peers {peer}, Origin {origin}, gespeichert {store})",
  ],
} as const;

const LANGUAGES = ["en", "de"];

/** All words of the panel, in one language. */
export type Words = Readonly<Record<keyof typeof TABLE, string>>;

/** `en` of `en-GB`, and of what a page may write and `Intl` would throw at, such as `en_GB`. */
function primary(language: string): string {
  return language.slice(0, 2).toLowerCase();
}

/**
 * The language asked for; else the page's or the browser's, whichever of them the panel speaks; else English. One that
 * is asked for and not built in has English words where `wanted` has none.
 */
export function chooseWords(
  wanted: { readonly language?: string | undefined; readonly words?: Partial<Words> | undefined },
  found: readonly string[],
): { readonly language: string; readonly words: Words } {
  const language = wanted.language ?? found.map(primary).find((each) => LANGUAGES.includes(each)) ?? "en";
  const column = Math.max(0, LANGUAGES.indexOf(primary(language)));
  const words = Object.entries(TABLE).map(([key, texts]) => [key, texts[column] ?? texts[0]]);
  return { language, words: { ...Object.fromEntries(words), ...wanted.words } };
}

/** Puts values where the text has their names in braces. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}
