import type { Conditions, Restraint } from "#sdk/adapters/conditions.ts";

/** Conditions that the test changes. */
export class ChangingConditions implements Conditions {
  readonly relayOnly: boolean = false;
  readonly #listeners = new Set<(restraint: Restraint) => void>();
  restraint: Restraint;

  constructor(restraint: Restraint) {
    this.restraint = restraint;
  }

  become(restraint: Restraint): void {
    this.restraint = restraint;
    for (const listener of this.#listeners) listener(restraint);
  }

  onChange(listener: (restraint: Restraint) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
