import { readFile } from "node:fs/promises";
import { MIB } from "../../base/bytes.ts";
import { type HlsPlaylist, readHlsPlaylist } from "../../content/hls-playlist.ts";
import { normalizePath } from "../../content/url-path.ts";
import type { ListedFile } from "../list-files.ts";
import { readMpdInits } from "./mpd-inits.ts";

/** What the playlists of a folder say about its files, each by its path in the manifest. */
export interface NamedFiles {
  /** Complete, and in a player's reach. */
  readonly complete: ReadonlySet<string>;
  /** True for an initialization segment: it is named once and needed for as long as the stream goes on. */
  isInit(path: string): boolean;
  isKey(path: string): boolean;
  /** True for a file of a kind that is complete only once a playlist names it. */
  awaitsName(path: string): boolean;
}

type Playlist =
  | { readonly kind: "hls"; readonly names: HlsPlaylist }
  | { readonly kind: "mpd"; readonly isInit: (name: string) => boolean };

/** A playlist of a whole day in segments of one second has about 4 MiB. */
const MAX_PLAYLIST_BYTES = 16 * MIB;
/** Of folders that come and go, so many are remembered. */
const MAX_FORMER_KINDS = 1024;
const NOWHERE = "https://folder.invalid/";

/** Keeps what the playlists of a folder say, and reads again those that changed. */
export class Playlists {
  readonly #base: string;
  readonly #known = new Map<string, { readonly fingerprint: string; readonly playlist: Playlist }>();
  /** Kinds of files that playlists name, then those they named before: a packager that starts anew removes its own. */
  #namedKinds: readonly string[] = [];
  readonly #keys = new Set<string>();

  /** `base` is the URL that the folder is served at, when it is known: a playlist may name its files by it. */
  constructor(base: string | undefined) {
    this.#base = base ?? NOWHERE;
  }

  /** @param files all files of the folder */
  async read(files: readonly ListedFile[]): Promise<NamedFiles> {
    const playlists = files.filter(({ name }) => isPlaylist(name));
    const paths = new Set(playlists.map(({ path }) => path));
    for (const path of this.#known.keys()) if (!paths.has(path)) this.#known.delete(path);
    for (const file of playlists) {
      if (this.#known.get(file.path)?.fingerprint === file.fingerprint) continue;
      const playlist = await readPlaylist(file);
      // What cannot be read is being written: until then it says what it last said.
      if (playlist) this.#known.set(file.path, { fingerprint: file.fingerprint, playlist });
    }
    return this.#names(new Set(files.map(({ path }) => path)));
  }

  #names(existing: ReadonlySet<string>): NamedFiles {
    const complete = new Set<string>();
    const inits = new Set<string>();
    const patterns: ((name: string) => boolean)[] = [];
    const kinds = new Set<string>();
    for (const path of this.#keys) if (!existing.has(path)) this.#keys.delete(path);
    for (const [playlistPath, { playlist }] of this.#known) {
      if (playlist.kind === "mpd") {
        patterns.push(playlist.isInit);
        continue;
      }
      const { segments, inits: maps, unfinished, keys } = playlist.names;
      const pathOf = (uri: string) => this.#pathOf(uri, { playlistPath, existing });
      for (const uri of maps) inits.add(pathOf(uri));
      for (const uri of [...segments, ...maps]) complete.add(pathOf(uri));
      for (const uri of unfinished) kinds.add(kindOf(pathOf(uri)));
      for (const uri of keys) this.#keys.add(pathOf(uri));
    }
    for (const path of complete) kinds.add(kindOf(path));
    const former = this.#namedKinds.filter((kind) => !kinds.has(kind));
    this.#namedKinds = [...kinds, ...former.slice(0, MAX_FORMER_KINDS)];
    const awaiting = new Set(this.#namedKinds);
    return {
      complete,
      isInit: (path) => inits.has(path) || patterns.some((matches) => matches(lastPart(path))),
      isKey: (path) => this.#keys.has(path) || /\.key$/i.test(path),
      awaitsName: (path) => awaiting.has(kindOf(path)),
    };
  }

  /** The path of the file that a playlist means by a URI. */
  #pathOf(uri: string, about: { playlistPath: string; existing: ReadonlySet<string> }): string {
    const from = this.#base + about.playlistPath;
    const { href } = URL.canParse(uri, from) ? new URL(uri, from) : new URL(from);
    const url = href.replace(/[?#].*$/, "");
    const path = url.startsWith(this.#base) ? normalizePath(url.slice(this.#base.length)) : "";
    const isAbsolute = /^(\/|[a-z][a-z0-9+.-]*:)/i.test(uri);
    if (!isAbsolute || about.existing.has(path)) return path;
    // Where the folder is served, nobody told us; what its playlist names lies beside it as a rule.
    return normalizePath(folderOf(about.playlistPath) + lastPart(url));
  }
}

export function isPlaylist(name: string): boolean {
  return isHls(name) || /\.mpd$/i.test(name);
}

function isHls(name: string): boolean {
  return /\.m3u8?$/i.test(name);
}

async function readPlaylist(file: ListedFile): Promise<Playlist | undefined> {
  if (file.sizeBytes > MAX_PLAYLIST_BYTES) return undefined;
  const text = await readFile(file.location, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  if (isHls(file.name)) {
    const names = readHlsPlaylist(text);
    return names && { kind: "hls", names };
  }
  const isInit = readMpdInits(text);
  return isInit && { kind: "mpd", isInit };
}

/** Files of one folder and extension are of a kind: what names some of them will name the others in their turn. */
function kindOf(path: string): string {
  const name = lastPart(path);
  return `${folderOf(path)} ${/\.[^.]*$/.exec(name)?.[0].toLowerCase() ?? ""}`;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** With its slash, or empty. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
