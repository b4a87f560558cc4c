import { second } from "../base/time.ts";
import type { Effect, Input } from "../engine/io.ts";
import type { Node } from "../engine/node.ts";

/** Performs effects. An input that one causes is taken after all effects of the present one. */
export type Perform = (effect: Effect) => void;

/** Timers may not be longer than this: beyond 2³¹ ms a browser fires them at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * A timer that is later than this found the page busy. What has come meanwhile, such as the tracker's welcome, waits too,
 * and nobody may be given up for it: the tick waits once more, for as long as the page was busy, up to `MOST_WAIT_MS`.
 */
const LATE_MS = 10;
const MOST_WAIT_MS = 50;
/** A page that was found busy counts as busy for so long. */
const BUSY_MS = second;
/** One that is so late was held back by the browser, as in hidden pages: it would be held back again. */
const THROTTLED_MS = 500;

/** Runs an engine: one input at a time, its effects in order, and a tick whenever the engine asks for one. */
export class Runner {
  readonly #node: Node;
  readonly #perform: Perform;
  readonly #now: () => number;
  readonly #queue: Input[] = [];
  #running = false;
  #stopped = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerAt = Number.POSITIVE_INFINITY;
  #busyUntil = 0;

  constructor(parts: { readonly node: Node; readonly perform: Perform; readonly now: () => number }) {
    this.#node = parts.node;
    this.#perform = parts.perform;
    this.#now = parts.now;
  }

  /** Takes an input now, or after those that are being taken. */
  readonly input = (input: Input): void => {
    if (this.#stopped) return;
    this.#queue.push(input);
    if (this.#running) return;
    this.#running = true;
    try {
      for (let next = this.#queue.shift(); next && !this.#stopped; next = this.#queue.shift()) {
        for (const effect of this.#node.step(next, this.#now())) {
          // A listener of an event may have ended everything: no dial may follow.
          if (this.#stopped) break;
          this.#perform(effect);
        }
      }
    } finally {
      this.#running = false;
    }
    this.#schedule();
  };

  /** True while the page has more to do than its processor can: its timers are late. */
  get busy(): boolean {
    return this.#now() < this.#busyUntil;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** A timer that comes too early only sets the next one: setting one at each input would cost more than most inputs. */
  #schedule(): void {
    const { wakeAt } = this.#node;
    if (this.#stopped || wakeAt >= this.#timerAt) return;
    this.#sleep(Math.min(LONGEST_TIMER_MS, Math.max(0, Math.ceil(wakeAt - this.#now()))), LATE_MS);
  }

  #sleep(delayMs: number, lateMs: number): void {
    clearTimeout(this.#timer);
    this.#timerAt = this.#now() + delayMs;
    this.#timer = setTimeout(() => {
      const late = this.#now() - this.#timerAt;
      if (late > LATE_MS && late < THROTTLED_MS) this.#busyUntil = this.#now() + BUSY_MS;
      if (late > lateMs && late < THROTTLED_MS)
        return this.#sleep(Math.min(late, MOST_WAIT_MS), THROTTLED_MS);
      this.#timerAt = Number.POSITIVE_INFINITY;
      if (this.#node.wakeAt <= this.#now()) this.input({ type: "tick" });
      else this.#schedule();
    }, delayMs);
  }
}
