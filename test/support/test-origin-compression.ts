import type { IncomingMessage } from "node:http";
import { gzipSync } from "node:zlib";
import type { StaticFile } from "./static-files.ts";

/** Media is compressed already. */
const WORTH_IT = /^(text\/|application\/(json|vnd\.apple\.mpegurl|dash\+xml)|image\/svg)/;
const MAX_KEPT = 64;

/** The compressed forms of texts, as a CDN keeps them. */
export class CompressedFiles {
  readonly #files = new Map<string, StaticFile>();

  /** The file as it goes out to who takes gzip: itself when that is no gain, or a part of it is asked for. */
  async of(file: StaticFile, { headers }: IncomingMessage): Promise<StaticFile> {
    const takesGzip = String(headers["accept-encoding"] ?? "").includes("gzip");
    if (!takesGzip || headers.range !== undefined || !WORTH_IT.test(file.mediaType)) return file;
    const key = `${file.etag} ${file.mediaType}`;
    let compressed = this.#files.get(key);
    if (!compressed) {
      compressed = await compress(file);
      this.#files.set(key, compressed);
      for (const oldest of this.#files.keys()) {
        if (this.#files.size <= MAX_KEPT) break;
        this.#files.delete(oldest);
      }
    }
    return compressed;
  }
}

async function compress(file: StaticFile): Promise<StaticFile> {
  const parts: Uint8Array[] = [];
  for await (const part of file.read(0, file.sizeBytes, file.sizeBytes || 1)) parts.push(part);
  const bytes = gzipSync(Buffer.concat(parts), { level: 9 });
  return {
    ...file,
    sizeBytes: bytes.byteLength,
    etag: file.etag.replace(/"$/, '-gzip"'),
    contentEncoding: "gzip",
    async *read(start, end, blockBytes) {
      for (let at = start; at < end; at += blockBytes)
        yield bytes.subarray(at, Math.min(end, at + blockBytes));
    },
  };
}
