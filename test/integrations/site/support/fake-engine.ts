import { Emitter } from "#sdk/base/emitter.ts";
import type { RivuletError } from "#sdk/base/errors.ts";
import type { Catalogue } from "#sdk/client/catalogue.ts";
import type { RivuletEvents } from "#sdk/client/events.ts";
import type { RivuletRequestInit } from "#sdk/client/playback.ts";
import { keyOf } from "#sdk/client/resource-key.ts";
import { answerFor, respond, unsatisfiable } from "#sdk/client/response.ts";
import type { Rivulet } from "#sdk/client/rivulet.ts";
import { statsOf } from "#sdk/client/state.ts";

type Engine = Pick<
  Rivulet,
  | "ready"
  | "state"
  | "error"
  | "stats"
  | "line"
  | "sizeOf"
  | "catalogue"
  | "fetchListed"
  | "adopt"
  | "unsaved"
  | "used"
  | "isCurrent"
  | "on"
  | "destroy"
>;

/** What an engine has: bytes by URL. */
export type Files = ReadonlyMap<string, Uint8Array>;

const CHUNK_BYTES = 1000;

/** The members of an engine that a leading tab uses, and what they were told. */
export class FakeEngine implements Engine {
  readonly ready: Promise<void>;
  readonly asked: (readonly [url: string, range: string | null])[] = [];
  readonly inits: RivuletRequestInit[] = [];
  readonly adopted: (readonly [url: string, offset: number, bytes: Uint8Array])[] = [];
  readonly usedParts: (readonly [url: string, start: number, end: number, from: string | undefined])[] = [];
  readonly emitter = new Emitter<RivuletEvents>();
  /** How many listen to an event now. */
  readonly listeners = new Map<keyof RivuletEvents, number>();
  readonly #files: Files;
  /** Another version of the files has another. */
  readonly #root: Uint8Array;
  state: Rivulet["state"] = "starting";
  error: RivuletError | undefined;
  stats: Rivulet["stats"] = statsOf({ state: "starting" });
  line: Rivulet["line"];
  unsavedPieces: ReturnType<Rivulet["unsaved"]> = [];
  current = true;
  /** A body stands still here, bytes from its first. */
  stopsAt = Number.POSITIVE_INFINITY;
  #settle!: { readonly resolve: () => void; readonly reject: (error: unknown) => void };
  readonly #destroyed = new AbortController();

  constructor(files: Files, version: number) {
    this.#files = files;
    this.#root = new Uint8Array(32).fill(version);
    this.ready = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.ready.catch(() => undefined);
  }

  start(): void {
    this.state = "running";
    this.#settle.resolve();
  }

  fail(error: RivuletError): void {
    this.state = "origin-only";
    this.error = error;
    this.emitter.emit("problem", error);
    this.#settle.reject(error);
  }

  sizeOf(url: string): number | undefined {
    return this.state === "running" ? this.#files.get(keyOf(url))?.byteLength : undefined;
  }

  catalogue(): Catalogue {
    if (this.state !== "running") return { content: "", entries: [] };
    const entries = Array.from(
      this.#files,
      ([url, { byteLength }]) => [url, byteLength, 1000, undefined, this.#root, new Uint8Array()] as const,
    );
    return { content: `version ${this.#root[0]}`, entries };
  }

  async fetchListed(url: string, init: RivuletRequestInit): Promise<Response | undefined> {
    const range = new Headers(init.headers).get("range");
    this.asked.push([url, range]);
    this.inits.push(init);
    const bytes = this.#files.get(keyOf(url));
    if (!bytes) return undefined;
    const resource = { sizeBytes: bytes.byteLength, mediaType: "text/plain", root: this.#root };
    const answer = answerFor(resource, range);
    if (!answer) return unsatisfiable(resource, url);
    const { start, end } = answer.range;
    return respond(this.#body(bytes.subarray(start, end), init.signal ?? undefined), answer, url);
  }

  async adopt(url: string, bytes: Uint8Array, offset = 0): Promise<number> {
    this.adopted.push([url, offset, bytes]);
    return bytes.byteLength;
  }

  unsaved(): ReturnType<Rivulet["unsaved"]> {
    return this.unsavedPieces;
  }

  used(url: string, start: number, end: number, from?: "store" | "origin"): void {
    this.usedParts.push([url, start, end, from]);
  }

  async isCurrent(): Promise<boolean> {
    return this.current;
  }

  readonly on: Rivulet["on"] = (name, listener) => {
    const count = (more: number) => this.listeners.set(name, (this.listeners.get(name) ?? 0) + more);
    const stop = this.emitter.on(name, listener);
    count(1);
    return () => {
      stop();
      count(-1);
    };
  };

  async destroy(): Promise<void> {
    this.state = "destroyed";
    this.#destroyed.abort(new Error("It was destroyed."));
    this.#settle.reject(this.#destroyed.signal.reason);
  }

  #body(bytes: Uint8Array, signal: AbortSignal | undefined): ReadableStream<Uint8Array> {
    let at = 0;
    const isStuck = (end: number) => end > this.stopsAt;
    const ends = AbortSignal.any([this.#destroyed.signal, ...(signal ? [signal] : [])]);
    return new ReadableStream(
      {
        async pull(controller) {
          if (at >= bytes.byteLength) return controller.close();
          const end = Math.min(at + CHUNK_BYTES, bytes.byteLength);
          if (!ends.aborted && isStuck(end))
            await new Promise((resolve) => ends.addEventListener("abort", resolve));
          if (ends.aborted) return controller.error(ends.reason);
          controller.enqueue(bytes.slice(at, end));
          at = end;
        },
      },
      { highWaterMark: 0 },
    );
  }
}
