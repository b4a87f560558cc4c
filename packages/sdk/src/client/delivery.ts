import { RivuletError } from "../base/errors.ts";
import type { PeerId } from "../base/ids.ts";
import type { Resource } from "../content/manifest.ts";
import type { Patience } from "../engine/io.ts";
import { Node } from "../engine/node.ts";
import { Adoption } from "./adoption.ts";
import type { Catalog } from "./catalog.ts";
import type { DeliveryParts } from "./delivery-parts.ts";
import { LineMeter } from "./line-meter.ts";
import { type Asked, Lookup } from "./lookup.ts";
import { loadManifest, type ManifestFile } from "./manifest-file.ts";
import { OriginRunner } from "./origin-runner.ts";
import { watchPageEnd } from "./page-end.ts";
import { PeerLinks } from "./peer-links.ts";
import { performer } from "./performer.ts";
import type { Line, Playback } from "./playback.ts";
import { patienceOf } from "./playback-patience.ts";
import type { ByteRange } from "./range-header.ts";
import { reporter } from "./reporter.ts";
import { restrain } from "./restrain.ts";
import { Runner } from "./runner.ts";
import { Statistics } from "./statistics.ts";
import { Streams } from "./streams.ts";
import { trackerEvents } from "./tracker-events.ts";
import type { LineState } from "./tracker-line.ts";
import { parseUrl } from "./url.ts";
import { WaitShare } from "./wait-share.ts";
import { WantStream } from "./want-stream.ts";

export type { DeliveryParts };

/** A receiver whose page is busy looks like a slow uplink; one that still takes so much is not held back (docs/decisions/0014). */
const FREE_UPLINK = 3_000_000;

/** The most that hls.js takes a line for that it has not measured: 5 Mbit/s. */
const UNKNOWN_LINE: Line = { bytesPerSecond: 625_000, firstByteMs: 0 };

/** A running engine with the browser around it, for one manifest. */
export class Delivery {
  readonly catalog: Catalog;
  readonly peer: PeerId;
  readonly statistics = new Statistics();
  readonly adoption: Adoption;
  readonly #parts: DeliveryParts;
  readonly #node: Node;
  readonly #runner: Runner;
  readonly #origin: OriginRunner;
  readonly #links: PeerLinks;
  readonly #meter: LineMeter;
  readonly #waitShare = new WaitShare();
  readonly #lookup: Lookup;
  readonly #streams: Streams;
  readonly #patience: Patience;
  readonly #stopWatching: () => void;

  constructor(parts: DeliveryParts) {
    const { options, environment, catalog, line } = parts;
    this.#parts = parts;
    this.#streams = new Streams(parts.keeper, () => this.#runner.busy);
    this.catalog = catalog;
    this.peer = parts.peer;
    this.#patience = { firstByteMs: options.patienceMs, minBytesPerSecond: options.minBytesPerSecond };
    const { maxConnections, uploadSlots, uploadBytesPerSecond, maxUploadBytes } = options;
    const targetConnections = Math.min(8, maxConnections);
    const uploads = { uploadSlots, uploadBytesPerSecond, maxUploadBytes };
    const connections = { maxConnections, targetConnections };
    const engineOptions = { ...connections, ...uploads, uplinkFreeBytesPerSecond: FREE_UPLINK };
    this.#node = new Node({ self: parts.peer, random: environment.random, options: engineOptions });
    const { now } = environment;
    this.#runner = new Runner({ node: this.#node, perform: (effect) => perform(effect), now });
    const { input } = this.#runner;
    this.#meter = new LineMeter(now);
    this.#origin = new OriginRunner({
      origin: environment.origin(),
      catalog,
      input,
      meter: this.#meter,
      now,
    });
    this.#links = new PeerLinks({
      transport: parts.transport,
      input,
      randomBytes: environment.randomBytes,
      onChunk: (bytes) => this.#meter.peersSent(bytes),
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
    const have = geometry.noPieces();
    for (const piece of parts.stored) have.add(piece);
    const onState = (state: LineState) => parts.emitter.emit("tracker", { state });
    const { trackerGraceMs: graceMs } = parts;
    line.listen(trackerEvents({ ...parts, input, links: this.#links, onState, graceMs }));
    // Told at once, the others ask elsewhere at once; a browser that just vanishes costs them seconds.
    const unwatch = watchPageEnd({
      onEnd: () => this.#links.leave(),
      onHidden: () => void parts.keeper.flush(),
    });
    const release = restrain({ ...parts, input, links: this.#links });
    this.#stopWatching = () => {
      release();
      unwatch();
    };
    input({ type: "content-added", content, geometry, have });
    const has = (piece: number) => this.#node.have(content)?.has(piece) ?? false;
    const find = (url: string) => this.listed(url)?.index;
    const { statistics } = this;
    this.adoption = new Adoption({ catalog, keeper: parts.keeper, statistics, input, has, find });
    this.#lookup = new Lookup({ ...parts, input, now, mediaQuery: options.mediaQuery });
  }

  /** The resource that a URL names; see lookup.ts. */
  find(url: string, asked: Asked): Promise<number | undefined> {
    return this.#lookup.find(url, asked);
  }

  /** What the manifest lists under exactly this URL, which may be relative to the page's. */
  listed(url: string): { readonly index: number; readonly resource: Resource } | undefined {
    const { href } = parseUrl(url, this.#parts.environment.pageUrl) ?? {};
    const index = href === undefined ? undefined : this.catalog.find(href);
    return index === undefined ? undefined : { index, resource: this.catalog.resource(index) };
  }

  /** What the page's line was seen to do; a guess when nothing but the store was read yet. */
  get line(): Line | undefined {
    return this.#meter.line ?? (this.statistics.storeBytes > 0 ? UNKNOWN_LINE : undefined);
  }

  get tracker(): LineState {
    return this.#parts.line.state;
  }

  peers(): ReturnType<Node["peers"]> {
    return this.#node.peers(this.#parts.environment.now());
  }

  /** Starts getting a byte range of a resource. */
  open(resource: number, range: ByteRange, { signal, playback }: Asked): WantStream {
    const patience = playback ? this.#patienceOf(playback, range) : this.#patience;
    const { now } = this.#parts.environment;
    const openedAt = now();
    let peerBytes = 0;
    return new WantStream({
      catalog: this.catalog,
      resource,
      range,
      patience,
      playing: playback !== undefined,
      signal,
      input: this.#runner.input,
      give: (...bytes) => this.#parts.keeper.give(...bytes),
      register: (stream) => this.#streams.add(stream),
      unregister: (want) => this.#streams.delete(want),
      onFinished: () => {
        const fromPeers = peerBytes * 2 >= range.end - range.start;
        if (playback && playback.bytes === undefined)
          this.#waitShare.waited({ tookMs: now() - openedAt, mostMs: patience.firstByteMs, fromPeers });
      },
      onDelivered: (delivered) => {
        if (delivered.source.from === "peer") peerBytes += delivered.bytes;
        this.statistics.delivered(delivered);
      },
    });
  }

  #patienceOf(playback: Playback, { start, end }: ByteRange): Patience {
    const { patienceMs, minBytesPerSecond } = this.#parts.options;
    const line = this.line ?? { bytesPerSecond: minBytesPerSecond, firstByteMs: 0 };
    const share = this.#waitShare.value;
    return patienceOf(playback, { bytes: end - start, line, strangersMs: patienceMs, share });
  }

  /** False when another manifest is published by now. */
  async isCurrent(): Promise<boolean> {
    const { file } = this.#parts;
    const fresh: ManifestFile["fetch"] = (url, init) => file.fetch(url, { ...init, cache: "no-cache" });
    const loaded = await loadManifest({ ...file, fetch: fresh }).catch(() => undefined);
    return loaded === undefined || loaded.content === this.catalog.content;
  }

  async close(): Promise<void> {
    this.#stopWatching();
    const error = new RivuletError("destroyed", "Rivulet was destroyed.");
    this.#streams.fail(error);
    this.#runner.stop();
    this.#links.leave();
    this.#parts.line.tracker.close();
    this.#origin.close();
    await this.#parts.keeper.close();
  }
}
