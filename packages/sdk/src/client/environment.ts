import { browserConditions, type ConditionPolicy, type Conditions } from "../adapters/conditions.ts";
import { openStore } from "../adapters/fallback-store.ts";
import { handedOutIce } from "../adapters/handed-out-ice.ts";
import { FetchOrigin } from "../adapters/origin-fetch.ts";
import { webCryptoSha256 } from "../adapters/sha256.ts";
import { SimplePeerTransport } from "../adapters/simple-peer-transport.ts";
import { TrackerSocket, type TrackerSocketOptions } from "../adapters/tracker-socket.ts";
import { openedBefore } from "../adapters/tracker-surroundings.ts";
import type { RivuletError } from "../base/errors.ts";
import type { Random } from "../base/random.ts";
import type { Hasher, Origin, PieceStore, Tracker, Transport } from "../engine/ports.ts";
import type { CheckedOptions } from "./options.ts";

/** The world as one page sees it: every port, made by the adapter of choice. */
export interface Environment {
  /** What relative URLs are relative to. */
  readonly pageUrl: string;
  readonly fetch: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;
  readonly now: () => number;
  readonly random: Random;
  readonly randomBytes: (length: number) => Uint8Array;
  /** When the tracker was dialled, by `now`; undefined: the engine dials. */
  readonly dialledAt?: number | undefined;
  conditions(policy: ConditionPolicy): Conditions;
  hasher(): Hasher;
  transport(options: CheckedOptions): Transport;
  tracker(options: Omit<TrackerSocketOptions, "random" | "onIceServers">): Tracker;
  origin(): Origin;
  store(options: CheckedOptions, onProblem: (error: RivuletError) => void): Promise<PieceStore>;
}

/** The browser's own. `early`: a socket to the signaling server that was opened at `dialledAt`, ms by `performance.now()`. */
export function browserEnvironment(early?: WebSocket, dialledAt?: number): Environment {
  const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  const random: Random = {
    next: () => Math.random(),
    below: (bound) => Math.floor(Math.random() * bound),
  };
  const fetch = globalThis.fetch.bind(globalThis);
  const ice = handedOutIce();
  const sockets = early && { WebSocket: openedBefore(early, WebSocket) };
  return {
    pageUrl: globalThis.document?.baseURI ?? globalThis.location?.href ?? "",
    fetch,
    now: () => performance.now(),
    random,
    randomBytes,
    dialledAt,
    conditions: (policy) => browserConditions(policy),
    hasher: webCryptoSha256,
    transport: ({ iceServers, iceTransportPolicy }) =>
      new SimplePeerTransport({ iceServers: ice.after(iceServers), iceTransportPolicy }),
    tracker: (options) =>
      new TrackerSocket({ ...options, ...sockets, random, onIceServers: ice.onIceServers }),
    origin: () => new FetchOrigin({ fetch, random }),
    store: ({ store, quotaBytes, memoryBytes }, onProblem) =>
      openStore({ kind: store, quotaBytes, memoryBytes, onProblem }),
  };
}
