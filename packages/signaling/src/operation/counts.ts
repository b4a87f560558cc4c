import { SIGNAL_CLOSE_CODES, type SignalCloseReason, type SignalErrorCode } from "@rivulet/sdk/protocol";

/** The protocols that the server speaks, each on a path of its own. */
export const PROTOCOLS = ["rivulet", "webtorrent"] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export const INTRODUCTION_STEPS = ["offer", "answer", "candidate", "other"] as const;
export type IntroductionStep = (typeof INTRODUCTION_STEPS)[number];

/** Why the server cut a connection without a goodbye. */
export const CUT_REASONS = ["silent", "slow-reader"] as const;
export type CutReason = (typeof CUT_REASONS)[number];

/** How a connection ended: for a reason of the server's, cut off, or by the client itself or its network. */
export type EndReason = SignalCloseReason | "cut" | "client";
export const END_REASONS: readonly string[] = [...Object.keys(SIGNAL_CLOSE_CODES), "cut", "client"];

/** Why an upgrade was refused. */
export type UpgradeRefusal = SignalErrorCode | "not-found";
/** Those that are to be expected. */
export const UPGRADE_REFUSALS: readonly UpgradeRefusal[] = [
  "not-found",
  "origin-not-allowed",
  "connecting-too-fast",
  "too-many-connections",
  "too-many-connections-from-address",
  "draining",
];

/** How often each of a few words was counted. The words come from unions, so there are never many. */
export class Tally<Word extends string> {
  readonly #counts = new Map<string, number>();

  add(word: Word): void {
    this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
  }

  /** 0 for what was never counted. */
  get(word: string): number {
    return this.#counts.get(word) ?? 0;
  }

  get total(): number {
    let total = 0;
    for (const count of this.#counts.values()) total += count;
    return total;
  }

  /** Those that were counted at least once. */
  get words(): Iterable<string> {
    return this.#counts.keys();
  }
}

/** What one protocol did since the start. */
export class ProtocolCounts {
  messagesReceived = 0;
  announces = 0;
  /** Offers whose answer was passed back. */
  introductionsAnswered = 0;
  readonly introductions: Record<IntroductionStep, number> = { offer: 0, answer: 0, candidate: 0, other: 0 };

  /** One relayed step of an introduction. */
  introduced(step: IntroductionStep): void {
    this.introductions[step] += 1;
    if (step === "answer") this.introductionsAnswered += 1;
  }
}

/**
 * What a server did since its start. Plain numbers, because every message passes here; what makes metrics of them
 * reads them when it is asked.
 */
export class Counts {
  readonly rivulet = new ProtocolCounts();
  readonly webtorrent = new ProtocolCounts();
  messagesSent = 0;
  /** TURN credentials that were made. */
  iceCredentials = 0;
  readonly refusals = new Tally<SignalErrorCode>();
  readonly upgradesRefused = new Tally<UpgradeRefusal>();
  readonly cuts = new Tally<CutReason>();
  readonly ends = new Tally<EndReason>();

  /** A message that was answered with an error. */
  refused(code: SignalErrorCode): void {
    this.refusals.add(code);
  }

  /** Somebody who asked for a WebSocket and got none. */
  refusedUpgrade(code: UpgradeRefusal): void {
    this.upgradesRefused.add(code);
  }

  /** A connection that the server cut; its end is counted apart. */
  cut(reason: CutReason): void {
    this.cuts.add(reason);
  }

  ended(reason: EndReason): void {
    this.ends.add(reason);
  }

  get messagesReceived(): number {
    return this.rivulet.messagesReceived + this.webtorrent.messagesReceived;
  }
}

/** Which step a relayed signal is, as simple-peer writes it; what it is not known by is `other`. */
export function stepOf(signal: { readonly type?: unknown }): IntroductionStep {
  const { type } = signal;
  return type === "offer" || type === "answer" || type === "candidate" ? type : "other";
}
