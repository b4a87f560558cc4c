import { createHash } from "node:crypto";
import type { FilmSite } from "./film-site.ts";
import type { PlayerReport } from "./page/player-watch.ts";

/** What the player was handed, and how much of it is not what the site serves. */
export interface HandedBytes {
  readonly handed: number;
  /** Bytes of whole segments: one wrong bit spoils all of one. */
  readonly wrong: number;
}

/** Compares the SHA-256 of every segment that players were handed with that of the file. */
export function wrongBytes(site: FilmSite, reports: readonly PlayerReport[]): HandedBytes {
  const hashes = new Map(site.segments.map(({ path }) => [path, sha256(site.files.get(path))]));
  const segments = reports.flatMap((report) => report.segments).filter(({ path }) => hashes.has(path));
  const bytesOf = (list: typeof segments) => list.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    handed: bytesOf(segments),
    wrong: bytesOf(segments.filter(({ path, sha256 }) => hashes.get(path) !== sha256)),
  };
}

function sha256(bytes: Uint8Array | undefined): string {
  return createHash("sha256")
    .update(bytes ?? new Uint8Array())
    .digest("hex");
}
