/** What passed between a peer and us, as far as it tells whether the peer gives. */
export interface Account {
  readonly givenBytes: number;
  readonly receivedBytes: number;
  /** How long ago it was first served, ms. */
  readonly servedForMs: number;
  /** It has what we need and keeps it, or did when we last needed something: it chokes us, or sends nothing. */
  readonly withholds: boolean;
  /** We need nothing, so that it cannot give to us. */
  readonly seeding: boolean;
  /** Bytes that it had of nobody but us, as far as we know, and how many of them others have had since. */
  readonly entrustedBytes: number;
  readonly passedOnBytes: number;
}

/** Decides who takes and does not give. */
export interface Standing {
  freeRider(account: Account): boolean;
  /** True when a peer may be given what nobody else has: it passed on most of what it had so, or has had little. */
  trusts(account: Pick<Account, "entrustedBytes" | "passedOnBytes">): boolean;
}

/** Lines differ: who gives a thirtieth of what it takes may give all it can. */
const LEAST_RETURN = 1 / 32;
/** Not every piece that was passed on is seen, and not at once. */
const LEAST_PASSED_ON = 1 / 8;
/** So many times a newcomer's allowance may be on its way from a peer to others. */
const TRUST = 4;

/** A seeder sees late, and only some of, what is passed on: its verdict takes so many times the bytes. */
const SEEDER_TIMES = 4;

/**
 * Reciprocity, with credit: a newcomer has nothing yet, so it is no free rider before it got an allowance in bytes and
 * time. Whom nobody can repay, a seeder, looks whether what it gave turns up at others, as super-seeding does (BEP 16).
 * To be a free rider costs a peer its turn, not its connection: the verdict can be wrong, and changes when it gives.
 */
export class CreditThenReciprocity implements Standing {
  readonly #bytes: number;
  readonly #ms: number;

  constructor(options: { readonly newcomerBytes: number; readonly newcomerMs: number }) {
    this.#bytes = options.newcomerBytes;
    this.#ms = options.newcomerMs;
  }

  freeRider(account: Account): boolean {
    const { givenBytes, receivedBytes, entrustedBytes, passedOnBytes } = account;
    if (givenBytes < this.#bytes || account.servedForMs < this.#ms) return false;
    if (receivedBytes >= givenBytes * LEAST_RETURN) return false;
    const passesOn = passedOnBytes > 0 && passedOnBytes >= entrustedBytes * LEAST_PASSED_ON;
    if (account.withholds || !account.seeding) return account.withholds && !(account.seeding && passesOn);
    return entrustedBytes >= SEEDER_TIMES * this.#bytes && passedOnBytes < entrustedBytes * LEAST_PASSED_ON;
  }

  trusts({ entrustedBytes, passedOnBytes }: Pick<Account, "entrustedBytes" | "passedOnBytes">): boolean {
    return entrustedBytes - TRUST * this.#bytes <= passedOnBytes / LEAST_PASSED_ON;
  }
}
