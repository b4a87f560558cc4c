import { type PeerId, parsePeerId, RivuletError } from "@rivulet/sdk/protocol";
import type { Entry, ProcessId } from "../elsewhere.ts";
import type { Member } from "./room.ts";
import { formatSketch, parseSketch } from "./sketch.ts";

const MAX_GROUP_LENGTH = 64;

/** A member as other processes are told of it. Ages travel, not times: two machines' clocks differ. */
export function formatMember(member: Member, now: number): Entry {
  return {
    peer: member.peer,
    group: member.group,
    complete: member.complete,
    ageMs: Math.round(now - member.since),
    ...(member.isSuperPeer && { superPeer: true }),
    ...(member.have && { have: formatSketch(member.have) }),
    ...(member.free !== undefined && { free: member.free }),
  };
}

/** Undefined for what no process of this version says. */
export function parseMember(entry: unknown, home: ProcessId, now: number): Member | undefined {
  if (typeof entry !== "object" || entry === null) return undefined;
  const { peer, group, complete, ageMs, superPeer, have, free }: Entry = { ...entry };
  const id = peerIdOf(peer);
  if (id === undefined || typeof group !== "string" || group.length > MAX_GROUP_LENGTH) return undefined;
  if (typeof complete !== "boolean" || typeof ageMs !== "number" || !(ageMs >= 0)) return undefined;
  return {
    peer: id,
    home,
    group,
    isSuperPeer: superPeer === true,
    since: now - ageMs,
    complete,
    have: parseSketch(typeof have === "string" ? have : undefined),
    free: typeof free === "number" && free >= 0 ? free : undefined,
  };
}

/** Whether there is something new to tell other processes. */
export function changed(before: Member, after: Member): boolean {
  return (
    before.home !== after.home ||
    before.complete !== after.complete ||
    before.free !== after.free ||
    before.have?.high !== after.have?.high ||
    before.have?.low !== after.have?.low
  );
}

function peerIdOf(value: unknown): PeerId | undefined {
  try {
    return parsePeerId(value);
  } catch (error) {
    if (error instanceof RivuletError) return undefined;
    throw error;
  }
}
