import { minute, type Random } from "@rivulet/sdk/protocol";
import { candidates, firstOf, isCandidate, type PeerChoice, peersOf } from "./peer-choice.ts";
import type { Member, Room } from "./room.ts";
import { gain } from "./sketch.ts";

/** What each reason to prefer a candidate weighs. */
const WEIGHTS = { gain: 4, near: 3, free: 2, superPeer: 2, age: 1 };
/** So many candidates are looked at for each peer that is wanted, so that the work does not grow with the swarm. */
const SAMPLE_FACTOR = 4;
const LEAST_SAMPLE = 64;
/** Somebody with more free connections than this is no better for it. */
const MANY_FREE = 8;
/** Who has stayed for this long is as likely to stay as anybody. */
const SETTLED_MS = 2 * minute;
/** What is assumed of somebody who did not say. */
const UNKNOWN = 0.5;
/** An answer names no more than so many, or half of the other members where that is more: nobody is told of a whole crowd. */
const SMALL_SWARM = 16;

/**
 * Prefers who has what the asker lacks, is near, has room, and has stayed. `randomShare` (0 to 1) of each answer is drawn
 * from all, whatever they are worth: by merit alone a swarm falls apart into cliques that never hear of each other.
 */
export function rankedPeers({
  random,
  randomShare,
}: {
  readonly random: Random;
  readonly randomShare: number;
}): PeerChoice {
  return (room, { member, want: wanted, now }) => {
    const want = Math.min(wanted, mostOf(room.size - 1));
    const byChance = firstOf(candidates(room, member, random), Math.ceil(want * randomShare));
    const taken = peersOf(byChance);
    const sample = sampled(room, {
      asker: member,
      size: Math.max(LEAST_SAMPLE, SAMPLE_FACTOR * want),
      random,
    });
    const ranked = sample
      .filter((other) => !taken.has(other.peer))
      .map((other) => ({ other, worth: worthOf(other, member, now) }))
      .sort((a, b) => b.worth - a.worth)
      .map(({ other }) => other);
    // The best first: who dials a few of them dials these.
    return [...ranked.slice(0, want - byChance.length), ...byChance];
  };
}

function mostOf(others: number): number {
  return others <= SMALL_SWARM ? others : Math.max(SMALL_SWARM, Math.floor(others / 2));
}

/** Up to half of the sample are neighbours, which in a large swarm would hardly be met by chance. */
function sampled(
  room: Room,
  { asker, size, random }: { readonly asker: Member; readonly size: number; readonly random: Random },
): Member[] {
  const near: Member[] = [];
  if (room.size > size) {
    for (const other of firstOf(room.group(asker.group)?.drawn(random) ?? [], size)) {
      if (isCandidate(other, asker)) near.push(other);
      if (near.length >= size / 2) break;
    }
  }
  const known = peersOf(near);
  const far = firstOf(candidates(room, asker, random), size - near.length);
  return [...near, ...far.filter((other) => !known.has(other.peer))];
}

function worthOf(other: Member, asker: Member, now: number): number {
  const free = other.free === undefined ? UNKNOWN : Math.min(other.free, MANY_FREE) / MANY_FREE;
  const age = Math.min(1, Math.max(0, now - other.since) / SETTLED_MS);
  return (
    WEIGHTS.gain * gainOf(other, asker) +
    WEIGHTS.near * Number(other.group === asker.group) +
    WEIGHTS.free * free +
    WEIGHTS.superPeer * Number(other.isSuperPeer) +
    WEIGHTS.age * age
  );
}

function gainOf(other: Member, asker: Member): number {
  if (other.complete) return 1;
  return other.have && asker.have ? gain(asker.have, other.have) : UNKNOWN;
}
