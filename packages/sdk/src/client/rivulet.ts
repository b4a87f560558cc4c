import { Emitter } from "../base/emitter.ts";
import { RivuletError } from "../base/errors.ts";
import { type Catalogue, catalogueOf } from "./catalogue.ts";
import { checkOptions } from "./check-options.ts";
import { complain } from "./complain.ts";
import { browserEnvironment, type Environment } from "./environment.ts";
import { type RivuletEvents, tellStats } from "./events.ts";
import type { RivuletOptions } from "./options.ts";
import { plainGet } from "./plain-get.ts";
import type { Line, RivuletRequestInit } from "./playback.ts";
import { graceOf } from "./playback-patience.ts";
import { answerFor, respond, unsatisfiable } from "./response.ts";
import { startDelivery } from "./start-delivery.ts";
import { deliveryOf, type RivuletState, statsOf } from "./state.ts";
import type { RivuletStats } from "./statistics.ts";
import { abortable, within } from "./waiting.ts";

/**
 * Fetches what a manifest lists from other viewers first, verified, and from the origin when they are missing, slow or
 * wrong. Everything else, and everything when Rivulet cannot run, is fetched as without it.
 */
export class Rivulet {
  /** Settles when the engine runs. Rejects with a RivuletError that says what to do; the page goes on from the origin. */
  readonly ready: Promise<void>;
  readonly #emitter = new Emitter<RivuletEvents>((error) =>
    console.error("[rivulet] A listener threw:", error),
  );
  readonly #environment: Environment;
  #state: RivuletState = { state: "starting" };
  #stopStats = (): void => undefined;

  /** Never throws: a bad option is reported as `ready` rejects, as a `problem` event, and once on the console. */
  constructor(options: RivuletOptions, environment: Environment = browserEnvironment()) {
    this.#environment = environment;
    this.ready = this.#start(options);
    this.ready.catch(() => undefined);
  }

  /**
   * As the page's own `fetch`: a streaming Response, an AbortSignal and a Range header are honoured. A resource that
   * the manifest lists comes from peers first and is verified piece by piece before a byte of it is handed out.
   * @throws what `fetch` throws: the signal's reason on abort, a TypeError when the origin fails too.
   */
  async fetch(input: RequestInfo | URL, init?: RivuletRequestInit): Promise<Response> {
    return (await this.fetchListed(input, init)) ?? this.#environment.fetch(input, init);
  }

  /** As `fetch`, but undefined for what only the origin can answer: not listed, or given up before the first byte. */
  async fetchListed(input: RequestInfo | URL, init?: RivuletRequestInit): Promise<Response | undefined> {
    const request = plainGet(input, init, this.#environment.pageUrl);
    if (!request) return undefined;
    const { url, signal } = request;
    const asked = { signal, playback: init?.playback };
    signal?.throwIfAborted();
    const ready = this.ready.catch(() => undefined);
    // Media that is needed now does not wait for a manifest that is slow to come.
    const { playback } = asked;
    await abortable(playback ? within(graceOf(playback), ready) : ready, signal);
    if (this.#state.state !== "running") return undefined;
    const { delivery } = this.#state;
    const index = await delivery.find(url, asked);
    // The page may have called `destroy` meanwhile.
    if (index === undefined || this.state !== "running") return undefined;
    const resource = delivery.catalog.resource(index);
    const answer = answerFor(resource, request.range);
    if (!answer) return unsatisfiable(resource, url);
    // Hashing takes a while; what is asked for is on its way meanwhile.
    const stream = delivery.open(index, answer.range, asked);
    try {
      if (!(await delivery.catalog.sound(index))) {
        const message = `The manifest's hashes of "${resource.path}" do not add up; rebuild it.`;
        this.#problem(new RivuletError("manifest-malformed", message));
        await stream.body.cancel();
        return undefined;
      }
      await stream.started;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RivuletError && error.code === "destroyed") throw error;
      // Not a byte was handed out yet: the origin's own answer, whatever it is, is what the page would have got.
      return undefined;
    }
    return respond(stream.body, answer, url);
  }

  /** Bytes by source, peers and resources, as of now. */
  get stats(): RivuletStats {
    return statsOf(this.#state);
  }

  /** What the page's line was seen to do; undefined before anything was measured. */
  get line(): Line | undefined {
    return deliveryOf(this.#state)?.line;
  }

  /** What it is doing: `starting`, `running`, `origin-only` or `destroyed`. */
  get state(): RivuletState["state"] {
    return this.#state.state;
  }

  /** Why everything comes from the origin, when it does. */
  get error(): RivuletError | undefined {
    return this.#state.state === "origin-only" ? this.#state.error : undefined;
  }

  /** True for a URL that the manifest lists; false while it is not loaded. */
  lists(url: string): boolean {
    return this.sizeOf(url) !== undefined;
  }

  /** The listed size of a resource in bytes; undefined when the manifest does not list it. */
  sizeOf(url: string): number | undefined {
    return deliveryOf(this.#state)?.listed(url)?.resource.sizeBytes;
  }

  /** What is listed, for a Service Worker. Empty while nothing is. */
  catalogue(): Catalogue {
    return catalogueOf(deliveryOf(this.#state)?.catalog);
  }

  /**
   * Takes in bytes of a listed resource, from byte `offset` on, that came some other way than by `fetch`. Each whole piece
   * among them that is not had is verified, kept, and offered to peers. Resolves with how many bytes were taken in.
   */
  async adopt(url: string, bytes: Uint8Array, offset = 0): Promise<number> {
    return (await deliveryOf(this.#state)?.adoption.adopt(url, bytes, offset)) ?? 0;
  }

  /** Verified bytes that are not stored yet: a page that closes hands them to another, which adopts them. */
  unsaved(): readonly { readonly url: string; readonly offset: number; readonly bytes: Uint8Array }[] {
    return deliveryOf(this.#state)?.adoption.unsaved() ?? [];
  }

  /** Bytes [start, end) of a listed resource reached a page past `fetch`: they count, and what is stored as used just now. */
  used(url: string, start: number, end: number, from: "store" | "origin" = "store"): void {
    deliveryOf(this.#state)?.adoption.used(url, start, end, from);
  }

  /** False when another manifest than this one's is published by now; true when that cannot be told. */
  async isCurrent(): Promise<boolean> {
    return deliveryOf(this.#state)?.isCurrent() ?? true;
  }

  /** Adds a listener; the function it returns removes it. */
  on<Name extends keyof RivuletEvents>(
    name: Name,
    listener: (event: RivuletEvents[Name]) => void,
  ): () => void {
    return this.#emitter.on(name, listener);
  }

  off<Name extends keyof RivuletEvents>(name: Name, listener: (event: RivuletEvents[Name]) => void): void {
    this.#emitter.off(name, listener);
  }

  /** Ends all connections and streams; `fetch` is then the page's own. */
  async destroy(): Promise<void> {
    const before = this.#state;
    this.#state = { state: "destroyed" };
    this.#stopStats();
    if (before.state === "running") await before.delivery.close();
    this.#emitter.clear();
  }

  async #start(given: RivuletOptions): Promise<void> {
    // Nobody can listen before the constructor has returned, and what fails at once is to be heard too.
    await Promise.resolve();
    try {
      const environment = this.#environment;
      const options = checkOptions(given, environment.pageUrl);
      const delivery = await startDelivery({
        options,
        environment,
        emitter: this.#emitter,
        problem: (error) => this.#problem(error),
      });
      if (this.#state.state === "destroyed") {
        await delivery.close();
        throw new RivuletError("destroyed", "Rivulet was destroyed while it started.");
      }
      this.#state = { state: "running", delivery };
      this.#stopStats = tellStats(this.#emitter, () => this.stats);
    } catch (cause) {
      const error =
        cause instanceof RivuletError
          ? cause
          : new RivuletError("unsupported-browser", "Rivulet cannot run here.", { cause });
      if (this.#state.state !== "destroyed") {
        this.#state = { state: "origin-only", error };
        this.#problem(error);
      }
      throw error;
    }
  }

  #problem(error: RivuletError): void {
    complain(error);
    this.#emitter.emit("problem", error);
  }
}
