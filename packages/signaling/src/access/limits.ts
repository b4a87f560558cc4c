import { second } from "@rivulet/sdk/protocol";

export interface BucketSize {
  /** Tokens that come back in a second. */
  readonly perSecond: number;
  /** Tokens that a full bucket holds. */
  readonly burst: number;
}

/** A token bucket: `burst` at once, `perSecond` for ever. Time never flows backwards in it. */
export class TokenBucket {
  readonly #size: BucketSize;
  #tokens: number;
  #filledAt: number;

  constructor(size: BucketSize, now: number) {
    this.#size = size;
    this.#tokens = size.burst;
    this.#filledAt = now;
  }

  /** Takes one token; false when there is none. */
  take(now: number): boolean {
    if (!this.has(now)) return false;
    this.#tokens -= 1;
    return true;
  }

  /** Whether there is a token to take. */
  has(now: number): boolean {
    this.#fill(now);
    return this.#tokens >= 1;
  }

  /** A full bucket is like a new one: nothing is lost when it is forgotten. */
  isFull(now: number): boolean {
    this.#fill(now);
    return this.#tokens >= this.#size.burst;
  }

  #fill(now: number): void {
    const elapsedMs = Math.max(0, now - this.#filledAt);
    this.#filledAt += elapsedMs;
    this.#tokens = Math.min(this.#size.burst, this.#tokens + (elapsedMs / second) * this.#size.perSecond);
  }
}

export interface MessageRateLimits {
  /** Messages a second. */
  readonly messageRate: number;
  /** Messages at once. */
  readonly messageBurst: number;
  /** Refused messages that are forgiven, filled up again at the message rate. */
  readonly maxRefusedMessages: number;
}

/** What a sum of fractions of a millisecond may be off by. */
const ROUNDING_MS = 0.001;

/**
 * One connection's messages. Too many are refused; a refusal costs an answer, so somebody who goes on regardless is
 * hung up on rather than answered for ever. Two token buckets, each kept as when it will be full again (the virtual
 * scheduling of ITU-T I.371's generic cell rate algorithm): there is one of these for every connection.
 */
export class MessageRate {
  readonly #limits: MessageRateLimits;
  #messagesFullAt = 0;
  #refusalsFullAt = 0;

  constructor(limits: MessageRateLimits) {
    this.#limits = limits;
  }

  judge(now: number): "pass" | "refuse" | "close" {
    const { messageRate, messageBurst, maxRefusedMessages } = this.#limits;
    const eachMs = second / messageRate;
    const messagesFullAt = Math.max(this.#messagesFullAt, now);
    if (messagesFullAt - now <= (messageBurst - 1) * eachMs + ROUNDING_MS) {
      this.#messagesFullAt = messagesFullAt + eachMs;
      return "pass";
    }
    const refusalsFullAt = Math.max(this.#refusalsFullAt, now);
    if (refusalsFullAt - now > (maxRefusedMessages - 1) * eachMs + ROUNDING_MS) return "close";
    this.#refusalsFullAt = refusalsFullAt + eachMs;
    return "refuse";
  }
}
