import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startSignalingServer } from "@rivulet/signaling";
import { KIB } from "../../packages/sdk/src/base/bytes.ts";
import { RivuletError } from "../../packages/sdk/src/base/errors.ts";
import { buildManifest } from "../../packages/sdk/src/cli/build-manifest.ts";
import { startTestOrigin, type TestOrigin, type TestOriginOptions } from "../../test/support/test-origin.ts";
import { type Channel, openChannel } from "./live/channel.ts";
import type { Ffmpeg } from "./live/find-ffmpeg.ts";
import { DEFAULT_PATIENCE, type DemoPage } from "./options.ts";
import { renderPages } from "./pages.ts";

const DEFAULT_PORT = 8080;
const DEFAULT_SIGNAL_PORT = 8787;
/** A server on this machine would beat any peer; this is what one at the other end of a good line feels like. */
export const ORIGIN_PACE = { latencyMs: 25, bytesPerSecond: 8000 * KIB };
/** As strict as a careful site's: no inline script or style, nothing from elsewhere. hls.js brings its worker as a blob. */
const CONTENT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; " +
  "connect-src 'self' blob: ws:; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface SiteOptions {
  /** Of the pages; undefined takes 8080, or a free port when that is in use. */
  readonly port: number | undefined;
  /** How long the gallery's files wait for other viewers, seconds. */
  readonly patience?: number;
  /** The live channel; undefined: it is not on air. */
  readonly channel: { readonly ffmpeg: Ffmpeg | undefined } | undefined;
  /** Called with a sentence for the person who runs the demo. */
  readonly tell?: (sentence: string) => void;
}

export interface Site {
  readonly origin: TestOrigin;
  /** What a person types; `localhost` rather than an address, so that "Open another viewer" can use names below it. */
  readonly url: string;
  readonly signalUrl: string;
  /** URL paths of the folders that hold what a page's viewers pass on to each other. */
  readonly folders: Readonly<Record<DemoPage, string>>;
  readonly channel: Channel | undefined;
  close(): Promise<void>;
}

const publicDir = fileURLToPath(new URL("../public/", import.meta.url));
const sdkDir = fileURLToPath(new URL("../../packages/sdk/dist/", import.meta.url));

/** Starts the origin, the signaling server and the live channel on this machine's loopback address. */
export async function startSite({
  port,
  patience = DEFAULT_PATIENCE,
  channel: wanted,
  tell = () => {},
}: SiteOptions): Promise<Site> {
  const files = new Map<string, Uint8Array>();
  const folders = { gallery: "/generated/gallery/", video: "/media/clip/", live: "/live/" };
  await addManifest(files, folders.gallery, []);
  await addManifest(files, folders.video, ["*.m3u8"]);
  // At the site's root, whose pages are then in its scope.
  files.set("/rivulet-sw.js", new Uint8Array(await readFile(join(sdkDir, "rivulet-sw.js"))));
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(closers.map((closer) => closer()));
  };
  try {
    const signaling = await onPortOrFree(DEFAULT_SIGNAL_PORT, (at) =>
      startSignalingServer({ port: at, logLevel: "warn" }),
    );
    closers.push(() => signaling.close());
    let showPages = async (): Promise<void> => {};
    const channel = wanted && (await openChannel({ ...wanted, onClock: () => void showPages(), tell }));
    if (channel) closers.push(() => channel.close());
    const origin = await listen(port, {
      root: publicDir,
      mounts: { "/sdk/": sdkDir, ...(channel ? { [folders.live]: channel.folder } : {}) },
      files,
      headers: { "Content-Security-Policy": CONTENT_POLICY },
      ...ORIGIN_PACE,
    });
    closers.push(() => origin.close());
    showPages = async () => {
      const clock = channel?.clock ?? OFF_AIR;
      const pages = await renderPages(publicDir, { signalUrl: signaling.url, patience, clock });
      for (const [path, bytes] of pages) origin.files.set(path, bytes);
    };
    await showPages();
    return {
      origin,
      url: origin.url.replace("127.0.0.1", "localhost"),
      signalUrl: signaling.url,
      folders,
      channel,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const OFF_AIR = {
  kind: "none",
  why: "The channel is not on air: start the demo without --viewers.",
} as const;

/** Hashes a folder of the site and serves its manifest from inside that folder. */
async function addManifest(
  files: Map<string, Uint8Array>,
  folder: string,
  exclude: readonly string[],
): Promise<void> {
  const built = await buildManifest({ directory: join(publicDir, folder), exclude });
  files.set(`${folder}rivulet.json`, new TextEncoder().encode(built.text));
}

async function listen(port: number | undefined, options: TestOriginOptions): Promise<TestOrigin> {
  if (port === undefined)
    return onPortOrFree(DEFAULT_PORT, (at) => startTestOrigin({ ...options, port: at }));
  try {
    return await startTestOrigin({ ...options, port });
  } catch (cause) {
    throw new RivuletError("connection-failed", `Port ${port} is not to be had; choose another.`, { cause });
  }
}

async function onPortOrFree<Server>(port: number, start: (port: number) => Promise<Server>): Promise<Server> {
  try {
    return await start(port);
  } catch {
    return start(0);
  }
}
