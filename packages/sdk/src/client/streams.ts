import type { WantId } from "../engine/io.ts";
import type { WantStream } from "./want-stream.ts";

/** What the page waits for now, by the ids that the engine knows. */
export class Streams {
  readonly #streams = new Map<WantId, WantStream>();
  readonly #onChange: (waiting: boolean) => void;
  #next = 1;

  /** `onChange` hears whether the page waits for anything. */
  constructor(onChange: (waiting: boolean) => void) {
    this.#onChange = onChange;
  }

  get(want: WantId): WantStream | undefined {
    return this.#streams.get(want);
  }

  add(stream: WantStream): WantId {
    const want = this.#next++;
    this.#streams.set(want, stream);
    this.#onChange(true);
    return want;
  }

  delete(want: WantId): void {
    this.#streams.delete(want);
    this.#onChange(this.#streams.size > 0);
  }

  fail(error: unknown): void {
    for (const stream of [...this.#streams.values()]) stream.fail(error);
  }
}
