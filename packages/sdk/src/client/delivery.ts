import { createIdentity } from "../adapters/identity.ts";
import type { Emitter } from "../base/emitter.ts";
import { RivuletError } from "../base/errors.ts";
import type { PeerId } from "../base/ids.ts";
import { Bitfield } from "../content/bitfield.ts";
import type { Patience, WantId } from "../engine/io.ts";
import { Node } from "../engine/node.ts";
import type { PieceStore, Transport } from "../engine/ports.ts";
import { type Catalog, loadCatalog } from "./catalog.ts";
import type { Environment } from "./environment.ts";
import type { RivuletEvents } from "./events.ts";
import type { CheckedOptions } from "./options.ts";
import { OriginRunner } from "./origin-runner.ts";
import { PeerLinks } from "./peer-links.ts";
import { performer } from "./performer.ts";
import { PieceKeeper } from "./piece-keeper.ts";
import type { ByteRange } from "./range-header.ts";
import { reporter } from "./reporter.ts";
import { Runner } from "./runner.ts";
import { Statistics } from "./statistics.ts";
import { openTracker, type TrackerLine } from "./tracker-line.ts";
import { WantStream } from "./want-stream.ts";

/** What a delivery is made of, once its manifest is loaded. */
interface Parts {
  readonly options: CheckedOptions;
  readonly environment: Environment;
  readonly emitter: Emitter<RivuletEvents>;
  /** Says what is wrong to the site's owner: on the console, and as an event. */
  readonly problem: (error: RivuletError) => void;
  readonly transport: Transport;
  readonly catalog: Catalog;
  readonly store: PieceStore;
  readonly keeper: PieceKeeper;
  readonly stored: readonly number[];
  readonly peer: PeerId;
  readonly line: TrackerLine;
  /** How long the tracker may take, after the manifest is here, before it counts as no hope, ms. */
  readonly trackerGraceMs: number;
}

/** The tracker gets this many times as long as the manifest took: its handshake is about as many round trips. */
const GRACE_PER_MANIFEST = 1.5;
const LEAST_GRACE_MS = 20;
const MOST_GRACE_MS = 400;
/** A receiver whose page is busy looks like a slow uplink; one that still takes so much is not held back (docs/decisions/0014). */
const FREE_UPLINK = 3_000_000;

/** A running engine with the browser around it, for one manifest. */
export class Delivery {
  readonly catalog: Catalog;
  readonly peer: PeerId;
  readonly statistics = new Statistics();
  readonly #parts: Parts;
  readonly #node: Node;
  readonly #runner: Runner;
  readonly #origin: OriginRunner;
  readonly #links: PeerLinks;
  readonly #streams = new Map<WantId, WantStream>();
  readonly #patience: Patience;
  readonly #stopWatching: () => void;
  #nextWant = 1;

  /**
   * Loads the manifest while the tracker's link and the store open, then starts the engine.
   * @throws RivuletError when the manifest cannot be used or the browser lacks what is needed.
   */
  static async start(
    parts: Pick<Parts, "options" | "environment" | "emitter" | "problem">,
  ): Promise<Delivery> {
    const { options, environment } = parts;
    const hasher = environment.hasher();
    // Made first: without WebRTC nothing need be fetched.
    const transport = environment.transport(options);
    const startedAt = environment.now();
    const loading = loadCatalog({ url: options.manifest, hasher, fetch: environment.fetch });
    const loaded = loading.then(
      () => environment.now() - startedAt,
      () => 0,
    );
    const opening = environment.store(options, (error) => parts.problem(error));
    let line: TrackerLine | undefined;
    try {
      const { peer, secret } = await createIdentity(hasher, environment.randomBytes);
      line = openTracker((events) => environment.tracker({ url: options.signal, peer, secret, events }));
      const catalog = await loading;
      const tookMs = await loaded;
      const trackerGraceMs = Math.min(MOST_GRACE_MS, Math.max(LEAST_GRACE_MS, tookMs * GRACE_PER_MANIFEST));
      const store = await opening;
      const keeper = new PieceKeeper({ geometry: catalog.geometry, store, hasher });
      const stored = await keeper.stored();
      const made = { ...parts, transport, catalog, store, keeper };
      return new Delivery({ ...made, stored, peer, line, trackerGraceMs });
    } catch (error) {
      line?.tracker.close();
      void opening.then((store) => store.close());
      throw error;
    }
  }

  private constructor(parts: Parts) {
    const { options, environment, catalog, line } = parts;
    this.#parts = parts;
    this.catalog = catalog;
    this.peer = parts.peer;
    this.#patience = { firstByteMs: options.patienceMs, minBytesPerSecond: options.minBytesPerSecond };
    const { maxConnections, uploadSlots, uploadBytesPerSecond } = options;
    const targetConnections = Math.min(8, maxConnections);
    const uploads = { uploadSlots, uploadBytesPerSecond, uplinkFreeBytesPerSecond: FREE_UPLINK };
    const engineOptions = { maxConnections, targetConnections, ...uploads };
    this.#node = new Node({ self: parts.peer, random: environment.random, options: engineOptions });
    const { now } = environment;
    this.#runner = new Runner({ node: this.#node, perform: (effect) => perform(effect), now });
    const { input } = this.#runner;
    this.#origin = new OriginRunner({ origin: environment.origin(), catalog, input });
    this.#links = new PeerLinks({
      transport: parts.transport,
      input,
      randomBytes: environment.randomBytes,
    });
    const perform = performer({
      input,
      keeper: parts.keeper,
      links: this.#links,
      origin: this.#origin,
      tracker: line.tracker,
      stream: (want) => this.#streams.get(want),
      tell: reporter({ ...parts, statistics: this.statistics }),
    });
    const { content, geometry } = catalog;
    const have = new Bitfield(geometry.pieceCount);
    for (const piece of parts.stored) have.add(piece);
    const connecting = { state: "connecting", graceMs: parts.trackerGraceMs } as const;
    line.listen({
      onState: (state) => {
        parts.emitter.emit("tracker", { state });
        input({ type: "tracker", tracker: state === "connecting" ? connecting : { state } });
      },
      // Who opened the link will greet; most of the round trips that the grace is made of are behind it.
      onReached: () =>
        input({ type: "tracker", tracker: { ...connecting, graceMs: connecting.graceMs / 2 } }),
      onPeers: (about, candidates, intervalMs) =>
        input({ type: "candidates", content: about, candidates, intervalMs }),
      onIntroduction: (introduction) => input({ ...introduction, type: "introduced" }),
      onUnknownPeer: (peer, dial) => this.#links.unknown(peer, dial),
      onRefused: parts.problem,
    });
    // Told at once, the others ask elsewhere at once; a browser that just vanishes costs them seconds.
    const leave = () => this.#links.leave();
    globalThis.addEventListener?.("pagehide", leave);
    const allowUpload = (allowed: boolean) =>
      input({ type: "upload-allowed", allowed: allowed && options.upload });
    allowUpload(environment.conditions.uploadAllowed());
    const stopConditions = environment.conditions.onChange(allowUpload);
    this.#stopWatching = () => {
      stopConditions();
      globalThis.removeEventListener?.("pagehide", leave);
    };
    input({ type: "content-added", content, geometry, have });
  }

  get tracker(): "connecting" | "up" | "down" {
    return this.#parts.line.state;
  }

  peers(): ReturnType<Node["peers"]> {
    return this.#node.peers(this.#parts.environment.now());
  }

  /** Starts getting a byte range of a resource. */
  open(resource: number, range: ByteRange, signal: AbortSignal | undefined): WantStream {
    return new WantStream({
      catalog: this.catalog,
      resource,
      range,
      patience: this.#patience,
      signal,
      input: this.#runner.input,
      give: (...bytes) => this.#parts.keeper.give(...bytes),
      register: (stream) => {
        const want = this.#nextWant++;
        this.#streams.set(want, stream);
        return want;
      },
      unregister: (want) => this.#streams.delete(want),
      onDelivered: (delivered) => this.statistics.delivered(delivered),
    });
  }

  async close(): Promise<void> {
    this.#stopWatching();
    const error = new RivuletError("destroyed", "Rivulet was destroyed.");
    for (const stream of [...this.#streams.values()]) stream.fail(error);
    this.#runner.stop();
    this.#links.leave();
    this.#parts.line.tracker.close();
    this.#origin.close();
    await this.#parts.store.close();
  }
}
