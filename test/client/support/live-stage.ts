import { createHash } from "node:crypto";
import type { TestContext } from "node:test";
import type { RivuletError } from "#sdk/base/errors.ts";
import { loadCatalog } from "#sdk/client/catalog.ts";
import type { LiveManifest } from "#sdk/client/live-manifest.ts";
import type { Serves } from "#sdk/client/served-resources.ts";
import { formatManifest, type Manifest } from "#sdk/content/manifest.ts";
import type { Input } from "#sdk/engine/io.ts";
import { BASE, bytesOf, liveManifestOf, manifestOf, STREAM, settled } from "./sample.ts";

export const segmentUrl = (n: number) => `${BASE}${n}.ts`;

/** A manifest whose clock and file the test holds: at first one segment is listed. `live: false`: there are no more. */
export async function following(
  t: TestContext,
  { live = true, serves }: { live?: boolean; serves?: Serves } = {},
) {
  let now = 0;
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const listing = async (segments: number, stream = STREAM): Promise<Manifest> => {
    const names = Array.from({ length: segments }, (_, n) => `${n}.ts`);
    const files = Object.fromEntries(names.map((name) => [name, bytesOf(9)]));
    return live ? liveManifestOf(files, { stream }) : manifestOf(files);
  };
  const published = { text: formatManifest(await listing(1)), status: 200 };
  const asked: RequestInit[] = [];
  const file = {
    url: `${BASE}rivulet.json`,
    // In one turn, so that only time passes in time.
    hasher: async (bytes: Uint8Array) => new Uint8Array(createHash("sha256").update(bytes).digest()),
    fetch: async (_url: string, init: RequestInit) => {
      asked.push(init);
      return new Response(published.text, { status: published.status });
    },
  };
  const catalog = await loadCatalog(file, serves);
  asked.length = 0;
  const inputs: Input[] = [];
  const problems: RivuletError[] = [];
  const parts: Omit<ConstructorParameters<typeof LiveManifest>[0], "find"> = {
    file,
    catalog,
    input: (input) => inputs.push(input),
    now: () => now,
    problem: (error) => problems.push(error),
  };
  const pass = async (ms: number) => {
    for (let at = 0; at < ms; at += 10) {
      now += 10;
      t.mock.timers.tick(10);
      await settled();
    }
  };
  const publish = async (segments: number, stream?: string) => {
    published.text = formatManifest(await listing(segments, stream));
  };
  return { parts, catalog, asked, inputs, problems, published, now: () => now, pass, publish };
}

/** What becomes of a search: `looking` until it is over, then what was found, or why it failed. */
export function watched(search: Promise<number | undefined>) {
  const looking = { found: "looking" as number | string | undefined };
  search.then(
    (found) => Object.assign(looking, { found }),
    (error: Error) => Object.assign(looking, { found: error.message }),
  );
  return looking;
}
