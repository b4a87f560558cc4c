import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startSignalingServer } from "@rivulet/signaling";
import { KIB } from "../../packages/sdk/src/base/bytes.ts";
import { RivuletError } from "../../packages/sdk/src/base/errors.ts";
import { buildManifest } from "../../packages/sdk/src/cli/build-manifest.ts";
import { startTestOrigin, type TestOrigin } from "../../test/support/test-origin.ts";
import type { DemoPage } from "./options.ts";

const DEFAULT_PORT = 8080;
const DEFAULT_SIGNAL_PORT = 8787;
/** A server on this machine would beat any peer; this is what one at the other end of a good line feels like. */
export const ORIGIN_PACE = { latencyMs: 25, bytesPerSecond: 8000 * KIB };
/** As strict as a careful site's: no inline script or style, nothing from elsewhere. hls.js brings its worker as a blob. */
const CONTENT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self' blob:; " +
  "connect-src 'self' blob: ws:; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What the viewers of a page pass on to each other. */
export interface DemoContent {
  /** URL paths of its resources at the origin. */
  readonly paths: readonly string[];
  readonly totalBytes: number;
}

export interface Site {
  readonly origin: TestOrigin;
  /** What a person types; `localhost` rather than an address, so that "Open another viewer" can use names below it. */
  readonly url: string;
  readonly signalUrl: string;
  readonly contents: Readonly<Record<DemoPage, DemoContent>>;
  close(): Promise<void>;
}

const publicDir = fileURLToPath(new URL("../public/", import.meta.url));
const sdkDir = fileURLToPath(new URL("../../packages/sdk/dist/", import.meta.url));

/** Starts the origin and the signaling server on this machine's loopback address. */
export async function startSite(port: number | undefined): Promise<Site> {
  const files = new Map<string, Uint8Array>();
  const contents = {
    gallery: await addManifest(files, "generated/gallery/", []),
    video: await addManifest(files, "media/clip/", ["*.m3u8"]),
  };
  const signaling = await onPortOrFree(DEFAULT_SIGNAL_PORT, (at) => startSignalingServer({ port: at }));
  try {
    for (const page of ["gallery.html", "video.html"]) {
      const html = await readFile(`${publicDir}${page}`, "utf8");
      files.set(`/${page}`, new TextEncoder().encode(html.replaceAll("{{signal}}", signaling.url)));
    }
    const options = {
      root: publicDir,
      mounts: { "/sdk/": sdkDir },
      files,
      headers: { "Content-Security-Policy": CONTENT_POLICY },
      ...ORIGIN_PACE,
    };
    const origin =
      port === undefined
        ? await onPortOrFree(DEFAULT_PORT, (at) => startTestOrigin({ ...options, port: at }))
        : await startTestOrigin({ ...options, port }).catch((cause) => {
            throw new RivuletError("connection-failed", `Port ${port} is not to be had; choose another.`, {
              cause,
            });
          });
    return {
      origin,
      url: origin.url.replace("127.0.0.1", "localhost"),
      signalUrl: signaling.url,
      contents,
      close: async () => {
        await Promise.all([origin.close(), signaling.close()]);
      },
    };
  } catch (error) {
    await signaling.close();
    throw error;
  }
}

/** Hashes a folder below the site's root and serves its manifest from inside that folder. */
async function addManifest(
  files: Map<string, Uint8Array>,
  folder: string,
  exclude: readonly string[],
): Promise<DemoContent> {
  const built = await buildManifest({ directory: `${publicDir}${folder}`, exclude });
  files.set(`/${folder}rivulet.json`, new TextEncoder().encode(built.text));
  return {
    paths: built.manifest.resources.map(({ path }) => `/${folder}${path}`),
    totalBytes: built.totalBytes,
  };
}

async function onPortOrFree<Server>(port: number, start: (port: number) => Promise<Server>): Promise<Server> {
  try {
    return await start(port);
  } catch {
    return start(0);
  }
}
