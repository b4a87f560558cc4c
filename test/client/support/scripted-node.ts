import { seededRandom } from "#sdk/base/random.ts";
import type { Effect, Input } from "#sdk/engine/io.ts";
import { Node } from "#sdk/engine/node.ts";
import { peerId } from "./sample.ts";

export const UP = { type: "tracker", tracker: { state: "up" } } as const;

/** A node whose answers the test writes. */
export class ScriptedNode extends Node {
  readonly taken: [Input["type"], number][] = [];
  effects: Effect[][] = [];
  wake = Number.POSITIVE_INFINITY;
  /** What the engine wishes after each of the next inputs. */
  wakes: number[] = [];

  constructor() {
    super({ self: peerId("0"), random: seededRandom(1) });
  }

  override get wakeAt(): number {
    return this.wake;
  }

  override step(input: Input, now: number): Effect[] {
    this.taken.push([input.type, now]);
    this.wake = this.wakes.shift() ?? this.wake;
    return this.effects.shift() ?? [];
  }

  get types(): string[] {
    return this.taken.map(([type]) => type);
  }
}
