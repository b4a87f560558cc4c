import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AUDIO_BITS_PER_SECOND, type MediaRecipe, type Rendition } from "./media-recipes.ts";

const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/rivulet-media/", import.meta.url));
const FRAMES_PER_SECOND = 24;
/** Changes when the commands below do: what an older version made is then not taken for it. */
const VERSION = 1;

/** One stream's files by their name below its folder, such as `main/000.m4s`. */
export interface Media {
  readonly recipe: MediaRecipe;
  readonly folder: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The names of the media segments, in order, by rendition; no initialisation segments among them. */
  readonly segments: ReadonlyMap<string, readonly string[]>;
}

/** Encodes a stream, or takes it from the cache, and reads it. */
export async function openMedia(recipe: MediaRecipe): Promise<Media> {
  const digest = createHash("sha256")
    .update(JSON.stringify([VERSION, recipe]))
    .digest("hex");
  const folder = join(CACHE, `${recipe.name}-${recipe.container}-${digest.slice(0, 10)}`);
  if (!existsSync(folder)) encode(recipe, folder);
  const files = new Map<string, Uint8Array>();
  for (const { name } of recipe.renditions)
    for (const file of (await readdir(join(folder, name))).sort())
      files.set(`${name}/${file}`, new Uint8Array(await readFile(join(folder, name, file))));
  files.set("master.m3u8", new Uint8Array(await readFile(join(folder, "master.m3u8"))));
  const segments = new Map(
    recipe.renditions.map(({ name }) => [name, [...files.keys()].filter((file) => isSegment(file, name))]),
  );
  for (const [name, list] of segments)
    if (list.length !== recipe.segments)
      throw new Error(
        `${join(folder, name)} has ${list.length} segments, not ${recipe.segments}; delete it.`,
      );
  return { recipe, folder, files, segments };
}

function isSegment(file: string, rendition: string): boolean {
  return file.startsWith(`${rendition}/`) && /\d+\.(m4s|ts)$/.test(file);
}

/** Into a folder beside the final one first: what was interrupted must not be taken for whole. */
function encode(recipe: MediaRecipe, folder: string): void {
  console.error(`Encoding ${recipe.name} (${recipe.container}) with ffmpeg …`);
  mkdirSync(CACHE, { recursive: true });
  const draft = mkdtempSync(join(CACHE, "draft-"));
  try {
    for (const rendition of recipe.renditions)
      encodeRendition(recipe, rendition, join(draft, rendition.name));
    writeFileSync(join(draft, "master.m3u8"), masterPlaylist(recipe));
    renameSync(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function encodeRendition(recipe: MediaRecipe, rendition: Rendition, folder: string): void {
  mkdirSync(folder);
  const { segments, segmentSeconds, container } = recipe;
  const { width, height, videoBitsPerSecond: rate } = rendition;
  const keyEvery = String(segmentSeconds * FRAMES_PER_SECOND);
  const seconds = String(segments * segmentSeconds);
  const suffix = container === "ts" ? "ts" : "m4s";
  const input = `testsrc2=size=${width}x${height}:rate=${FRAMES_PER_SECOND},noise=alls=24:allf=t`;
  const { status, stderr, error } = spawnSync(
    process.env.FFMPEG_PATH ?? "ffmpeg",
    [
      ...["-hide_banner", "-loglevel", "error", "-y"],
      ...["-f", "lavfi", "-i", input, "-f", "lavfi", "-i", "sine=frequency=220:sample_rate=44100"],
      ...[
        "-t",
        seconds,
        "-pix_fmt",
        "yuv420p",
        "-c:v",
        "libx264",
        "-preset",
        "veryfast",
        "-profile:v",
        "main",
      ],
      ...["-b:v", `${rate}`, "-minrate", `${rate}`, "-maxrate", `${rate}`, "-bufsize", `${rate}`],
      ...["-x264-params", "nal-hrd=cbr", "-g", keyEvery, "-keyint_min", keyEvery, "-sc_threshold", "0"],
      ...["-c:a", "aac", "-b:a", `${AUDIO_BITS_PER_SECOND}`, "-ac", "1"],
      ...["-f", "hls", "-hls_time", `${segmentSeconds}`, "-hls_playlist_type", "vod"],
      ...["-hls_segment_type", container === "ts" ? "mpegts" : "fmp4", "-hls_fmp4_init_filename", "init.mp4"],
      ...["-hls_segment_filename", join(folder, `%03d.${suffix}`), join(folder, "index.m3u8")],
    ],
    { encoding: "utf8" },
  );
  if (status !== 0)
    throw new Error(
      `ffmpeg failed: ${error?.message ?? stderr}. Install it, or say where it is with FFMPEG_PATH.`,
    );
}

function masterPlaylist({ renditions }: MediaRecipe): string {
  const entries = renditions.flatMap(({ name, width, height, videoBitsPerSecond }) => {
    // Containers and the audio's own cost come on top.
    const bandwidth = Math.ceil((videoBitsPerSecond + AUDIO_BITS_PER_SECOND) * 1.05);
    const codecs = "avc1.4d401e,mp4a.40.2";
    return [
      `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth},RESOLUTION=${width}x${height},CODECS="${codecs}"`,
      `${name}/index.m3u8`,
    ];
  });
  return ["#EXTM3U", "#EXT-X-VERSION:7", ...entries, ""].join("\n");
}

/** The first segments of a playlist that ffmpeg wrote, as a whole film. */
export function firstSegments(playlist: string, count: number): string {
  const lines = playlist.split("\n");
  const at = lines.findIndex((line, i) => countOf(lines, i) === count && !line.startsWith("#"));
  return at < 0 ? playlist : `${[...lines.slice(0, at + 1), "#EXT-X-ENDLIST"].join("\n")}\n`;
}

/** How many segments the lines up to this one name. */
function countOf(lines: readonly string[], last: number): number {
  return lines.slice(0, last + 1).filter((line) => line.startsWith("#EXTINF")).length;
}
