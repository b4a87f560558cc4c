import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { SETTLE_MS, SegmentFolder } from "#sdk/cli/watch/segment-folder.ts";
import type { SegmentLimits } from "#sdk/cli/watch/segment-limits.ts";
import { LiveListing } from "#sdk/content/live-listing.ts";
import { type Manifest, parseManifest } from "#sdk/content/manifest.ts";
import { plant } from "../run-cli.ts";

const media = fileURLToPath(new URL("../../../demo/public/media/", import.meta.url));

/** Real media segments: the demo's. */
export const segments: readonly Uint8Array[] = readdirSync(media, { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(m4s|ts)$/.test(name))
  .sort()
  .slice(0, 7)
  .map((name) => readFileSync(join(media, name)));

/** The bytes of the n-th segment; no two neighbours have the same. */
export function segment(index: number): Uint8Array {
  return segments[index % segments.length] ?? new Uint8Array();
}

export function playlist(names: readonly string[], head = "", tail = ""): string {
  const lines = names.map((name) => `#EXTINF:4.000000,\n${name}\n`).join("");
  return `#EXTM3U\n#EXT-X-TARGETDURATION:4\n${head}${lines}${tail}`;
}

/** Does as a packager does: puts a file in place at once. */
export function put(folder: string, name: string, content: string | Uint8Array): void {
  writeFileSync(join(folder, `${name}.tmp`), content);
  renameSync(join(folder, `${name}.tmp`), join(folder, name));
}

/** A packager's folder that is looked at when a test says so, by a clock that the test moves. */
export function stage(
  context: TestContext,
  options: {
    readonly files?: Readonly<Record<string, string | Uint8Array>>;
    readonly limits?: Partial<SegmentLimits>;
    readonly base?: string;
    readonly exclude?: readonly string[];
    readonly continued?: Manifest;
  } = {},
) {
  const { limits = {}, base, exclude = [], continued } = options;
  const directory = plant(context, options.files);
  const output = join(directory, "rivulet.json");
  const told: string[] = [];
  const tell = (sentence: string): void => {
    told.push(sentence);
  };
  const open = (earlier: Manifest | undefined) =>
    new SegmentFolder(
      { directory, output, base, exclude, limits, tell },
      new LiveListing({ base, continued: earlier, randomBytes }),
    );
  let folder = open(continued);
  let nowMs = 1000;
  const text = (): string => readFileSync(output, "utf8");
  return {
    directory,
    output,
    told,
    text,
    put: (name: string, content: string | Uint8Array) => put(directory, name, content),
    write: (name: string, content: string | Uint8Array) => writeFileSync(join(directory, name), content),
    remove: (name: string) => rmSync(join(directory, name)),
    manifest: (): Manifest => parseManifest(text()),
    /** Looks at the folder after a while; says what is listed then, in the manifest's order. */
    async look(afterMs = 10, signal = new AbortController().signal): Promise<string[]> {
      nowMs += afterMs;
      await folder.look(nowMs, signal);
      return parseManifest(text()).resources.map(({ path }) => path);
    },
    /** Looks twice, so that what stays as it is has settled by the second time. */
    async settle(): Promise<string[]> {
      await this.look();
      return this.look(SETTLE_MS);
    },
    restart(): void {
      folder = open(parseManifest(text()));
    },
  };
}

/** The numbers that a manifest gives to each resource's first piece. */
export function firsts({ resources }: Manifest): Record<string, number | undefined> {
  return Object.fromEntries(resources.map(({ path, firstPiece }) => [path, firstPiece]));
}
