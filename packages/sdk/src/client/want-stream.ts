import { MIB } from "../base/bytes.ts";
import { RivuletError } from "../base/errors.ts";
import type { PieceSource } from "../engine/events.ts";
import type { Input, Patience, WantId } from "../engine/io.ts";
import type { Catalog } from "./catalog.ts";
import type { PieceKeeper } from "./piece-keeper.ts";
import type { ByteRange } from "./range-header.ts";

/** After so much the page's other tasks get their turn: a file that lies ready must not block it. */
const TURN_BYTES = 1 * MIB;

/** A stretch of verified bytes that the store holds for the page. */
interface Ready {
  readonly piece: number;
  readonly start: number;
  readonly end: number;
  readonly source: PieceSource;
}

export interface WantStreamParts {
  readonly catalog: Catalog;
  readonly resource: number;
  readonly range: ByteRange;
  readonly patience: Patience;
  /** Media that is being played. */
  readonly playing: boolean;
  /** Its reason ends the stream. */
  readonly signal: AbortSignal | undefined;
  readonly input: (input: Input) => void;
  /** These bytes of a piece, for the page to keep; undefined when the store no longer has the piece. */
  readonly give: PieceKeeper["give"];
  /** Registers the stream under a fresh id, so that the engine's deliveries reach it. */
  readonly register: (stream: WantStream) => WantId;
  readonly unregister: (want: WantId) => void;
  /** The last byte went out. */
  readonly onFinished: () => void;
  readonly onDelivered: (delivered: {
    readonly resource: number;
    readonly bytes: number;
    readonly source: PieceSource;
  }) => void;
}

/** One byte range on its way to the page: what the engine delivers goes out in order, as fast as the page reads. */
export class WantStream {
  readonly #parts: WantStreamParts;
  readonly #ready: Ready[] = [];
  readonly body: ReadableStream<Uint8Array>;
  /** Settles when the first byte can be read, or nothing ever will be. */
  readonly started: Promise<void>;
  #want: WantId | undefined;
  #position: number;
  #failure: unknown;
  #ended = false;
  #sinceTurn = 0;
  #wake: () => void = () => undefined;
  #start!: { readonly resolve: () => void; readonly reject: (error: unknown) => void };

  constructor(parts: WantStreamParts) {
    this.#parts = parts;
    this.#position = parts.range.start;
    this.started = new Promise((resolve, reject) => {
      this.#start = { resolve, reject };
    });
    this.started.catch(() => undefined);
    this.body = new ReadableStream<Uint8Array>(
      { pull: (controller) => this.#pull(controller), cancel: () => this.#end() },
      { highWaterMark: 0 },
    );
    if (parts.signal?.aborted) this.fail(parts.signal.reason);
    else {
      parts.signal?.addEventListener("abort", this.#onAbort);
      this.#ask();
      if (this.#position >= parts.range.end) this.#start.resolve();
    }
  }

  readonly #onAbort = (): void => this.fail(this.#parts.signal?.reason);

  /** The engine has these bytes in the store. */
  deliver(ready: Ready): void {
    this.#ready.push(ready);
    this.#start.resolve();
    this.#wake();
  }

  /** Ends the stream with an error; what was delivered stays delivered. */
  fail(error: unknown): void {
    if (this.#ended) return;
    this.#failure = error ?? new RivuletError("aborted", "The fetch was aborted.");
    this.#end();
    this.#start.reject(this.#failure);
    this.#wake();
  }

  async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    for (;;) {
      if (this.#failure !== undefined) return controller.error(this.#failure);
      if (this.#ended) return;
      if (this.#position >= this.#parts.range.end) {
        this.#end();
        return controller.close();
      }
      const next = this.#ready.shift();
      if (!next) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      } else if (next.start === this.#position && (await this.#enqueue(controller, next))) {
        // The last bytes and the end go out together, so that a reader need not ask once more.
        if (this.#position >= this.#parts.range.end) {
          this.#end();
          controller.close();
        }
        this.#sinceTurn += next.end - next.start;
        if (this.#sinceTurn < TURN_BYTES) return;
        this.#sinceTurn = 0;
        return nextTask();
      }
    }
  }

  /** False when the store no longer has the piece: it is then asked for anew, from there on. */
  async #enqueue(controller: ReadableStreamDefaultController<Uint8Array>, ready: Ready): Promise<boolean> {
    const { catalog, resource } = this.#parts;
    const { offset } = catalog.geometry.place(ready.piece);
    const given = await this.#parts.give(ready.piece, ready.start - offset, ready.end - offset);
    if (this.#ended) return false;
    if (!given) {
      this.#ready.length = 0;
      this.#parts.input({ type: "lost", content: catalog.content, piece: ready.piece });
      this.#forget();
      this.#ask();
      return false;
    }
    for (const bytes of given) controller.enqueue(bytes);
    this.#position = ready.end;
    this.#parts.onDelivered({ resource, bytes: ready.end - ready.start, source: ready.source });
    if (this.#position >= this.#parts.range.end) this.#parts.onFinished();
    if (this.#want !== undefined)
      this.#parts.input({ type: "consumed", want: this.#want, position: ready.end });
    return true;
  }

  #ask(): void {
    const { catalog, resource, range, patience, playing } = this.#parts;
    if (this.#position >= range.end) return;
    const want = this.#parts.register(this);
    this.#want = want;
    const { content } = catalog;
    const wanted = { want, content, resource, start: this.#position, end: range.end, patience, playing };
    this.#parts.input({ type: "wanted", want: wanted });
  }

  #forget(): void {
    if (this.#want === undefined) return;
    this.#parts.input({ type: "want-cancelled", want: this.#want });
    this.#parts.unregister(this.#want);
    this.#want = undefined;
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#ready.length = 0;
    // A page's one signal may outlive thousands of fetches.
    this.#parts.signal?.removeEventListener("abort", this.#onAbort);
    this.#forget();
  }
}

/** Unlike a timer's, this task comes at once in a hidden page too. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}
