import { second } from "@rivulet/sdk/protocol";
import { ByteLru } from "./byte-lru.ts";
import { type Failure, failed, isOfOrigin, isPassing } from "./failure.ts";
import type { FetchSlots } from "./fetch-slots.ts";
import type { OriginPort, Validators } from "./origin-port.ts";
import { type Digest, PieceDigest } from "./piece-digest.ts";

/** A resource as it is on its origin now, or was a moment ago. The same object stands for the same bytes. */
export interface Digested {
  readonly type: "digested";
  readonly digest: Digest;
  readonly mediaType: string | undefined;
}

export interface DigestWish {
  /** When it was looked at longer ago, it is asked for again. */
  readonly maxAgeMs: number;
  /** True when viewers wait for it just now. */
  readonly isUrgent?: boolean;
}

interface Known {
  readonly outcome: Digested | Failure;
  readonly validators: Validators | undefined;
  readonly checkedAtMs: number;
  /** Whatever its age, it is not asked for before. */
  readonly retryAtMs: number;
}

/** An origin that has failed is left in peace for so long, however many ask. */
const RETRY_MS = 10 * second;
const DIGEST_BYTES = 512;

/** Knows the piece hashes of resources. Each is fetched once, whoever asks and how many at the same time. */
export class ResourceDigests {
  readonly #origin: OriginPort;
  readonly #slots: FetchSlots;
  readonly #maxBytes: number;
  readonly #now: () => number;
  readonly #known: ByteLru<Known>;
  #hits = 0;
  readonly #underWay = new Map<string, Promise<Digested | Failure>>();

  constructor(parts: {
    readonly origin: OriginPort;
    readonly slots: FetchSlots;
    /** Of one resource. */
    readonly maxBytes: number;
    readonly cacheBytes: number;
    readonly now: () => number;
  }) {
    this.#origin = parts.origin;
    this.#slots = parts.slots;
    this.#maxBytes = parts.maxBytes;
    this.#now = parts.now;
    this.#known = new ByteLru(parts.cacheBytes);
  }

  /** How often hashes were known when they were asked for. */
  get hits(): number {
    return this.#hits;
  }

  get cacheBytes(): number {
    return this.#known.bytes;
  }

  /** True when asking for it now would cause a fetch. */
  wouldFetch(url: URL, maxAgeMs: number): boolean {
    const known = this.#known.peek(url.href);
    return !this.#underWay.has(url.href) && !(known && this.#isFresh(known, maxAgeMs));
  }

  /** The hashes of a resource of an allowed origin. Never rejects. */
  async digestOf(url: URL, wish: DigestWish): Promise<Digested | Failure> {
    const known = this.#known.get(url.href);
    if (known && this.#isFresh(known, wish.maxAgeMs)) {
      this.#hits += 1;
      return known.outcome;
    }
    const underWay = this.#underWay.get(url.href);
    if (underWay) return underWay;
    const fetching = this.#slots.run(() => this.#fetch(url, known), wish.isUrgent);
    if (!fetching)
      return failed("too-many-fetches", "Too many fetches wait for their turn; try again later.");
    this.#underWay.set(url.href, fetching);
    try {
      return await fetching;
    } finally {
      this.#underWay.delete(url.href);
    }
  }

  #isFresh({ outcome, checkedAtMs, retryAtMs }: Known, maxAgeMs: number): boolean {
    const now = this.#now();
    return now < retryAtMs || (outcome.type === "digested" && now - checkedAtMs < maxAgeMs);
  }

  async #fetch(url: URL, known: Known | undefined): Promise<Digested | Failure> {
    const isKnown = known?.outcome.type === "digested";
    const validators = isKnown && hasAny(known.validators) ? known.validators : undefined;
    let pieces = new PieceDigest(undefined);
    const answer = await this.#origin.get({
      url,
      validators,
      maxBytes: this.#maxBytes,
      receive: (head) => {
        pieces = new PieceDigest(head.sizeBytes);
        return (chunk) => pieces.write(chunk);
      },
    });
    switch (answer.type) {
      case "complete": {
        const digest = await pieces.finish();
        const { mediaType, validators: found } = answer.head;
        return this.#remember(url, { type: "digested", digest, mediaType }, { validators: found });
      }
      case "unchanged":
        if (isKnown) return this.#remember(url, known.outcome, { validators: known.validators });
        return failed(
          "origin-failed",
          "The origin says that nothing has changed, although nothing was known.",
        );
      case "failed":
        // What was right a minute ago: if it no longer is, viewers notice that and take the origin's bytes.
        if (isKnown && isPassing(answer))
          return this.#remember(url, known.outcome, { ...known, retryMs: RETRY_MS });
        return isOfOrigin(answer) ? this.#remember(url, answer, { retryMs: RETRY_MS }) : answer;
      default:
        return answer satisfies never;
    }
  }

  #remember<Outcome extends Digested | Failure>(
    url: URL,
    outcome: Outcome,
    about: {
      readonly validators?: Validators | undefined;
      /** When it was looked at, if not just now. */
      readonly checkedAtMs?: number;
      /** For how long it is not to be asked for again, whatever its age. */
      readonly retryMs?: number;
    },
  ): Outcome {
    const now = this.#now();
    const { validators, checkedAtMs = now, retryMs = 0 } = about;
    const known = { outcome, validators, checkedAtMs, retryAtMs: now + retryMs };
    const bytes =
      outcome.type === "digested" ? outcome.digest.hashes.byteLength + DIGEST_BYTES : DIGEST_BYTES;
    this.#known.set(url.href, known, bytes);
    return outcome;
  }
}

function hasAny(validators: Validators | undefined): boolean {
  return validators?.etag !== undefined || validators?.lastModified !== undefined;
}
