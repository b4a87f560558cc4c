import type { ContentId, PeerId } from "../../base/ids.ts";
import { identityOf, scramble } from "../../base/rendezvous.ts";
import { second } from "../../base/time.ts";
import { MAX_ROSTER_ENTRIES } from "../../protocol/limits.ts";

/** Nothing was heard of a member for so long: it is one no more. */
export const ROSTER_EXPIRY_MS = 12 * second;
/** A member that we ourselves lost sight of, unless others heard of it since. */
const LOST_EXPIRY_MS = 3 * second;
/** Withdrawals that are remembered against late gossip. */
const MAX_WITHDRAWN = 64;

interface Member {
  readonly peer: PeerId;
  readonly rank: number;
  /** Its last sign of life, as far as we know. */
  readonly aliveAt: number;
  /** When it counts as gone; earlier than usual when we saw it go. */
  readonly until: number;
  /** When we saw it go: only a later sign of life counts. */
  readonly lostAt: number | undefined;
  /** Came into the list and was not told yet. */
  fresh: boolean;
  /** Up to two neighbours that vouched for it, the first and another one; a peer vouches for itself too. */
  vouchers: readonly PeerId[];
}

/**
 * The duty committee of one content: the members of highest rank that gossip brought, each with the time of its last
 * sign of life. The rank is a rendezvous hash (Thaler and Ravishankar 1998), so all who heard of the same members agree.
 *
 * Nothing here is proved: whoever likes can name itself or made-up peers, and grind for ids of high rank. It costs the
 * others no more than waiting until a backup steps in, as for any member that does nothing; and what one neighbour alone
 * vouches for is on half of the duty at most once there is another to listen to.
 */
export class Committee {
  /** So many are on duty. */
  static readonly size = 16;
  /** So many are listed: all agree on who moves up when a member leaves, and not everybody tries at once. */
  static readonly listed = MAX_ROSTER_ENTRIES;
  readonly #content: ContentId;
  readonly #self: PeerId;
  readonly #members = new Map<PeerId, Member>();
  readonly #withdrawn = new Map<PeerId, number>();
  readonly #neighbours = new Map<PeerId, number>();
  /** Somebody came into the list and was not told yet. */
  fresh = false;
  /** The members in order, until somebody comes or goes. */
  #order: readonly PeerId[] | undefined;
  /** When the next one expires. */
  #checkAt = Number.NEGATIVE_INFINITY;

  constructor(parts: { readonly content: ContentId; readonly self: PeerId }) {
    this.#content = parts.content;
    this.#self = parts.self;
  }

  /** The live members that are on duty, of highest rank first; the same array until somebody comes or goes. */
  members(now: number): readonly PeerId[] {
    this.#expire(now);
    this.#order ??= [...this.#members.values()]
      .sort(higher)
      .slice(0, Committee.size)
      .map(({ peer }) => peer);
    return this.#order;
  }

  #expire(now: number): void {
    if (now >= this.#checkAt) {
      let until = Number.POSITIVE_INFINITY;
      for (const member of this.#members.values()) {
        if (member.until <= now) this.#remove(member.peer);
        else until = Math.min(until, member.until);
      }
      this.#checkAt = until;
    }
  }

  /** A neighbour heard of this peer's sign of life at that time. */
  heard(peer: PeerId, aliveAt: number, from: PeerId, now: number): void {
    if (peer === this.#self || aliveAt <= now - ROSTER_EXPIRY_MS) return;
    this.#neighbours.set(from, now);
    const withdrawnAt = this.#withdrawn.get(peer);
    if (withdrawnAt !== undefined && aliveAt <= withdrawnAt) return;
    const before = this.#members.get(peer);
    if (!before) return this.#admit(peer, aliveAt, from, now);
    const vouchers = before.vouchers.includes(from)
      ? before.vouchers
      : [...before.vouchers, from].slice(0, 2);
    const newer = aliveAt > Math.max(before.aliveAt, before.lostAt ?? 0);
    const times = newer ? { aliveAt, until: aliveAt + ROSTER_EXPIRY_MS, lostAt: undefined } : {};
    this.#members.set(peer, { ...before, ...times, vouchers });
  }

  /** We are a member ourselves, and alive. */
  enlist(now: number): void {
    const before = this.#members.get(this.#self);
    if (before) this.#members.set(this.#self, { ...before, aliveAt: now, until: now + ROSTER_EXPIRY_MS });
    else this.#admit(this.#self, now, this.#self, now);
  }

  has(peer: PeerId): boolean {
    return this.#members.has(peer);
  }

  /** It says of itself that it is no member any more. True when it was one. */
  withdraw(peer: PeerId, now: number): boolean {
    this.#withdrawn.delete(peer);
    this.#withdrawn.set(peer, now);
    const [oldest] = this.#withdrawn.keys();
    if (oldest && this.#withdrawn.size > MAX_WITHDRAWN) this.#withdrawn.delete(oldest);
    return this.#remove(peer);
  }

  /** We saw its connection end: it may be gone, or only that connection. */
  lost(peer: PeerId, now: number): void {
    this.#neighbours.delete(peer);
    const member = this.#members.get(peer);
    if (!member) return;
    const until = Math.min(member.until, now + LOST_EXPIRY_MS);
    this.#members.set(peer, { ...member, until, lostAt: now });
    this.#checkAt = Math.min(this.#checkAt, until);
  }

  /** Who to tell of, each with its last sign of life; not what that neighbour told us. Only what came new, if so wished. */
  news(to: PeerId, now: number, freshOnly: boolean): { readonly peer: PeerId; readonly aliveAt: number }[] {
    this.#expire(now);
    return [...this.#members.values()].filter(
      ({ peer, lostAt, vouchers, fresh }) =>
        peer !== to && lostAt === undefined && (!freshOnly || (fresh && !vouchers.includes(to))),
    );
  }

  told(): void {
    this.fresh = false;
    for (const member of this.#members.values()) member.fresh = false;
  }

  #admit(peer: PeerId, aliveAt: number, from: PeerId, now: number): void {
    const rank = rosterRank(peer, this.#content);
    const until = aliveAt + ROSTER_EXPIRY_MS;
    const member = { peer, rank, aliveAt, until, lostAt: undefined, fresh: true, vouchers: [from] };
    this.#expire(now);
    const full = this.#members.size >= Committee.listed;
    const out = full ? this.#lowest(() => true) : undefined;
    if (out && higher(out, member) < 0) return;
    // Its own share first: a flood by one neighbour replaces only what that neighbour brought.
    const alone = ({ vouchers }: Member) => peer !== from && vouchers.length === 1 && vouchers[0] === from;
    const share = [...this.#members.values()].filter(alone).length;
    let victim = out;
    if (this.#others(from, now) && peer !== from && share >= Committee.size / 2) {
      victim = this.#lowest(alone);
      if (victim && higher(victim, member) < 0) return;
    }
    if (victim) this.#remove(victim.peer);
    this.#members.set(peer, member);
    this.fresh = true;
    this.#order = undefined;
    this.#checkAt = Math.min(this.#checkAt, until);
  }

  /** True when somebody else than this neighbour told us something lately. */
  #others(from: PeerId, now: number): boolean {
    for (const [neighbour, at] of this.#neighbours) {
      if (at <= now - ROSTER_EXPIRY_MS) this.#neighbours.delete(neighbour);
      else if (neighbour !== from) return true;
    }
    return false;
  }

  #lowest(of: (member: Member) => boolean): Member | undefined {
    return [...this.#members.values()].filter(of).sort(higher).at(-1);
  }

  #remove(peer: PeerId): boolean {
    if (!this.#members.delete(peer)) return false;
    this.#order = undefined;
    return true;
  }
}

function higher(a: { rank: number; peer: PeerId }, b: { rank: number; peer: PeerId }): number {
  return b.rank - a.rank || (a.peer < b.peer ? -1 : 1);
}

/** The same number on every peer. */
export function rosterRank(peer: PeerId, content: ContentId): number {
  return scramble(identityOf(peer, content));
}
