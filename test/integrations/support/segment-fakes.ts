import type { Line, RivuletRequestInit, SegmentSource } from "#sdk/integrations/segment-source.ts";

/** One request that a player's integration made of a Rivulet, and its answer, part by part. */
export class Asked {
  readonly url: string;
  readonly init: RivuletRequestInit;
  #answer: (response: Response) => void = () => {};
  #refuse: (error: unknown) => void = () => {};
  #body: ReadableStreamDefaultController<Uint8Array> | undefined;
  #state: "open" | "ended" | "cancelled" = "open";
  readonly response: Promise<Response>;

  constructor(url: string, init: RivuletRequestInit) {
    this.url = url;
    this.init = init;
    this.response = new Promise((resolve, reject) => {
      this.#answer = resolve;
      this.#refuse = reject;
    });
    init.signal?.addEventListener("abort", () => this.fail(init.signal?.reason));
  }

  /** True while nobody ended it, from either side. */
  get isOpen(): boolean {
    return this.#state === "open" && !this.init.signal?.aborted;
  }

  get headers(): Headers {
    return new Headers(this.init.headers);
  }

  /** The head of the answer; the body follows. */
  async answer(init: ResponseInit = {}, url = this.url): Promise<void> {
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#body = controller;
      },
      cancel: () => {
        this.#state = "cancelled";
      },
    });
    this.#answer(Object.defineProperty(new Response(body, init), "url", { value: url }));
    await settled();
  }

  async send(...parts: readonly Uint8Array[]): Promise<void> {
    for (const part of parts) {
      this.#body?.enqueue(part);
      await settled();
    }
  }

  async end(): Promise<void> {
    this.#state = "ended";
    this.#body?.close();
    await settled();
  }

  async fail(error: unknown): Promise<void> {
    if (this.#state === "open") this.#state = "ended";
    this.#refuse(error);
    this.#body?.error(error);
    await settled();
  }

  /** The whole answer at once. */
  async give(bytes: Uint8Array, init: ResponseInit = {}): Promise<void> {
    await this.answer({ headers: { "Content-Length": String(bytes.byteLength) }, ...init });
    await this.send(bytes);
    await this.end();
  }
}

/** A Rivulet whose answers the test gives. */
export class FakeSource implements SegmentSource {
  readonly asked: Asked[] = [];
  line: Line | undefined;

  fetch(url: string, init: RivuletRequestInit = {}): Promise<Response> {
    const asked = new Asked(url, init);
    this.asked.push(asked);
    return asked.response;
  }

  /** The newest request. */
  get last(): Asked {
    const last = this.asked.at(-1);
    if (!last) throw new Error("Nothing was asked of Rivulet.");
    return last;
  }

  get open(): number {
    return this.asked.filter(({ isOpen }) => isOpen).length;
  }
}

/** Until all that waits for nothing but itself has happened. */
export async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** A media element: `ranges` are what is buffered, s. */
export function mediaAt(currentTime: number, ...ranges: readonly (readonly [number, number])[]) {
  const start = (i: number) => ranges[i]?.[0] ?? Number.NaN;
  const end = (i: number) => ranges[i]?.[1] ?? Number.NaN;
  return { currentTime, playbackRate: 1, buffered: { length: ranges.length, start, end } };
}

/** Timers that would keep the page busy. */
export function timersOpen(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}
