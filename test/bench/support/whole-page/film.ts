import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Asset } from "../../../e2e/support/page-with-assets.ts";

const CACHE = fileURLToPath(new URL("../../../../node_modules/.cache/rivulet-media/", import.meta.url));
/** Part of the file's name: what other commands made is not taken for it. */
const VERSION = 1;
const SECONDS = 60;
/** 20 MB in a minute; the pictures are padded to it. */
const BITS_PER_SECOND = 2_670_000;

/** A film of a minute and 20 MB in one file with its index at the front; made once, by ffmpeg. */
export function wholeFilm(): Asset {
  const file = join(CACHE, `whole-film-${VERSION}.mp4`);
  if (!existsSync(file)) encode(file);
  const bytes = readFileSync(file);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { path: "/assets/film.mp4", kind: "video", bytes, sha256 };
}

/** Under another name first: what was interrupted must not be taken for whole. */
function encode(file: string): void {
  console.error("Encoding a film with ffmpeg …");
  mkdirSync(CACHE, { recursive: true });
  const draft = `${file}.${process.pid}.mp4`;
  const rate = String(BITS_PER_SECOND);
  const { status, stderr, error } = spawnSync(
    process.env.FFMPEG_PATH ?? "ffmpeg",
    [
      ...["-hide_banner", "-loglevel", "error", "-y"],
      ...["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=24,noise=alls=24:allf=t", "-t", String(SECONDS)],
      ...["-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-profile:v", "main"],
      ...["-b:v", rate, "-minrate", rate, "-maxrate", rate, "-bufsize", rate],
      ...["-x264-params", "nal-hrd=cbr", "-g", "48", "-keyint_min", "48", "-sc_threshold", "0"],
      ...["-movflags", "+faststart", draft],
    ],
    { encoding: "utf8" },
  );
  if (status !== 0)
    throw new Error(
      `ffmpeg failed: ${error?.message ?? stderr}. Install it, or say where it is with FFMPEG_PATH.`,
    );
  renameSync(draft, file);
}
