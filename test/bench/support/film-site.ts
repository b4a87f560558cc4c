import { buildManifest } from "#sdk/cli/build-manifest.ts";
import { firstSegments, type Media } from "./media-library.ts";

/** A film as a site serves it: its files, Rivulet's manifest, and where they are. */
export interface FilmSite {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly manifest: string;
  readonly playlist: string;
  readonly segments: readonly FilmSegment[];
  readonly seconds: number;
}

export interface FilmSegment {
  readonly path: string;
  readonly rendition: string;
  readonly bytes: number;
}

export interface FilmOptions {
  readonly media: Media;
  /** Only so many of its segments. */
  readonly segments: number | undefined;
  /** What the player is given: see bench-options.ts. */
  readonly playlist: "media" | "master";
}

/** Serves a film below a folder of its own, named after its recipe. */
export async function filmSite({ media, segments: limit, playlist }: FilmOptions): Promise<FilmSite> {
  const { recipe, folder } = media;
  const at = `/${recipe.name}`;
  const count = Math.min(limit ?? recipe.segments, recipe.segments);
  const files = new Map<string, Uint8Array>();
  for (const [name, bytes] of media.files) {
    const isPlaylist = name.endsWith("index.m3u8");
    files.set(`${at}/${name}`, isPlaylist ? cut(bytes, count) : bytes);
  }
  // Its paths are relative to itself, so it may be served anywhere beside them.
  const { text } = await buildManifest({ directory: folder, exclude: ["*.m3u8"] });
  files.set(`${at}/rivulet.json`, new TextEncoder().encode(text));
  const segments = [...media.segments].flatMap(([rendition, names]) =>
    names.slice(0, count).map((name) => ({
      path: `${at}/${name}`,
      rendition,
      bytes: media.files.get(name)?.byteLength ?? 0,
    })),
  );
  return {
    files,
    manifest: `${at}/rivulet.json`,
    playlist: playlist === "master" ? `${at}/master.m3u8` : `${at}/${recipe.renditions[0]?.name}/index.m3u8`,
    segments,
    seconds: count * recipe.segmentSeconds,
  };
}

function cut(playlist: Uint8Array, count: number): Uint8Array {
  return new TextEncoder().encode(firstSegments(new TextDecoder().decode(playlist), count));
}
