import { minute, second } from "#sdk/base/time.ts";
import type { Patience } from "#sdk/engine/io.ts";
import type { EngineOptions } from "#sdk/engine/options.ts";
import type { HostOptions } from "../host-options.ts";
import type { LineOptions } from "../line.ts";
import { homeLine, line, seeder, type Visitor, visitor } from "../scenarios.ts";
import { type SimContent, simContent } from "../sim-content.ts";
import type { SimHost } from "../sim-host.ts";
import { fluidBoundMs } from "../tool/fluid-bound.ts";
import { observedRun } from "../tool/observed-run.ts";
import type { Progress, ScenarioRun } from "../tool/scenario.ts";
import { World, type WorldOptions } from "../world.ts";

/** There is no origin: nobody turns to one, and nothing is ever urgent. */
const NO_ORIGIN: Partial<EngineOptions> = { maxOriginFetches: 0 };
const NO_HURRY: Patience = { firstByteMs: 600 * minute, minBytesPerSecond: 1_000_000 };
/** A machine somewhere with a symmetric line of 100 Mbit/s. */
const SEEDER_LINE = line(100, 100);
/** Everybody who is there from the start comes within this time. */
export const JOIN_WITHIN_MS = 10 * second;
/** When a world is given up, unless it says so itself. */
const UNTIL_MS = 30 * minute;

/** How large a world without an origin is. */
export interface HomeSwarmSize {
  readonly seed: number;
  readonly peers: number;
  /** Of the one resource that all want. */
  readonly bytes: number;
  /** When the world is given up, ms. */
  readonly untilMs?: number;
}

/** Homes with all kinds of lines who share one file of one seeder; there is no origin. */
export class HomeSwarm {
  readonly world: World;
  readonly content: SimContent;
  readonly source: SimHost;
  readonly visitors: Visitor[] = [];
  readonly size: HomeSwarmSize;
  readonly lines: readonly LineOptions[];
  #expected = 0;

  constructor(size: HomeSwarmSize, options: Partial<WorldOptions> = {}) {
    this.size = size;
    this.world = new World({ seed: size.seed, options: { watched: false, ...options } });
    this.world.stopwatch.running = true;
    this.content = simContent(1, [size.bytes]);
    // Drawn first, so that two worlds of one seed have the same homes, whatever happens in them.
    this.lines = Array.from({ length: size.peers }, () => homeLine(this.world));
    this.source = seeder(this.world, this.content, { engine: NO_ORIGIN, line: SEEDER_LINE });
    this.world.run(1 * second);
  }

  /** Somebody who comes at `atMs` of the world's time, and wants the file. */
  visit(
    atMs: number,
    options: Partial<HostOptions> & { readonly home: number },
    arrived?: (visitor: Visitor) => void,
  ): void {
    const { home, engine, ...rest } = options;
    this.#expected++;
    this.world.queue.at(atMs, () => {
      const come = visitor(this.world, this.content, {
        patience: NO_HURRY,
        line: this.lines[home % this.lines.length] ?? SEEDER_LINE,
        engine: { ...NO_ORIGIN, ...engine },
        ...rest,
      });
      this.visitors.push(come);
      arrived?.(come);
    });
  }

  /** When each of those who are there from the start comes. */
  arrivals(): number[] {
    const { world } = this;
    return Array.from(
      { length: this.size.peers },
      () => world.queue.now + world.random.next() * JOIN_WITHIN_MS,
    );
  }

  get boundMs(): number {
    return fluidBoundMs({
      bytes: this.size.bytes,
      sourceBytesPerSecond: SEEDER_LINE.upBytesPerSecond,
      peers: this.lines,
    });
  }

  run(progress: Progress, part: { readonly from: number; readonly to: number; readonly name: string }) {
    const { world, source, size } = this;
    const all = size.bytes * this.#expected;
    return observedRun(world, {
      untilMs: size.untilMs ?? UNTIL_MS,
      everyMs: 1 * second,
      sentBytes: () => source.uploadedBytes,
      share: () => world.usefulBytes / all,
      progress: (share) =>
        progress(
          part.from + (part.to - part.from) * share,
          `${part.name}, ${(world.queue.now / second).toFixed(0)} s`,
        ),
      more: () => this.visitors.length < this.#expected,
    });
  }
}

/** How long those took that finished, ms. */
export function tookMs(visitors: readonly Visitor[]): number[] {
  return visitors
    .filter(({ consumer }) => consumer.doneAt !== undefined)
    .map(({ consumer }) => consumer.tookMs);
}

/** What both worlds of a comparison cost together. */
export function costOf(...swarms: readonly HomeSwarm[]): { steps: number; stepMs: number } {
  let [steps, stepMs] = [0, 0];
  for (const { world } of swarms) {
    steps += world.stopwatch.steps;
    stepMs += world.stopwatch.stepMs;
  }
  return { steps, stepMs };
}

/** A scenario's usual size. */
export function sized({ seed, peers }: ScenarioRun, bytes: number): HomeSwarmSize {
  return { seed, peers, bytes };
}
