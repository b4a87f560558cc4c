import type { PeerId } from "@rivulet/sdk/protocol";
import type { ProcessId } from "../elsewhere.ts";
import { IndexedSet } from "./indexed-set.ts";
import type { Sketch } from "./sketch.ts";

/** One peer in one swarm. */
export interface Member {
  readonly peer: PeerId;
  /** The process that it is connected to; undefined: this one. */
  readonly home: ProcessId | undefined;
  /** Members of one group are near each other: a region, or a network. */
  readonly group: string;
  readonly isSuperPeer: boolean;
  /** When it joined, ms. */
  readonly since: number;
  readonly complete: boolean;
  /** What it has; undefined when it did not say. */
  readonly have: Sketch | undefined;
  /** How many further connections it takes; undefined when it did not say. Those that it was asked for count. */
  free: number | undefined;
}

/** The members of one swarm, each once, by whether they are complete and by group. */
export class Room {
  /** The address whose peer was the first. */
  readonly openedBy: string;
  readonly #members = new Map<string, Member>();
  readonly #partial = new IndexedSet<Member>();
  readonly #complete = new IndexedSet<Member>();
  readonly #groups = new Map<string, IndexedSet<Member>>();
  #local = 0;

  constructor(openedBy: string) {
    this.openedBy = openedBy;
  }

  get size(): number {
    return this.#members.size;
  }

  /** Members that are connected to this process. */
  get localSize(): number {
    return this.#local;
  }

  get members(): Iterable<Member> {
    return this.#members.values();
  }

  /** By what may or may not be a peer's id. */
  get(peer: string): Member | undefined {
    return this.#members.get(peer);
  }

  /** Those that miss something come first, then the complete ones; undefined beyond the end. */
  at(position: number): Member | undefined {
    const complete = position - this.#partial.size;
    return complete >= 0 ? this.#complete.at(complete) : this.#partial.at(position);
  }

  /** Members that still miss something. */
  get partial(): IndexedSet<Member> {
    return this.#partial;
  }

  get complete(): IndexedSet<Member> {
    return this.#complete;
  }

  group(name: string): IndexedSet<Member> | undefined {
    return this.#groups.get(name);
  }

  put(member: Member): void {
    this.remove(member.peer);
    this.#members.set(member.peer, member);
    (member.complete ? this.#complete : this.#partial).add(member);
    const group = this.#groups.get(member.group) ?? new IndexedSet<Member>();
    this.#groups.set(member.group, group);
    group.add(member);
    if (member.home === undefined) this.#local += 1;
  }

  remove(peer: PeerId): boolean {
    const member = this.#members.get(peer);
    if (!member) return false;
    this.#members.delete(peer);
    (member.complete ? this.#complete : this.#partial).delete(member);
    const group = this.#groups.get(member.group);
    group?.delete(member);
    if (group?.size === 0) this.#groups.delete(member.group);
    if (member.home === undefined) this.#local -= 1;
    return true;
  }
}
