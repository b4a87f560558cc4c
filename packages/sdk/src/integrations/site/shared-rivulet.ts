import { Emitter } from "../../base/emitter.ts";
import { RivuletError } from "../../base/errors.ts";
import { complain } from "../../client/complain.ts";
import type { RivuletEvents } from "../../client/events.ts";
import type { RivuletOptions } from "../../client/options.ts";
import { plainGet } from "../../client/plain-get.ts";
import type { Line, RivuletRequestInit } from "../../client/playback.ts";
import { type RivuletState, statsOf } from "../../client/state.ts";
import type { RivuletStats } from "../../client/statistics.ts";
import { parseUrl } from "../../client/url.ts";
import { Passing } from "./passing.ts";
import { Seat, type Surroundings } from "./seat.ts";
import type { Tab } from "./tab.ts";

/**
 * What a script tag leaves as `Rivulet.current`: as a `Rivulet`, but there is one engine for all tabs of a site. The tab
 * that leads has it; the others ask that tab. When the leader closes, another leads, and what was on its way goes on.
 */
export class SharedRivulet {
  /** As that of `Rivulet`, whichever tab has the engine. Before consent is given it waits. */
  readonly ready: Promise<void>;
  readonly #around: Surroundings;
  readonly #emitter = new Emitter<RivuletEvents>((error) =>
    console.error("[rivulet] A listener threw:", error),
  );
  readonly #names = new Set<keyof RivuletEvents>();
  readonly #passing = new Passing();
  readonly #seat: Seat;
  #phase: "unasked" | "joined" | "failed" | "destroyed" = "unasked";
  #error: RivuletError | undefined;
  #settleReady!: { readonly resolve: () => void; readonly reject: (error: unknown) => void };

  constructor(options: RivuletOptions, around: Surroundings) {
    this.#around = around;
    this.ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.ready.catch(() => undefined);
    this.#seat = new Seat({
      options,
      around,
      passing: this.#passing,
      emit: (name, event) => this.#emitter.emit(name, event),
      onTab: (tab) => this.#began(tab),
      onFail: (error) => this.#fail(error),
    });
    void around.consent.then(() => this.#join());
    globalThis.addEventListener?.("pagehide", this.#onPageHide);
    globalThis.addEventListener?.("pageshow", this.#onPageShow);
  }

  readonly #onPageHide = (): void => void this.#seat.leave();

  /** A page that comes back from the browser's cache of pages begins anew. */
  readonly #onPageShow = ({ persisted }: PageTransitionEvent): void => {
    if (persisted && this.#phase === "joined") this.#seat.join();
  };

  /** As that of `Rivulet`. */
  async fetch(input: RequestInfo | URL, init?: RivuletRequestInit): Promise<Response> {
    const request = plainGet(input, init, this.#around.pageUrl);
    if (!request) return fetch(input, init);
    const { url, range, signal = null } = request;
    signal?.throwIfAborted();
    const headers = range === null ? {} : { range };
    const asked = { headers, signal, ...(init?.playback && { playback: init.playback }) };
    // With a consent that was given already, this tab joins in the turn after the one that it was made in.
    await Promise.resolve();
    const answer = await this.#seat.fetchListed(url, asked);
    return answer ?? this.#passing.with(url, () => fetch(input, init));
  }

  /** As that of `Rivulet`, for all tabs together. */
  get stats(): RivuletStats {
    return this.#seat.tab?.stats ?? statsOf({ state: "starting" });
  }

  get line(): Line | undefined {
    return this.#seat.tab?.line;
  }

  get state(): RivuletState["state"] {
    if (this.#phase === "destroyed") return "destroyed";
    return this.#phase === "failed" ? "origin-only" : (this.#seat.tab?.state ?? "starting");
  }

  get error(): RivuletError | undefined {
    return this.#error ?? this.#seat.tab?.error;
  }

  /** Whether this tab has the engine, or asks the one that has it; undefined while neither is so. */
  get role(): Tab["role"] | undefined {
    return this.#seat.tab?.role;
  }

  lists(url: string): boolean {
    return this.sizeOf(url) !== undefined;
  }

  sizeOf(url: string): number | undefined {
    const found = parseUrl(url, this.#around.pageUrl);
    return found && this.#seat.tab?.sizeOf(found.href);
  }

  on<Name extends keyof RivuletEvents>(
    name: Name,
    listener: (event: RivuletEvents[Name]) => void,
  ): () => void {
    this.#names.add(name);
    this.#seat.tab?.listen(name);
    return this.#emitter.on(name, listener);
  }

  off<Name extends keyof RivuletEvents>(name: Name, listener: (event: RivuletEvents[Name]) => void): void {
    this.#emitter.off(name, listener);
  }

  /** Ends this tab's part in it; another tab leads on. `fetch` is then the page's own. */
  async destroy(): Promise<void> {
    this.#phase = "destroyed";
    globalThis.removeEventListener?.("pagehide", this.#onPageHide);
    globalThis.removeEventListener?.("pageshow", this.#onPageShow);
    this.#settleReady.reject(new RivuletError("destroyed", "Rivulet was destroyed."));
    await this.#seat.leave();
    this.#emitter.clear();
  }

  #join(): void {
    if (this.#phase === "destroyed") return;
    this.#phase = "joined";
    this.#seat.join();
  }

  #began(tab: Tab): void {
    for (const name of this.#names) tab.listen(name);
    void tab.started.then(() => {
      if (tab !== this.#seat.tab) return;
      if (tab.state === "running") this.#settleReady.resolve();
      else this.#settleReady.reject(tab.error);
    });
  }

  #fail(error: RivuletError): void {
    this.#phase = "failed";
    this.#error = error;
    complain(error);
    this.#emitter.emit("problem", error);
    this.#settleReady.reject(error);
  }
}
