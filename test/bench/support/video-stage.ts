import { fileURLToPath } from "node:url";
import { startSignalingServer } from "#signaling/index.ts";
import { IN_PARALLEL } from "../../e2e/support/stage.ts";
import { launchChromium } from "../../support/chromium.ts";
import { startTestOrigin, type TestOrigin } from "../../support/test-origin.ts";
import { Pace } from "../../support/test-origin-pace.ts";
import { CuttableRelay } from "./cuttable-relay.ts";
import type { Engine } from "./engines.ts";
import { startIncumbentTracker } from "./incumbent-tracker.ts";
import { playerPages } from "./player-pages.ts";
import { openViewer, type VideoViewer, type VisitOptions } from "./video-viewer.ts";

const HLS = fileURLToPath(new URL("../../../node_modules/hls.js/dist/", import.meta.url));

/** A viewer's way to the origin. Between viewers there is nothing but this machine. */
export interface LineOptions {
  /** Until the first byte of each answer, ms. */
  readonly latencyMs: number;
  readonly bytesPerSecond: number;
}

/** A common line at home: 20 Mbit/s, and an origin that is not next door. */
export const HOME_LINE: LineOptions = { latencyMs: 40, bytesPerSecond: 2_500_000 };

type Closer = () => Promise<unknown>;

export interface VideoStageOptions {
  readonly engines: readonly Engine[];
  /** A folder served at `/`, which may change while it is. */
  readonly root?: string;
  readonly files?: ReadonlyMap<string, Uint8Array>;
}

/** A site with a stream, what the engines need beside it, and a browser for its viewers. */
export interface VideoStage {
  readonly origin: TestOrigin;
  /** A viewer in a browser context of its own, with a line of its own. */
  open(visit: VisitOptions): Promise<VideoViewer>;
  /** The signaling server and the tracker die: nobody introduces viewers to each other. */
  cutIntroducers(): Promise<void>;
  /** They are back, at the same addresses. */
  mendIntroducers(): Promise<void>;
  close(): Promise<void>;
}

export async function openVideoStage(options: VideoStageOptions): Promise<VideoStage> {
  const { engines, root, files = new Map() } = options;
  const lines = new Map<string, { readonly site: Pace; readonly film: Pace }>();
  const closers: Closer[] = [];
  const close = async () => {
    for (const one of closers.reverse()) await one().catch((error: unknown) => console.error(error));
    closers.length = 0;
  };
  try {
    const pages = await playerPages(engines);
    const introducers = await startIntroducers(engines, closers);
    const origin = await startTestOrigin({
      files: new Map([...pages, ...files]),
      mounts: { "/hls/": HLS },
      compress: true,
      ...(root === undefined ? {} : { root }),
      paceOf: ({ headers, url }) => {
        const paces = lines.get(String(headers["x-viewer"]));
        return /^\/(bench|hls)\//.test(url ?? "") ? paces?.site : paces?.film;
      },
    });
    closers.push(() => origin.close());
    const chromium = await launchChromium({
      args: [...IN_PARALLEL, "--autoplay-policy=no-user-gesture-required", "--mute-audio"],
    });
    closers.push(() => chromium.close());
    let opened = 0;
    return {
      origin,
      open: (visit) => {
        const viewer = String(++opened);
        const site = paceOf(visit.line ?? HOME_LINE);
        lines.set(viewer, { site, film: visit.filmLine ? paceOf(visit.filmLine) : site });
        const { signal, tracker } = introducers;
        return openViewer({ browser: chromium.browser, url: origin.url, viewer, signal, tracker, visit });
      },
      cutIntroducers: async () => {
        await introducers.cut();
      },
      mendIntroducers: async () => {
        await introducers.mend();
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function paceOf({ latencyMs, bytesPerSecond }: LineOptions): Pace {
  return new Pace(latencyMs, bytesPerSecond);
}

interface Introducers {
  readonly signal: string;
  readonly tracker: string;
  cut(): Promise<unknown>;
  mend(): Promise<unknown>;
}

/** Both engines' own: viewers must have somebody who introduces them, and nothing may leave this machine. */
async function startIntroducers(engines: readonly Engine[], closers: Closer[]): Promise<Introducers> {
  const signaling = await startSignalingServer({ port: 0, logLevel: "warn" });
  closers.push(() => signaling.close());
  const ports = [signaling.port];
  if (engines.includes("p2pml")) {
    const tracker = await startIncumbentTracker();
    closers.push(() => tracker.close());
    ports.push(tracker.port);
  }
  const relays = await Promise.all(ports.map((port) => CuttableRelay.open(port)));
  const cut = () => Promise.all(relays.map((relay) => relay.cut()));
  closers.push(cut);
  const [signal = "", tracker = ""] = relays.map(({ port }) => `ws://127.0.0.1:${port}`);
  return { signal, tracker, cut, mend: () => Promise.all(relays.map((relay) => relay.mend())) };
}
