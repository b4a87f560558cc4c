import type { Effect, Input } from "#sdk/engine/io.ts";
import type { Node } from "#sdk/engine/node.ts";

/** Counts the engines' steps and, when it is told to run, how long they take; what the simulator itself does is not in it. */
export class Stopwatch {
  steps = 0;
  /** Wall time within steps, ms. */
  stepMs = 0;
  running = false;

  step(node: Node, input: Input, now: number): Effect[] {
    this.steps++;
    if (!this.running) return node.step(input, now);
    const startedAt = performance.now();
    const effects = node.step(input, now);
    this.stepMs += performance.now() - startedAt;
    return effects;
  }

  get stepsPerSecond(): number {
    return this.stepMs === 0 ? 0 : (1000 * this.steps) / this.stepMs;
  }
}
