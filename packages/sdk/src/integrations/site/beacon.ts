import type { RivuletError } from "../../base/errors.ts";
import { minute } from "../../base/time.ts";
import type { RivuletEvents } from "../../client/events.ts";
import type { RivuletStats } from "../../client/statistics.ts";

/** What the beacon reads: a `Rivulet`, or anything of its shape. */
export interface BeaconSource {
  readonly stats: RivuletStats;
  readonly state: string;
  readonly role?: "leader" | "follower" | undefined;
  on(name: "peer-connected", listener: (event: RivuletEvents["peer-connected"]) => void): () => void;
  on(name: "problem", listener: (event: RivuletError) => void): () => void;
}

const COUNTED = ["originBytes", "peerBytes", "storeBytes", "uploadedBytes", "wastedBytes"] as const;

/** What one beacon says: what happened since the last one, docs/analytics.md. It names neither visitors nor peers. */
export interface BeaconBody extends Record<(typeof COUNTED)[number], number> {
  /** The version of this format. */
  readonly v: 1;
  /** The page's path, without its query. */
  readonly page: string;
  readonly state: string;
  /** Of a leader, the figures are those of all tabs together: the others send nothing. */
  readonly role: "leader" | "alone";
  readonly durationMs: number;
  /** `peerBytes` ÷ (`originBytes` + `peerBytes` + `storeBytes`), 0 to 1. */
  offloadRatio: number;
  readonly peersSeen: number;
  /** How often each problem came, by its code. */
  readonly problems: Readonly<Record<string, number>>;
}

export interface BeaconOptions {
  /** Where to: `http:` or `https:`, or relative to the page. */
  readonly url: string;
  /** How often it sends while the page is open, ms. Default: a minute. */
  readonly everyMs?: number;
  /** How it sends. Default: `navigator.sendBeacon`, or a `fetch` that outlives the page where that refuses. */
  readonly send?: (url: string, body: string) => void;
}

/** Before those that end the engine then, and its figures with it. */
const EARLY = { capture: true };

/** More kinds of problems than this wait for the next beacon in vain: no page makes a beacon grow. */
const MOST_CODES = 50;

/**
 * Sends the figures whenever they changed: every so often, when the page is hidden or left, and when stopped. Returns
 * how to stop.
 */
export function startBeacon(
  source: BeaconSource,
  { url, everyMs = minute, send = sendText }: BeaconOptions,
  page: Window = window,
): () => void {
  const { document, performance } = page;
  let before: Partial<RivuletStats> = {};
  let sinceMs = performance.now();
  let peersSeen = source.stats.peers.length;
  let problems: Record<string, number> = {};

  const tell = () => {
    const { stats, state, role = "alone" } = source;
    const nowMs = performance.now();
    const body = {
      v: 1,
      page: page.location.pathname,
      state,
      role,
      durationMs: Math.round(nowMs - sinceMs),
      peersSeen,
      problems,
    } as BeaconBody;
    let changes = peersSeen + Object.keys(problems).length;
    for (const name of COUNTED) {
      const last = before[name] ?? 0;
      // Who counts less than before has begun anew, as a tab does that leads from now on.
      body[name] = stats[name] - (stats[name] < last ? 0 : last);
      changes += body[name];
    }
    if (!changes) return;
    body.offloadRatio = body.peerBytes / (body.originBytes + body.peerBytes + body.storeBytes || 1);
    [before, sinceMs, peersSeen, problems] = [stats, nowMs, 0, {}];
    // A follower's figures are its leader's, who sends them. Should it lead one day, it counts from nothing.
    if (role === "follower") before = {};
    else send(url, JSON.stringify(body));
  };
  const onHidden = () => {
    if (document.visibilityState === "hidden") tell();
  };

  const timer = page.setInterval(tell, everyMs);
  document.addEventListener("visibilitychange", onHidden);
  page.addEventListener("pagehide", tell, EARLY);
  const ends = [
    source.on("peer-connected", () => peersSeen++),
    source.on("problem", ({ code }) => {
      if (code in problems || Object.keys(problems).length < MOST_CODES)
        problems[code] = (problems[code] ?? 0) + 1;
    }),
    () => page.clearInterval(timer),
    () => document.removeEventListener("visibilitychange", onHidden),
    () => page.removeEventListener("pagehide", tell, EARLY),
    tell,
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** As plain text: another origin's server is then asked without a preflight, which a page that closes has no time for. */
function sendText(url: string, body: string): void {
  if (navigator.sendBeacon?.(url, body)) return;
  fetch(url, { method: "POST", body, keepalive: true, credentials: "omit" }).catch(() => undefined);
}
