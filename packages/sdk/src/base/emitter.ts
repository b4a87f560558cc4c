/** A typed event emitter: `Events` maps each event's name to what its listeners are given. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();
  readonly #onError: (error: unknown) => void;

  /** `onError` is given what a listener throws; the others still hear the event. Without it, `emit` throws. */
  constructor(
    onError: (error: unknown) => void = (error) => {
      throw error;
    },
  ) {
    this.#onError = onError;
  }

  /** Adds a listener; the function it returns removes it again. */
  on<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): () => void {
    let listeners = this.#listeners.get(name);
    if (!listeners) {
      listeners = new Set();
      this.#listeners.set(name, listeners);
    }
    listeners.add(listener as (event: never) => void);
    return () => this.off(name, listener);
  }

  off<Name extends keyof Events>(name: Name, listener: (event: Events[Name]) => void): void {
    this.#listeners.get(name)?.delete(listener as (event: never) => void);
  }

  /** True when somebody would hear the event: lets a caller skip building one that nobody wants. */
  has(name: keyof Events): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    const listeners = this.#listeners.get(name);
    if (!listeners) return;
    for (const listener of [...listeners]) {
      try {
        (listener as (event: Events[Name]) => void)(event);
      } catch (error) {
        this.#onError(error);
      }
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
