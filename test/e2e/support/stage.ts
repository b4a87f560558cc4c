import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContext, Page } from "puppeteer-core";
import { KIB } from "#sdk/base/bytes.ts";
import { seededRandom } from "#sdk/base/random.ts";
import { buildManifest } from "#sdk/cli/build-manifest.ts";
import { startSignalingServer } from "#signaling/index.ts";
import { launchChromium } from "../../support/chromium.ts";
import { startTestOrigin, type TestOrigin } from "../../support/test-origin.ts";
import { watchedPage } from "./watched-page.ts";

const sdkDir = fileURLToPath(new URL("../../../packages/sdk/dist/", import.meta.url));

/** Viewers that are not in front must run as fast as the one that is. */
export const IN_PARALLEL = [
  "--disable-background-timer-throttling",
  "--disable-renderer-backgrounding",
  "--disable-backgrounding-occluded-windows",
];

export interface StageOptions {
  /** Sizes of the files at `/assets/`, by name; the bytes are pseudo-random. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Further files at `/assets/`, listed like the others. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Wait before each of the origin's answers, ms, and what all its connections share, bytes per second. */
  readonly latencyMs?: number;
  readonly bytesPerSecond?: number;
  readonly ranges?: boolean;
  /** Whether the origin compresses texts, as a CDN does. */
  readonly compress?: boolean;
  /** False: there is no signaling server at the URL that pages are given. */
  readonly signaling?: boolean;
}

/** A site, its signaling server, and a browser to visit it with. */
export interface Stage {
  readonly origin: TestOrigin;
  /** SHA-256 of each file, hex. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly totalBytes: number;
  readonly signalUrl: string;
  /**
   * A page in a browser context of its own: own cache, own storage. `prepare` may change the page before it loads.
   * The context is one of the stage's Chromium, or of the `browser` that is given; that one is not the stage's to close.
   */
  open(path?: string, prepare?: (page: Page) => Promise<void>, browser?: Browser): Promise<Viewer>;
  /** Bytes of the assets that left the origin, and how many copies of them that is. */
  originBytes(): number;
  copies(): number;
  /** The origin has another version of a file from here on, and the manifest that goes with it. */
  deploy(name: string, bytes: Uint8Array): Promise<void>;
  /** From now on nobody answers at `signalUrl`. */
  stopSignaling(): Promise<void>;
  close(): Promise<void>;
}

export interface Viewer {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page's console said. */
  readonly console: readonly string[];
  close(): Promise<void>;
}

/** A page whose script tag serves nothing by itself: the tests ask. */
export function blankPage(signalUrl: string, attributes = ""): string {
  return `<!doctype html><meta charset="utf-8"><title>e2e</title>
<script src="/sdk/rivulet.js" data-signal="${signalUrl}" data-manifest="/rivulet.json" ${attributes}></script>`;
}

export async function openStage(options: StageOptions): Promise<Stage> {
  const { signaling: withSignaling = true, latencyMs = 0, ranges = true, compress = false } = options;
  const files = new Map<string, Uint8Array>();
  const hashes = new Map<string, string>();
  const directory = await mkdtemp(join(tmpdir(), "rivulet-e2e-"));
  let totalBytes = 0;
  const made = Object.entries(options.sizes).map(
    ([name, size]) => [name, pseudoRandomBytes(size, name)] as const,
  );
  for (const [name, bytes] of [...made, ...Object.entries(options.files ?? {})]) {
    files.set(`/assets/${name}`, bytes);
    hashes.set(name, createHash("sha256").update(bytes).digest("hex"));
    await writeFile(join(directory, name), bytes);
    totalBytes += bytes.byteLength;
  }
  let server = withSignaling ? await startSignalingServer({ port: 0, logLevel: "warn" }) : undefined;
  const signalUrl = server?.url ?? "ws://127.0.0.1:9";
  const origin = await startTestOrigin({
    files,
    mounts: { "/sdk/": sdkDir },
    latencyMs,
    ranges,
    compress,
    ...(options.bytesPerSecond === undefined ? {} : { bytesPerSecond: options.bytesPerSecond }),
  });
  const manifest = async () =>
    new TextEncoder().encode((await buildManifest({ directory, base: `${origin.url}/assets/` })).text);
  files.set("/rivulet.json", await manifest());
  for (const [path, bytes] of files) origin.files.set(path, bytes);
  origin.files.set("/page.html", new TextEncoder().encode(blankPage(signalUrl)));
  const quiet = blankPage(signalUrl, 'data-store="memory" data-patience-ms="60000"');
  origin.files.set("/bench.html", new TextEncoder().encode(quiet));
  origin.files.set("/blank.html", new TextEncoder().encode("<!doctype html><title>blank</title>"));
  const chromium = await launchChromium({ args: IN_PARALLEL });
  const stopSignaling = async () => {
    await server?.close();
    server = undefined;
  };
  const originBytes = () =>
    Object.keys(options.sizes).reduce((sum, name) => sum + origin.log.bytes(`/assets/${name}`), 0);
  return {
    origin,
    hashes,
    totalBytes,
    signalUrl,
    originBytes,
    copies: () => originBytes() / totalBytes,
    stopSignaling,
    async deploy(name, bytes) {
      hashes.set(name, createHash("sha256").update(bytes).digest("hex"));
      await writeFile(join(directory, name), bytes);
      origin.files.set(`/assets/${name}`, bytes);
      origin.files.set("/rivulet.json", await manifest());
    },
    async open(path = "/page.html", prepare, browser = chromium.browser) {
      const context = await browser.createBrowserContext();
      const { page, said } = await watchedPage(context, prepare);
      await page.goto(origin.url + path);
      return { page, context, console: said, close: () => context.close() };
    },
    async close() {
      await chromium.close();
      await origin.close();
      await rm(directory, { recursive: true });
      await stopSignaling();
    },
  };
}

/** The same name always gives the same bytes. */
function pseudoRandomBytes(size: number, name: string): Uint8Array {
  const random = seededRandom(
    [...name].reduce((seed, letter) => Math.imul(seed, 31) + letter.charCodeAt(0), size),
  );
  const block = new Uint8Array(64 * KIB + 17);
  for (let i = 0; i < block.length; i++) block[i] = random.below(256);
  const bytes = new Uint8Array(size);
  for (let at = 0, turn = 0; at < size; at += block.length, turn++) {
    block[turn % block.length] = random.below(256);
    block.set([turn & 255, (turn >> 8) & 255], 0);
    bytes.set(block.subarray(0, Math.min(block.length, size - at)), at);
  }
  return bytes;
}
