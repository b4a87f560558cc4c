import type { Counts } from "./tally.ts";

/** `tracker`: the WebTorrent protocol; `rivulet`: our own; `bare`: no protocol, for the echo server. */
export type Protocol = "tracker" | "rivulet" | "bare";

/** The path under which each is served. */
export const PATHS: Readonly<Record<Protocol, string>> = {
  tracker: "/announce",
  rivulet: "/",
  bare: "/",
};

export interface Crowd {
  readonly protocol: Protocol;
  readonly count: number;
  /** The first one's number; peers of the same number are the same peer. */
  readonly first: number;
  readonly port: number;
  readonly swarmSize: number;
  /** How many swarms the peers are dealt out to in turn; left out: one after the other is filled. */
  readonly swarms?: number;
  /** Connections from one loopback address. */
  readonly perAddress: number;
  /** Left out: they join their swarms; `idle`: they connect, and say nothing. */
  readonly idle?: boolean;
}

/** What a load process can be asked for; it answers each with the type of the same name below. */
export type Command =
  /** Opens connections, and joins; more of them add to those that are there. */
  | { readonly type: "open"; readonly crowd: Crowd }
  /** Everybody asks again as soon as answered, or answers as soon as spoken to. */
  | {
      readonly type: "loop";
      readonly warmupMs: number;
      readonly windowMs: number;
      readonly serverPid: number;
      /** Messages under way for each connection, where messages are relayed. */
      readonly depth: number;
    }
  /** Everybody sends the smallest request now and then. */
  | { readonly type: "probe"; readonly everyMs: number; readonly windowMs: number }
  /** The only peer sends large requests: so many at once, and so many a second. */
  | {
      readonly type: "flood";
      readonly burst: number;
      readonly perSecond: number;
      readonly windowMs: number;
      /** Of our own protocol: the peers that are sent to in turn. */
      readonly targets: { readonly first: number; readonly count: number; readonly step: number };
    }
  /** Everybody sends one large request. */
  | { readonly type: "announce-once" }
  /** Whoever is cut off comes back at a random time within `withinMs`. */
  | { readonly type: "reconnect"; readonly withinMs: number; readonly limitMs: number }
  | {
      readonly type: "hostile";
      readonly protocol: Protocol;
      readonly port: number;
      readonly count: number;
      readonly seed: number;
      /** Messages between two signs of life. */
      readonly batch: number;
      /** Where in the corpus to begin. */
      readonly from: number;
    }
  /** Everybody announces every `everyMs` and reads who is listed; those of `doomed` are about to lose their process. */
  | {
      readonly type: "watch";
      readonly everyMs: number;
      readonly windowMs: number;
      readonly doomed: { readonly first: number; readonly count: number };
      /** The process to kill, and when. */
      readonly killPid: number;
      readonly killAfterMs: number;
    }
  | { readonly type: "close" };

export interface LoopResult extends Counts {
  readonly seconds: number;
  /** Processor time in the window as a share of it: of the server, and of the load. */
  readonly serverBusy: number;
  readonly loadBusy: number;
  /** Relayed messages ÷ requests, over the whole loop, all of both delivered. */
  readonly relayedPerRequest: number;
}

export interface FloodResult extends Counts {
  readonly sent: number;
  /** How often it was cut off, and came back. */
  readonly reopened: number;
}

export interface ReconnectResult {
  /** From the first connection lost until everybody had joined again. */
  readonly backMs: number;
  /** The same for 99 % of them. */
  readonly nearlyAllMs: number;
  readonly lost: number;
  readonly back: number;
  /** Nobody listened: the server was not there yet. */
  readonly unreachable: number;
  /** Answered with something else than an upgrade, or with an error, by what it was. */
  readonly refusals: Readonly<Record<string, number>>;
}

export interface HostileResult {
  /** How many of the corpus were sent. */
  readonly sent: number;
  /** Whether the server was still there at the end. */
  readonly isAlive: boolean;
  /** The last messages before it went. */
  readonly last: readonly string[];
  /** Connections that the server closed. */
  readonly closed: number;
}

export interface WatchResult {
  /** From the kill until a dead one was last listed to anybody; 0 when none was. */
  readonly goneMs: number;
  /** How often a doomed one was listed before the kill, by a process that it was not connected to. */
  readonly listedBefore: number;
  readonly before: Counts;
  readonly after: Counts;
  /** Announces of the others that had no answer at the end, before and after. */
  readonly unanswered: number;
}

export interface Results {
  readonly open: { readonly opened: number };
  readonly loop: LoopResult;
  readonly probe: Counts & { readonly unanswered: number };
  readonly flood: FloodResult;
  readonly "announce-once": { readonly relayed: number };
  readonly reconnect: ReconnectResult;
  readonly hostile: HostileResult;
  readonly watch: WatchResult;
  readonly close: { readonly closed: number };
}

export type Answer =
  | { readonly type: "result"; readonly result: Results[keyof Results] }
  | { readonly type: "failure"; readonly message: string };
