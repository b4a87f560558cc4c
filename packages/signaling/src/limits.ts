import { type SignalErrorCode, second } from "@rivulet/sdk/protocol";

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
    const elapsedMs = Math.max(0, now - this.#filledAt);
    this.#filledAt += elapsedMs;
    this.#tokens = Math.min(this.#size.burst, this.#tokens + (elapsedMs / second) * this.#size.perSecond);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
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

/**
 * One connection's messages. Too many are refused; a refusal costs an answer, so somebody who goes on regardless is
 * hung up on rather than answered for ever.
 */
export class MessageRate {
  readonly #messages: TokenBucket;
  readonly #refusals: TokenBucket;

  constructor({ messageRate, messageBurst, maxRefusedMessages }: MessageRateLimits, now: number) {
    this.#messages = new TokenBucket({ perSecond: messageRate, burst: messageBurst }, now);
    this.#refusals = new TokenBucket({ perSecond: messageRate, burst: maxRefusedMessages }, now);
  }

  judge(now: number): "pass" | "refuse" | "close" {
    if (this.#messages.take(now)) return "pass";
    return this.#refusals.take(now) ? "refuse" : "close";
  }
}

export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
}

/** Counts open connections, in all and by address. */
export class ConnectionCounter {
  readonly #limits: ConnectionLimits;
  readonly #byAddress = new Map<string, number>();
  #total = 0;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
  }

  get total(): number {
    return this.#total;
  }

  /** Addresses with an open connection: the counter's memory, and nothing that was once connected. */
  get addresses(): number {
    return this.#byAddress.size;
  }

  /** Why one more from this address is too many, if it is. */
  refusal(address: string): SignalErrorCode | undefined {
    if (this.#total >= this.#limits.maxConnections) return "too-many-connections";
    const fromAddress = this.#byAddress.get(address) ?? 0;
    return fromAddress >= this.#limits.maxConnectionsPerAddress
      ? "too-many-connections-from-address"
      : undefined;
  }

  add(address: string): void {
    this.#total += 1;
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1);
  }

  remove(address: string): void {
    const left = (this.#byAddress.get(address) ?? 0) - 1;
    if (left < 0) return;
    this.#total -= 1;
    if (left === 0) this.#byAddress.delete(address);
    else this.#byAddress.set(address, left);
  }
}
