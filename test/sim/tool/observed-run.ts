import { second } from "#sdk/base/time.ts";
import type { World } from "../world.ts";

/** What was seen of a world from outside while it ran. */
export interface Observation {
  readonly everyMs: number;
  /** What the observed source sent, bytes per second, one value each `everyMs`. */
  readonly load: readonly number[];
}

/** Runs a world until nobody waits any more or `untilMs`, telling how far it is and noting a source's load. */
export function observedRun(
  world: World,
  options: {
    readonly untilMs: number;
    readonly everyMs: number;
    /** Bytes that the source has sent so far. */
    readonly sentBytes: () => number;
    /** The share of the work that is done. */
    readonly share: () => number;
    readonly progress: (share: number) => void;
    /** True while more will come that nobody waits for yet. */
    readonly more?: () => boolean;
  },
): Observation {
  const { everyMs } = options;
  const load: number[] = [];
  let before = options.sentBytes();
  while (world.queue.now < options.untilMs && (world.anyWaiting() || options.more?.())) {
    world.run(world.queue.now + everyMs);
    const sent = options.sentBytes();
    load.push(((sent - before) * second) / everyMs);
    before = sent;
    options.progress(options.share());
  }
  return { everyMs, load };
}
