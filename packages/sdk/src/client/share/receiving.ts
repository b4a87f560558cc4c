import type { ShareKeys } from "../../adapters/share/share-keys.ts";
import { RivuletError } from "../../base/errors.ts";
import { second } from "../../base/time.ts";
import type { FileStream } from "../../content/share/file-stream.ts";
import type { EngineEvent } from "../../engine/events.ts";
import type { SwarmNode } from "../swarm-node.ts";
import type { Description } from "./description.ts";
import { DescriptionExchange } from "./description-exchange.ts";
import type { ShareSink } from "./ports.ts";
import { ReceivedPieces } from "./received-pieces.ts";
import type { RunningShare, ShareSettings, ShareWorld } from "./running-share.ts";
import type { ShareSession } from "./share-session.ts";
import { describe, openShareSwarm, seek } from "./share-swarm.ts";
import { storedForm } from "./stored-description.ts";

/** Hashes of a file that is still being hashed come a few times a second. */
const KEEP_EVERY_MS = second / 2;

export interface ReceivingParts {
  readonly settings: ShareSettings;
  readonly world: ShareWorld;
  /** False: others get nothing of it any more once all is here. */
  readonly seed: boolean;
  readonly keys: ShareKeys;
  /** Where it goes, which may take a while to open. */
  readonly sink: Promise<ShareSink>;
  readonly description: Description;
  readonly session: ShareSession;
}

/** A share on its way to a disk: looks for those who know it, checks what is there, gets the rest. */
export class Receiving {
  readonly #parts: ReceivingParts;
  readonly #exchange: DescriptionExchange;
  readonly #pieces: ReceivedPieces;
  readonly #done: Promise<void>;
  #settle!: { readonly resolve: () => void; readonly reject: (error: unknown) => void };
  #node: SwarmNode | undefined;
  /** Settles when what an earlier visit kept is taken in. */
  #restored: Promise<void> | undefined;
  #keeping: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: ReceivingParts) {
    this.#parts = parts;
    const { session, sink, description, world } = parts;
    this.#done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    this.#done.catch(() => undefined);
    this.#exchange = new DescriptionExchange(description, {
      onListing: (stream) => void this.#described(stream),
      onHashes: () => this.#keepSoon(),
      onForged: session.problem,
    });
    this.#pieces = new ReceivedPieces({
      sink,
      description,
      hasher: world.hasher,
      settled: () => this.#exchange.settled,
      onFailure: (error) => this.#fail(error),
      onProblem: session.problem,
    });
  }

  async start(): Promise<void> {
    const { settings, world, keys, session } = this.#parts;
    const node = await openShareSwarm({
      settings,
      world,
      keys,
      exchange: this.#exchange,
      pieces: this.#pieces,
      onEvent: (event) => this.#heard(event),
      onTracker: session.changed,
      onProblem: session.problem,
    });
    this.#node = node;
    session.runs(node, (peer) => this.#exchange.gaveList(peer));
    seek(node, keys);
  }

  /** Takes in what an earlier visit kept. Before `start`: what comes from others is kept only after that. */
  restore(): Promise<void> {
    const restore = async () => {
      const sink = await this.#parts.sink;
      const stored = await sink.description().catch(() => undefined);
      await this.#exchange.takeStored(stored);
    };
    this.#restored = restore();
    return this.#restored;
  }

  get running(): RunningShare {
    const { session } = this.#parts;
    return {
      on: session.on,
      get files() {
        return session.files;
      },
      get progress() {
        return session.progress;
      },
      done: this.#done,
      has: (file) => session.tally?.isWhole(file) ?? false,
      leave: () => this.#node?.leave(),
      stop: () => this.#stop((opened) => opened.close()),
      discard: () => this.#stop((opened) => opened.remove()),
    };
  }

  /** The files are known, from others or from an earlier visit. */
  async #described(stream: FileStream): Promise<void> {
    const { session, keys } = this.#parts;
    const node = this.#node;
    if (!node) return;
    try {
      const sink = await this.#parts.sink;
      await this.#restored;
      void this.#keep();
      const stored = await sink.open(stream);
      session.describe(stream);
      describe(node, keys, stream);
      if (stored > 0) {
        session.enter("checking");
        await this.#pieces.check(stored, {
          goesOn: () => session.state === "checking",
          onRight: (piece) => node.input({ type: "found", content: keys.content, piece }),
        });
      }
      if (session.state === "stopped") return;
      session.enter("receiving");
      if (stream.totalBytes > 0) node.want(keys.content, 0, stream.totalBytes);
      await this.#finishIfWhole();
    } catch (error) {
      this.#fail(error);
    }
  }

  #heard(event: EngineEvent): void {
    this.#parts.session.heard(event);
    if (event.type !== "piece") return;
    // What was there already is no part of the rate at which the rest comes.
    this.#parts.session.done(event.piece, event.source.from === "store" ? 0 : event.bytes);
    if (this.#parts.session.state === "receiving") void this.#finishIfWhole();
  }

  async #finishIfWhole(): Promise<void> {
    const { session, seed } = this.#parts;
    if (!session.tally?.complete || session.state !== "receiving") return;
    session.enter("seeding");
    try {
      await (await this.#parts.sink).finish();
      if (!seed) this.#node?.close();
      this.#settle.resolve();
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Without it, what is on disk could not be told from what is not. */
  #keepSoon(): void {
    if (this.#parts.description.complete) return void this.#keep();
    this.#keeping ??= setTimeout(() => this.#keep(), KEEP_EVERY_MS);
  }

  async #keep(): Promise<void> {
    clearTimeout(this.#keeping);
    this.#keeping = undefined;
    const form = storedForm(this.#parts.description);
    const sink = await this.#parts.sink.catch(() => undefined);
    if (form) await sink?.keepDescription(form).catch(() => undefined);
  }

  #fail(cause: unknown): void {
    const error =
      cause instanceof RivuletError
        ? cause
        : new RivuletError("file-unwritable", "The files cannot be written.", { cause });
    this.#parts.session.fail(error);
    this.#settle.reject(error);
  }

  /** Ends all connections, whatever the disk is doing. */
  abandon(): void {
    this.#parts.session.stop();
    this.#exchange.stop();
    this.#node?.close();
    this.#settle.reject(new RivuletError("aborted", "The share was stopped."));
  }

  async #stop(end: (sink: ShareSink) => Promise<void>): Promise<void> {
    this.abandon();
    await this.#keep();
    await end(await this.#parts.sink);
  }
}
