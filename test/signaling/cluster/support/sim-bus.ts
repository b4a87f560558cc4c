import type { Random } from "@rivulet/sdk/protocol";
import { Cluster } from "#signaling/cluster/cluster.ts";
import { SimRooms } from "./sim-rooms.ts";

/** What goes wrong on the way, from 0 to 1 each. */
export interface Weather {
  /** Messages that never come. */
  readonly loss: number;
  /** Messages that others overtake. */
  readonly disorder: number;
}

export const FAIR: Weather = { loss: 0, disorder: 0 };

const STEP_MS = 5;
const BEAT_MS = 1000;
const FLUSH_MS = 20;

/** One server process in virtual time. */
export class SimProcess {
  readonly id: string;
  readonly rooms = new SimRooms();
  readonly cluster: Cluster;
  readonly channels = new Set<string>();
  isLinked = false;
  flushAt: number | undefined;
  beatAt: number;
  /** When the last message on the way from this one arrives, by who gets it: a link keeps the order. */
  readonly arrival = new Map<SimProcess, number>();

  constructor(id: string, beatAt: number) {
    this.id = id;
    this.beatAt = beatAt;
    this.cluster = new Cluster({ id, prefix: "sim" }, this.rooms);
    this.rooms.attach(this.cluster);
  }
}

/** A bus that delays, and at times loses and disorders; time passes in steps. One seed tells one story. */
export class SimBus {
  readonly processes = new Set<SimProcess>();
  weather = FAIR;
  now = 0;
  readonly #random: Random;
  #events: { readonly at: number; readonly number: number; readonly act: () => void }[] = [];
  #count = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  start(): SimProcess {
    const id = Array.from({ length: 16 }, () => this.#random.below(16).toString(16)).join("");
    const process = new SimProcess(id, this.now + this.#random.below(BEAT_MS));
    this.processes.add(process);
    this.link(process);
    return process;
  }

  /** Gone between two instructions. */
  kill(process: SimProcess): void {
    this.processes.delete(process);
    process.isLinked = false;
  }

  link(process: SimProcess): void {
    this.#later(20, () => {
      if (!this.processes.has(process) || process.isLinked) return;
      process.isLinked = true;
      process.cluster.linkUp();
    });
  }

  /** What is on the way is lost; the process itself notices some time later. */
  cut(process: SimProcess): void {
    process.isLinked = false;
    this.#later(300, () => {
      if (!process.isLinked) process.cluster.linkDown();
    });
  }

  run(ms: number): void {
    for (const end = this.now + ms; this.now < end; this.now += STEP_MS) {
      this.#settle();
      const due = this.#events.filter(({ at }) => at <= this.now);
      this.#events = this.#events.filter(({ at }) => at > this.now);
      for (const { act } of due.sort((a, b) => a.at - b.at || a.number - b.number)) {
        act();
        this.#settle();
      }
    }
  }

  #settle(): void {
    for (const process of this.processes) {
      const { cluster } = process;
      if (process.beatAt <= this.now) {
        process.beatAt += BEAT_MS;
        cluster.tick();
      }
      if (cluster.hasNews) process.flushAt ??= this.now + FLUSH_MS;
      if (process.flushAt !== undefined && process.flushAt <= this.now) {
        process.flushAt = undefined;
        cluster.flush(this.now);
      }
      this.#perform(process);
    }
  }

  #perform(process: SimProcess): void {
    for (const effect of process.cluster.take()) {
      if (effect.type === "publish") this.#publish(process, effect.channel, effect.text);
      else if (effect.type === "subscribe") this.#subscribe(process, effect.channel);
      else process.channels.delete(effect.channel);
    }
  }

  #subscribe(process: SimProcess, channel: string): void {
    process.channels.add(channel);
    if (process.isLinked) this.#later(10, () => process.cluster.subscribed(channel));
  }

  #publish(from: SimProcess, channel: string, text: string): void {
    for (const to of this.processes) {
      if (!from.isLinked || this.#random.next() < this.weather.loss) continue;
      const inOrder = Math.max(this.now + 1 + this.#random.below(30), from.arrival.get(to) ?? 0);
      const isLate = this.#random.next() < this.weather.disorder;
      if (!isLate) from.arrival.set(to, inOrder);
      this.#at(isLate ? inOrder + this.#random.below(500) : inOrder, () => {
        if (to.isLinked && to.channels.has(channel)) to.cluster.heard(channel, text, this.now);
      });
    }
  }

  #later(withinMs: number, act: () => void): void {
    this.#at(this.now + 1 + this.#random.below(withinMs), act);
  }

  #at(at: number, act: () => void): void {
    this.#events.push({ at, number: this.#count++, act });
  }
}
