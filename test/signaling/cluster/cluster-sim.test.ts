import assert from "node:assert/strict";
import { test } from "node:test";
import { type Random, seededRandom } from "@rivulet/sdk/protocol";
import { SimBus, type SimProcess } from "./support/sim-bus.ts";

const ROOMS = ["a", "b", "c"].map((letter) => `r:${letter.repeat(64)}`);
const PEERS = Array.from({ length: 12 }, (_, i) => i.toString(16).padStart(32, "0"));
/** Longer than a round in which all is compared, and than a dead process's silence. */
const QUIET_MS = 45_000;

/** Peers that come, change, go and move between three processes, which die, start and lose the bus. */
class Story {
  readonly bus: SimBus;
  readonly #random: Random;
  readonly #processes: SimProcess[];
  /** The process where each peer has connected last; its connections at others are dead, and not yet noticed. */
  readonly #place = new Map<string, SimProcess>();
  #changes = 0;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
    this.bus = new SimBus(this.#random);
    this.#processes = [1, 2, 3].map(() => this.bus.start());
  }

  happen(): void {
    const peer = this.#pick(PEERS);
    const process = this.#pick(this.#processes);
    const what = this.#random.next();
    if (what < 0.55) this.#join(peer, process);
    else if (what < 0.75) this.#place.get(peer)?.rooms.leave(this.#pick(ROOMS), peer);
    else if (what < 0.85) this.#place.get(peer)?.rooms.disconnect(peer);
    else if (what < 0.9) this.bus.cut(process);
    else if (what < 0.98) this.bus.link(process);
    else this.#restart(process);
    this.bus.run(this.#random.below(200));
  }

  /** The servers' heartbeats find the dead connections, the bus is there for all, and nothing else happens. */
  quieten(): void {
    this.bus.weather = { loss: 0, disorder: 0 };
    for (const process of this.#processes) {
      this.bus.link(process);
      for (const peer of PEERS) if (this.#place.get(peer) !== process) process.rooms.disconnect(peer);
    }
    this.bus.run(QUIET_MS);
  }

  assertAgreed(): void {
    for (const room of ROOMS) {
      for (const process of this.#processes.filter(({ rooms }) => rooms.here.has(room))) {
        const expected = this.#processes.flatMap(({ id, rooms }) =>
          rooms.entries(room).map(({ peer, entry }) => {
            const home = id === process.id ? undefined : id;
            return [peer, { home, entry }] as const;
          }),
        );
        assert.deepEqual(process.rooms.view(room), new Map(expected));
      }
    }
  }

  #join(peer: string, process: SimProcess): void {
    // Most of them stay where they are; who moves is not seen to leave.
    const place = this.#random.next() < 0.8 ? (this.#place.get(peer) ?? process) : process;
    this.#place.set(peer, place);
    place.rooms.join(this.#pick(ROOMS), peer, { change: this.#changes++ });
  }

  #restart(process: SimProcess): void {
    this.bus.kill(process);
    for (const [peer, place] of this.#place) if (place === process) this.#place.delete(peer);
    this.#processes[this.#processes.indexOf(process)] = this.bus.start();
  }

  #pick<Item>(items: readonly Item[]): Item {
    const item = items[this.#random.below(items.length)];
    assert.ok(item !== undefined);
    return item;
  }
}

function tell(seed: number, weather: SimBus["weather"]): void {
  const story = new Story(seed);
  story.bus.weather = weather;
  for (let i = 0; i < 150; i++) story.happen();
  story.quieten();
  story.assertAgreed();
}

const SEEDS = Array.from({ length: 12 }, (_, i) => i + 1);

for (const seed of SEEDS) {
  test(`on a bus that keeps the order, all processes agree in the end: seed ${seed}`, () => {
    tell(seed, { loss: 0, disorder: 0 });
  });
  test(`on a bus that loses and disorders, all processes agree in the end: seed ${seed}`, () => {
    tell(seed, { loss: 0.1, disorder: 0.1 });
  });
}
