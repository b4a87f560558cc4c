import type { ContentId, PeerId } from "#sdk/base/ids.ts";
import { seededRandom } from "#sdk/base/random.ts";
import { Bitfield } from "#sdk/content/bitfield.ts";
import type { EngineEvent } from "#sdk/engine/events.ts";
import type { Effect, Input, Patience } from "#sdk/engine/io.ts";
import { Node } from "#sdk/engine/node.ts";
import { ENGINE_DEFAULTS } from "#sdk/engine/options.ts";
import { Alarm } from "./alarm.ts";
import { Consumer } from "./consumer.ts";
import { EngineWatch } from "./engine-watch.ts";
import { HostFigures } from "./host-figures.ts";
import type { HostOptions } from "./host-options.ts";
import { Line } from "./line.ts";
import type { SimContent } from "./sim-content.ts";
import { SimDisk } from "./sim-disk.ts";
import { SimLinks } from "./sim-links.ts";
import type { World } from "./world.ts";

/** One visitor: an engine, and everything around it that a browser would be. */
export class SimHost extends HostFigures {
  readonly index: number;
  readonly peer: PeerId;
  readonly node: Node;
  readonly line: Line;
  readonly links: SimLinks;
  /** Looks over the engine's shoulder, unless the world is too large for that. */
  readonly watch: EngineWatch | undefined;
  readonly disk: SimDisk;
  readonly consumers: Consumer[] = [];
  readonly events: EngineEvent[] = [];
  readonly #world: World;
  readonly #options: HostOptions;
  readonly #inputs: Input[] = [];
  readonly #alarm: Alarm;
  #running = false;
  /** It left: nothing reaches it, nothing leaves it. */
  gone = false;
  /** It takes everything and sends nothing more. */
  silent = false;

  constructor(parts: { world: World; index: number; peer: PeerId; seed: number; options: HostOptions }) {
    super();
    this.#world = parts.world;
    this.#options = parts.options;
    this.index = parts.index;
    this.peer = parts.peer;
    this.#alarm = new Alarm(parts.world.queue, () => this.input({ type: "tick" }));
    this.line = new Line(parts.world.queue, parts.options.line);
    this.links = new SimLinks(this, parts.world);
    const { queue, random } = parts.world;
    const input = (input: Input) => this.input(this.#measured(input));
    const disk = parts.world.options.disk;
    this.disk = new SimDisk({ queue, random, options: disk, lies: parts.options.lies, input });
    this.node = new Node({
      self: parts.peer,
      random: seededRandom(parts.seed),
      options: parts.options.engine,
    });
    const options = { ...ENGINE_DEFAULTS, ...parts.options.engine };
    this.watch = parts.world.options.watched ? new EngineWatch(this, options) : undefined;
  }

  get now(): number {
    return this.#world.queue.now;
  }

  get symmetric(): boolean {
    return this.#options.nat === "symmetric";
  }

  get honest(): boolean {
    return this.#options.lies === 0;
  }

  get unreachable(): boolean {
    return this.#options.unreachable;
  }

  content(content: ContentId): SimContent {
    return this.disk.content(content);
  }

  stored(content: ContentId): Bitfield {
    return this.disk.stored(content);
  }

  add(content: SimContent, have: Iterable<number> = []): void {
    const field = new Bitfield(content.geometry.pieceCount);
    for (const piece of have) field.add(piece);
    this.disk.add(content, field);
    this.input({ type: "content-added", ...content, have: field });
  }

  want(
    content: SimContent,
    options: { resource?: number; start?: number; end?: number; patience: Patience; readsUpTo?: number },
  ): Consumer {
    const resource = options.resource ?? 0;
    const want = {
      want: this.#world.freshWant(),
      content: content.content,
      resource,
      start: options.start ?? 0,
      end: options.end ?? content.geometry.resource(resource).sizeBytes,
      patience: options.patience,
    };
    const { readsUpTo } = options;
    const consumer = new Consumer(want, { now: this.now, ...(readsUpTo === undefined ? {} : { readsUpTo }) });
    this.consumers.push(consumer);
    this.#world.awaits(this, consumer);
    this.input({ type: "wanted", want });
    return consumer;
  }

  /** The page has a piece some other way, and it is right. */
  finds({ content, geometry }: SimContent, piece: number): void {
    const data = { byteLength: geometry.length(piece) };
    this.disk.found(content, piece);
    this.input({ type: "found", content, piece, data });
  }

  cancel(consumer: Consumer): void {
    consumer.cancelled = true;
    this.input({ type: "want-cancelled", want: consumer.want.want });
  }

  /** One input at a time; what an effect causes comes after all effects of the present one. */
  input(input: Input): void {
    if (this.gone) return;
    this.#inputs.push(input);
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#inputs.shift(); next; next = this.#inputs.shift()) {
      if (next.type === "frame" && next.frame.type === "chunk") this.peerBytes += next.frame.data.byteLength;
      this.watch?.input(next);
      for (const effect of this.#world.stopwatch.step(this.node, next, this.now)) {
        if (this.watch) {
          this.#world.trace.add(this.index, this.now, effect);
          this.watch.effect(effect);
        }
        this.#perform(effect);
      }
      this.watch?.after(next, this.now);
    }
    this.#running = false;
    this.#alarm.set(this.node.wakeAt);
  }

  #measured(input: Input): Input {
    return input.type === "read" ? { ...input, queuedBytes: this.links.queuedBytes } : input;
  }

  #perform(effect: Effect): void {
    const { tracker, origin } = this.#world;
    switch (effect.type) {
      case "announce":
        return tracker.announce(this.peer, effect.content, effect);
      case "leave":
        return tracker.withdraw(this.peer, effect.content);
      case "introduce":
        return tracker.carry(this, effect);
      case "introduced":
        return this.links.introduced(effect);
      case "dial":
        return this.links.dial(effect.peer, effect.content);
      case "accept":
        return this.links.accept(effect.peer);
      case "refuse":
        return this.links.refuse(effect.peer);
      case "hang-up":
        return this.links.hangUp(effect.peer);
      case "send":
        return this.links.send(effect.peer, effect.frame);
      case "verify":
        return this.disk.verify(effect);
      case "store":
        return this.disk.store(effect);
      case "read":
        return this.disk.read(effect);
      case "fetch-origin":
        return origin.start(this, this.content(effect.content), effect);
      case "cancel-origin":
        return origin.cancel(this, effect.fetch);
      case "deliver": {
        if (!this.stored(effect.content).has(effect.piece))
          throw new Error(`Piece ${effect.piece} was delivered before it was verified.`);
        if (!this.disk.sound(effect.content, effect.piece)) this.wrongBytes += effect.end - effect.start;
        const consumer = this.#consumer(effect.want);
        const position = consumer.deliver(effect, this.now);
        if (position !== undefined) this.input({ type: "consumed", want: effect.want, position });
        return;
      }
      case "want-failed":
        this.#consumer(effect.want).failure = effect.error;
        return;
      case "event":
        this.#note(effect.event);
        return;
      default:
        return effect satisfies never;
    }
  }

  #note(event: EngineEvent): void {
    if (this.watch) this.events.push(event);
    this.count(event, (peer) => this.#world.host(peer).honest);
    if (event.type === "piece") this.#world.usefulBytes += event.bytes;
  }

  #consumer(want: number): Consumer {
    const consumer = this.consumers.find((one) => one.want.want === want);
    if (!consumer || consumer.over) throw new Error(`Want ${want} is not waiting for anything.`);
    return consumer;
  }
}
