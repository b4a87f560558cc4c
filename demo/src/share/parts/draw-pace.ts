/** At most this often something is drawn, ms. */
const DRAW_EVERY_MS = 250;

/** Draws soon after it is asked to, and no more than four times a second however often that is. */
export class DrawPace {
  readonly #draw: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drawnAt = Number.NEGATIVE_INFINITY;

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  request(): void {
    if (this.#timer !== undefined) return;
    const waitMs = Math.max(0, this.#drawnAt + DRAW_EVERY_MS - performance.now());
    this.#timer = setTimeout(() => this.now(), waitMs);
  }

  now(): void {
    this.stop();
    this.#drawnAt = performance.now();
    this.#draw();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
