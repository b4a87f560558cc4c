import type { SignalErrorCode } from "@rivulet/sdk/protocol";
import { type BucketSize, TokenBucket } from "./limits.ts";

/** What all connections of one key, an address or a token holder, have together. */
export interface AllowanceLimits {
  /** Open at a time. */
  readonly connections: number;
  readonly newConnections: BucketSize;
  readonly messages: BucketSize;
}

/** The options that say how much an address and a token holder have. */
export interface AllowanceOptions {
  readonly maxConnectionsPerAddress: number;
  readonly maxConnectionsPerToken: number;
  readonly addressConnectRate: number;
  readonly addressConnectBurst: number;
  readonly addressMessageRate: number;
  readonly addressMessageBurst: number;
}

interface Allowance {
  connections: number;
  readonly entries: TokenBucket;
  readonly messages: TokenBucket;
}

type TooMany = Extract<
  SignalErrorCode,
  "too-many-connections-from-address" | "too-many-connections-with-token"
>;

/** Keys without a connection that are remembered at most. */
const MAX_IDLE_KEYS = 20_000;

/**
 * Limits that connections share by key. In memory is a key with an open connection, of which there are no more than
 * connections, or with a bucket that is not full again. Of the latter there is a bound: beyond it the one that left
 * first is forgotten, and would find full buckets. Whoever can make others be forgotten by connecting from that many
 * keys has as many full buckets anyway.
 */
export class Allowances {
  readonly #limits: AllowanceLimits;
  readonly #tooMany: TooMany;
  readonly #maxIdleKeys: number;
  readonly #active = new Map<string, Allowance>();
  /** In the order in which their last connection went. */
  readonly #idle = new Map<string, Allowance>();

  constructor(limits: AllowanceLimits, tooMany: TooMany, maxIdleKeys = MAX_IDLE_KEYS) {
    this.#limits = limits;
    this.#tooMany = tooMany;
    this.#maxIdleKeys = maxIdleKeys;
  }

  /** Keys in memory. */
  get keys(): number {
    return this.#active.size + this.#idle.size;
  }

  /** Why one more connection of this key is too many, if it is; it is not counted yet. */
  refusal(key: string, now: number): TooMany | "connecting-too-fast" | undefined {
    const allowance = this.#active.get(key) ?? this.#idle.get(key);
    if (allowance === undefined) return undefined;
    if (allowance.connections >= this.#limits.connections) return this.#tooMany;
    return allowance.entries.has(now) ? undefined : "connecting-too-fast";
  }

  /** Counts one more connection. */
  add(key: string, now: number): void {
    const allowance = this.#active.get(key) ?? this.#idle.get(key) ?? this.#fresh(now);
    this.#idle.delete(key);
    this.#active.set(key, allowance);
    allowance.connections += 1;
    allowance.entries.take(now);
  }

  /** Counts one more connection, or says why it is refused and counts nothing. */
  enter(key: string, now: number): TooMany | "connecting-too-fast" | undefined {
    const refusal = this.refusal(key, now);
    if (refusal === undefined) this.add(key, now);
    return refusal;
  }

  exit(key: string, now: number): void {
    const allowance = this.#active.get(key);
    if (allowance === undefined) return;
    allowance.connections -= 1;
    if (allowance.connections > 0) return;
    this.#active.delete(key);
    if (isFull(allowance, now)) return;
    this.#idle.set(key, allowance);
    if (this.#idle.size <= this.#maxIdleKeys) return;
    for (const oldest of this.#idle.keys()) {
      this.#idle.delete(oldest);
      return;
    }
  }

  /** Takes one message from what the key's connections share; false when there is none left. */
  message(key: string, now: number): boolean {
    return this.#active.get(key)?.messages.take(now) ?? true;
  }

  /** To be called now and then: forgets keys whose buckets are full again. */
  sweep(now: number): void {
    for (const [key, allowance] of this.#idle) if (isFull(allowance, now)) this.#idle.delete(key);
  }

  #fresh(now: number): Allowance {
    const { newConnections, messages } = this.#limits;
    return {
      connections: 0,
      entries: new TokenBucket(newConnections, now),
      messages: new TokenBucket(messages, now),
    };
  }
}

/** What the connections of one address share. */
export function addressAllowances(options: AllowanceOptions): Allowances {
  return new Allowances(
    limitsOf(options, options.maxConnectionsPerAddress),
    "too-many-connections-from-address",
  );
}

/** What the connections of one token holder share: as much as those of an address, wherever they come from. */
export function tokenAllowances(options: AllowanceOptions): Allowances {
  return new Allowances(limitsOf(options, options.maxConnectionsPerToken), "too-many-connections-with-token");
}

function limitsOf(options: AllowanceOptions, connections: number): AllowanceLimits {
  return {
    connections,
    newConnections: { perSecond: options.addressConnectRate, burst: options.addressConnectBurst },
    messages: { perSecond: options.addressMessageRate, burst: options.addressMessageBurst },
  };
}

function isFull({ entries, messages }: Allowance, now: number): boolean {
  return entries.isFull(now) && messages.isFull(now);
}
