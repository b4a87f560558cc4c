import { createHash } from "node:crypto";
import { open, realpath, stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";

/** Something that can be served: a file on disk or bytes in memory. */
export interface StaticFile {
  readonly sizeBytes: number;
  readonly mediaType: string;
  readonly etag: string;
  readonly lastModified: Date;
  readonly contentEncoding?: string;
  /** Bytes [start, end) in blocks of at most `blockBytes`. */
  read(start: number, end: number, blockBytes: number): AsyncIterable<Uint8Array>;
}

export interface StaticFilesOptions {
  /** Directory served at `/`. */
  readonly root?: string | undefined;
  /** Directories served below other paths, for example `{ "/sdk/": "packages/sdk/dist" }`. */
  readonly mounts?: Readonly<Record<string, string>> | undefined;
  /** Bytes served at a path, before any directory is looked at; may change at any time. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The file at a URL's path, if there is one. Directories give their `index.html`. */
export async function findFile(path: string, options: StaticFilesOptions): Promise<StaticFile | undefined> {
  for (const name of path.endsWith("/") ? [path, `${path}index.html`] : [path]) {
    const held = options.files.get(name);
    if (held) return inMemory(name, held);
  }
  // The longest mount wins, so that `/sdk/extra/` can lie inside `/sdk/`.
  const mounts = Object.entries(options.mounts ?? {}).sort(([a], [b]) => b.length - a.length);
  for (const [prefix, directory] of mounts) {
    if (path.startsWith(prefix)) return onDisk(directory, path.slice(prefix.length));
  }
  return options.root === undefined ? undefined : onDisk(options.root, path);
}

export function mediaTypeOf(path: string): string {
  return MEDIA_TYPES[extname(path).toLowerCase()] ?? "application/octet-stream";
}

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".txt": "text/plain; charset=utf-8",
  ".md": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".webp": "image/webp",
  ".gif": "image/gif",
  ".ico": "image/x-icon",
  ".wasm": "application/wasm",
  ".glb": "model/gltf-binary",
  ".mp4": "video/mp4",
  ".m4s": "video/iso.segment",
  ".webm": "video/webm",
  ".ts": "video/mp2t",
  ".mp3": "audio/mpeg",
  ".vtt": "text/vtt",
  ".m3u8": "application/vnd.apple.mpegurl",
  ".mpd": "application/dash+xml",
  ".woff2": "font/woff2",
};

async function onDisk(directory: string, path: string): Promise<StaticFile | undefined> {
  const name = normalize(path);
  if (name.includes("\0") || name.split(/[\\/]/).includes("..")) return undefined;
  let file = join(directory, name);
  try {
    if ((await stat(file)).isDirectory()) file = join(file, "index.html");
    // A symbolic link must not lead out of the directory either.
    const real = await realpath(file);
    if (!real.startsWith((await realpath(directory)) + sep)) return undefined;
    const info = await stat(real);
    if (!info.isFile()) return undefined;
    return {
      sizeBytes: info.size,
      mediaType: mediaTypeOf(file),
      etag: `"${info.size.toString(16)}-${Math.trunc(info.mtimeMs).toString(16)}"`,
      lastModified: info.mtime,
      read: (start, end, blockBytes) => readBlocks(real, start, end, blockBytes),
    };
  } catch {
    return undefined;
  }
}

async function* readBlocks(file: string, start: number, end: number, blockBytes: number) {
  const handle = await open(file, "r");
  try {
    for (let at = start; at < end; ) {
      const block = Buffer.allocUnsafe(Math.min(blockBytes, end - at));
      const { bytesRead } = await handle.read(block, 0, block.byteLength, at);
      if (bytesRead === 0) return;
      yield block.subarray(0, bytesRead);
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/** When the bytes in memory were first served: they have no date of their own. */
const firstServed = new WeakMap<Uint8Array, { readonly etag: string; readonly lastModified: Date }>();

function inMemory(path: string, bytes: Uint8Array): StaticFile {
  let known = firstServed.get(bytes);
  if (!known) {
    const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
    known = { etag: `"${digest}"`, lastModified: new Date() };
    firstServed.set(bytes, known);
  }
  return {
    sizeBytes: bytes.byteLength,
    mediaType: mediaTypeOf(path),
    ...known,
    async *read(start, end, blockBytes) {
      for (let at = start; at < end; at += blockBytes)
        yield bytes.subarray(at, Math.min(end, at + blockBytes));
    },
  };
}
