import type { RivuletError } from "../../base/errors.ts";
import { second } from "../../base/time.ts";
import type { RivuletEvents } from "../../client/events.ts";
import type { RivuletRequestInit } from "../../client/playback.ts";
import type { Rivulet } from "../../client/rivulet.ts";
import { sleep, within } from "../../client/waiting.ts";
import { KnownFollower } from "./known-follower.ts";
import type { LeaderMessage, LeaderStatus, RoomMessage, UnsavedPiece } from "./room-messages.ts";
import type { Emit, Tab } from "./tab.ts";

/** How often followers are told the figures, when they changed. */
const STATUS_EVERY_MS = second / 2;

/** A manifest that was current so lately is taken to be so still. */
const CURRENT_FOR_MS = 5 * second;
/** An origin that does not say so soon whether it is, is not waited for. */
const CHECK_MS = second;

/** The tab that has the engine, for itself and for the others. */
export class LeaderTab implements Tab {
  readonly role = "leader";
  readonly started: Promise<void>;
  readonly engine: Rivulet;
  readonly #room: BroadcastChannel | undefined;
  readonly #emit: Emit;
  readonly #onOutdated: () => void;
  readonly #followers = new Map<string, KnownFollower>();
  readonly #listening = new Set<keyof RivuletEvents>();
  readonly #statusTimer: ReturnType<typeof setInterval>;
  #toldStatus = "";
  #checkedAt = Date.now();
  #current = Promise.resolve();
  #closed = false;

  constructor(parts: {
    /** Whoever made it closes it. Undefined where there are no others. */
    readonly room: BroadcastChannel | undefined;
    readonly engine: Rivulet;
    readonly emit: Emit;
    /** What the leader before had verified and not saved. */
    readonly unsaved: readonly UnsavedPiece[];
    /** Called when another manifest than the engine's is published by now. */
    readonly onOutdated: () => void;
  }) {
    this.engine = parts.engine;
    this.#emit = parts.emit;
    this.#onOutdated = parts.onOutdated;
    this.#room = parts.room;
    this.started = parts.engine.ready.then(
      () => this.#tellAll(this.#listed),
      () => undefined,
    );
    this.#inherit(parts.unsaved);
    this.#statusTimer = setInterval(() => this.#tellStatus(), STATUS_EVERY_MS);
    void this.started.then(() => this.#tellStatus());
    if (!this.#room) return;
    this.#room.onmessage = ({ data }: MessageEvent<RoomMessage>) => {
      if (data.type === "hello") void this.#greet(data.tab);
      // It was said before this tab's turn came, and yet may be heard after it.
      else if (data.type === "leaving") this.#inherit(data.unsaved);
    };
    this.#say({ type: "leading" });
  }

  get state(): LeaderStatus["state"] {
    return this.engine.state;
  }

  get error(): RivuletError | undefined {
    return this.engine.error;
  }

  get stats(): LeaderStatus["stats"] {
    return this.engine.stats;
  }

  get line(): LeaderStatus["line"] {
    return this.engine.line;
  }

  sizeOf(url: string): number | undefined {
    return this.engine.sizeOf(url);
  }

  fetchListed(url: string, init: RivuletRequestInit): Promise<Response | undefined> {
    return this.engine.fetchListed(url, init);
  }

  listen(name: keyof RivuletEvents): void {
    if (this.#listening.has(name)) return;
    this.#listening.add(name);
    this.engine.on(name, (event) => this.#emit(name, event));
  }

  /** `lingerMs`: what this page has under way may go on for so long. */
  async close(lingerMs = 0): Promise<void> {
    this.#closed = true;
    clearInterval(this.#statusTimer);
    if (this.#followers.size > 0) this.#say({ type: "leaving", unsaved: this.engine.unsaved() });
    for (const follower of this.#followers.values()) follower.close();
    this.#followers.clear();
    await sleep(lingerMs);
    await this.engine.destroy();
  }

  #inherit(unsaved: readonly UnsavedPiece[]): void {
    void this.started.then(() => {
      for (const { url, bytes, offset } of unsaved) void this.engine.adopt(url, bytes, offset);
    });
  }

  /** Who comes later may come with a later deployment: what it asks for must not be answered by an earlier one. */
  async #greet(tab: string): Promise<void> {
    const now = Date.now();
    if (this.state === "running" && now - this.#checkedAt > CURRENT_FOR_MS) {
      this.#checkedAt = now;
      this.#current = within(
        CHECK_MS,
        this.engine.isCurrent().then((is) => is || this.#onOutdated()),
      );
    }
    await this.#current;
    if (!this.#closed) this.#welcome(tab);
  }

  /** One that came as this tab began to lead greets twice. */
  #welcome(tab: string): void {
    const follower = this.#followers.get(tab) ?? this.#meet(tab);
    if (this.state === "running") follower.tell(this.#listed);
    follower.tell({ type: "status", status: this.#status });
  }

  #meet(tab: string): KnownFollower {
    const onGone = () => {
      this.#followers.delete(tab);
      follower.close();
    };
    const { engine } = this;
    const follower = new KnownFollower({ name: `${this.#room?.name}/${tab}`, engine, onGone });
    this.#followers.set(tab, follower);
    return follower;
  }

  get #listed(): LeaderMessage {
    const sizes = new Map(this.engine.catalogue().entries.map(([url, size]) => [url, size]));
    return { type: "listed", sizes };
  }

  get #status(): LeaderStatus {
    const { state, error, stats, line } = this.engine;
    return { state, error: error && { code: error.code, message: error.message }, stats, line };
  }

  #tellStatus(): void {
    if (this.#followers.size === 0) return;
    const status = this.#status;
    const told = JSON.stringify(status);
    if (told === this.#toldStatus) return;
    this.#toldStatus = told;
    this.#tellAll({ type: "status", status });
  }

  #tellAll(message: LeaderMessage): void {
    for (const follower of this.#followers.values()) follower.tell(message);
  }

  #say(message: RoomMessage): void {
    this.#room?.postMessage(message);
  }
}
