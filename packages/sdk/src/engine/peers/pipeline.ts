import type { ContentId } from "../../base/ids.ts";
import { RateMeter } from "../../base/rate.ts";
import type { EngineOptions } from "../options.ts";
import { FlightMeter, type Mark } from "./flight-meter.ts";

/** A chunk that was asked of the peer. */
export interface Ask {
  readonly content: ContentId;
  readonly piece: number;
  readonly chunk: number;
  readonly at: number;
}

/** A snubbed peer is left alone for this many times the silence that made it one. */
const SNUB_PAUSES = 10;
/** A slow peer is not a dead one: it gets this many times its usual time between two answers … */
const SNUB_GAPS = 3;
/** … but no more than this many times the silence that makes others snubbed. */
const SNUB_STRETCH = 4;
/** Requests taken back whose answers may have crossed the cancel; an answer to an older one is unasked for. */
const WITHDRAWN_LIMIT = 512;

/** An ask in flight. */
interface Flight {
  readonly ask: Ask;
  readonly mark: Mark;
}

/**
 * The requests in flight to one peer: how many there may be, which they are, and whether the peer still answers. Their
 * number is what the peer delivers in one round trip and a little more, both measured: it
 * doubles from one round trip to the next until the rate grows no more.
 */
export class Pipeline {
  readonly meter = new RateMeter();
  readonly #options: EngineOptions;
  readonly #flights = new FlightMeter();
  readonly #asks = new Map<number, Flight>();
  readonly #withdrawn = new Map<number, Flight>();
  #answeredAt = 0;
  /** Between two answers, ms, smoothed. */
  #gapMs = 0;
  /** More than this the peer does not queue for us: it said so. */
  #queueLimit: number;
  #pausedUntil = 0;
  #reviveAt: number | undefined;

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#queueLimit = options.maxPipeline;
  }

  get snubbed(): boolean {
    return this.#reviveAt !== undefined;
  }

  get size(): number {
    return this.#asks.size;
  }

  /** How many more chunks may be asked now; none after a snub. */
  room(now: number): number {
    if (this.snubbed || now < this.#pausedUntil) return 0;
    const { minPipeline, maxPipeline, pipelineMs, chunkBytes } = this.#options;
    const flowing = Math.ceil(this.#flights.bytesIn(pipelineMs) / chunkBytes);
    return Math.min(maxPipeline, this.#queueLimit, Math.max(minPipeline, flowing)) - this.#asks.size;
  }

  ask(request: number, ask: Ask): void {
    if (this.#asks.size === 0) this.#answeredAt = ask.at;
    this.#asks.set(request, { ask, mark: this.#flights.mark(ask.at) });
  }

  /** True while the request is in flight: neither answered nor taken back. */
  owes(request: number): boolean {
    return this.#asks.has(request);
  }

  /** The ask that a refusal answers, be it late; undefined when it was never made, or was answered. */
  refused(request: number, now: number): Ask | undefined {
    return this.#answered(request, now)?.ask;
  }

  /** The ask that a chunk answers, likewise. The peer is well, and may be asked for more at once. */
  delivered(request: number, bytes: number, now: number): Ask | undefined {
    const flight = this.#answered(request, now);
    if (!flight) return undefined;
    this.meter.add(bytes, now);
    this.#flights.arrived(flight.mark, bytes, now);
    this.#reviveAt = undefined;
    this.#queueLimit = Math.min(this.#options.maxPipeline, this.#queueLimit + 1);
    return flight.ask;
  }

  /** The peer's queue was full with what is in flight. */
  busy(now: number): void {
    this.#pausedUntil = now + this.#options.busyPauseMs;
    this.#queueLimit = Math.max(1, this.#asks.size);
  }

  /** Takes back the requests that are chosen, all of them by default. Returns their numbers. */
  withdraw(chosen: (ask: Ask) => boolean = () => true): number[] {
    const requests: number[] = [];
    for (const [request, flight] of this.#asks) {
      if (!chosen(flight.ask)) continue;
      requests.push(request);
      this.#withdrawn.set(request, flight);
    }
    for (const request of requests) this.#asks.delete(request);
    for (const request of this.#withdrawn.keys()) {
      if (this.#withdrawn.size <= WITHDRAWN_LIMIT) break;
      this.#withdrawn.delete(request);
    }
    return requests;
  }

  /** When a peer that owes chunks counts as snubbed, unless it sends one; or when a snub ends. */
  get wakeAt(): number {
    if (this.#reviveAt !== undefined) return this.#reviveAt;
    if (this.#asks.size === 0) return Number.POSITIVE_INFINITY;
    const { snubAfterMs } = this.#options;
    return (
      this.#answeredAt + Math.min(SNUB_STRETCH * snubAfterMs, Math.max(snubAfterMs, SNUB_GAPS * this.#gapMs))
    );
  }

  /** Asks nothing more of the peer until it delivers after all, or has had a pause. */
  snub(now: number): void {
    this.#reviveAt = now + SNUB_PAUSES * this.#options.snubAfterMs;
  }

  /** After the pause of a snub the peer gets another chance; true when that is now. */
  revive(now: number): boolean {
    if (this.#reviveAt === undefined || now < this.#reviveAt) return false;
    this.#reviveAt = undefined;
    return true;
  }

  #answered(request: number, now: number): Flight | undefined {
    const flight = this.#asks.get(request) ?? this.#withdrawn.get(request);
    if (!flight) return undefined;
    this.#asks.delete(request);
    this.#withdrawn.delete(request);
    this.#gapMs += (now - this.#answeredAt - this.#gapMs) / 2;
    this.#answeredAt = now;
    return flight;
  }
}
