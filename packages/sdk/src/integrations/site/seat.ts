import { RivuletError } from "../../base/errors.ts";
import { minute } from "../../base/time.ts";
import type { RivuletOptions } from "../../client/options.ts";
import type { RivuletRequestInit } from "../../client/playback.ts";
import { graceOf } from "../../client/playback-patience.ts";
import type { Rivulet } from "../../client/rivulet.ts";
import { type Locks, standForLeader } from "../../client/tabs/leadership.ts";
import { turn } from "../../client/tabs/turn.ts";
import { parseUrl } from "../../client/url.ts";
import { abortable, within } from "../../client/waiting.ts";
import { FollowerTab } from "./follower-tab.ts";
import { LeaderTab } from "./leader-tab.ts";
import type { Passing } from "./passing.ts";
import type { Emit, Tab } from "./tab.ts";

/** What the page around it is to a `SharedRivulet`. */
export interface Surroundings {
  readonly pageUrl: string;
  readonly locks: Locks | undefined;
  /** Settles when the visitor has agreed, or need not be asked. */
  readonly consent: Promise<void>;
  /** Loads the engine's script; called in the tab that leads. What it gives makes the engine. Rejects when it cannot be had. */
  loadEngine(): Promise<(options: RivuletOptions) => Rivulet>;
  /** Called when this tab begins to lead. What it returns is called when it no longer does. */
  onLead?(tab: LeaderTab, passing: Passing): () => void;
}

/** What a page has under way when its engine is replaced by one of a later deployment may take so long. */
const LINGER_MS = minute;

/** This tab's place among the tabs of a site: a follower's until the leader's falls to it. */
export class Seat {
  readonly #options: RivuletOptions;
  readonly #around: Surroundings;
  readonly #passing: Passing;
  readonly #emit: Emit;
  readonly #onTab: (tab: Tab) => void;
  readonly #onFail: (error: RivuletError) => void;
  /** Which joining this is: what began in an earlier one has no say any more. */
  #joining = 0;
  #taken = false;
  #changed = turn();
  #room: BroadcastChannel | undefined;
  #standDown = (): void => undefined;
  #stopLeading = (): void => undefined;
  /** The part that this tab plays; undefined while it plays none. */
  tab: Tab | undefined;

  constructor(parts: {
    readonly options: RivuletOptions;
    readonly around: Surroundings;
    readonly passing: Passing;
    readonly emit: Emit;
    /** Told of each part that this tab plays, as it begins. */
    readonly onTab: (tab: Tab) => void;
    /** Told that this tab could not lead when it had to. It has left then; another may fare better. */
    readonly onFail: (error: RivuletError) => void;
  }) {
    this.#options = parts.options;
    this.#around = parts.around;
    this.#passing = parts.passing;
    this.#emit = parts.emit;
    this.#onTab = parts.onTab;
    this.#onFail = parts.onFail;
  }

  join(): void {
    this.#taken = true;
    const joining = ++this.#joining;
    const name = `rivulet ${parseUrl(this.#options.manifest, this.#around.pageUrl)?.href}`;
    const { locks } = this.#around;
    const goOn: Tab["fetchListed"] = (url, init) => this.fetchListed(url, init);
    const room = locks && typeof BroadcastChannel === "function" ? new BroadcastChannel(name) : undefined;
    this.#room = room;
    const follower = room && new FollowerTab({ room, emit: this.#emit, goOn });
    if (follower) this.#use(follower);
    const onLead = () => void this.#lead(joining, room, follower);
    this.#standDown = standForLeader({ name, locks, onLead });
  }

  async leave(lingerMs = 0): Promise<void> {
    this.#joining++;
    this.#taken = false;
    const { tab } = this;
    this.tab = undefined;
    this.#changed.tell();
    this.#changed = turn();
    this.#stopLeading();
    this.#stopLeading = () => undefined;
    // What is to be said is said before the next one may lead.
    const closing = tab?.close(lingerMs);
    this.#room?.close();
    this.#standDown();
    await closing;
  }

  /** Undefined for what only the origin can answer. Waits until somebody leads. */
  async fetchListed(url: string, init: RivuletRequestInit): Promise<Response | undefined> {
    const { playback, signal } = init;
    const running = this.#running();
    // Media that is needed now does not wait for a script or a manifest that is slow to come.
    const soon = playback ? Promise.race([running, within(graceOf(playback), running)]) : running;
    const tab = await abortable(soon, signal ?? undefined);
    return tab ? tab.fetchListed(url, init) : undefined;
  }

  async #lead(
    joining: number,
    room: BroadcastChannel | undefined,
    follower: FollowerTab | undefined,
  ): Promise<void> {
    try {
      const engineOf = await this.#around.loadEngine();
      if (joining !== this.#joining) return;
      const engine = engineOf(this.#options);
      const tab = new LeaderTab({
        room,
        engine,
        emit: this.#emit,
        unsaved: follower?.unsaved ?? [],
        // Begins anew with what is published now, after those who came before this tab.
        onOutdated: () => {
          void this.leave(LINGER_MS);
          this.join();
        },
      });
      this.#use(tab);
      void follower?.close();
      this.#stopLeading = this.#around.onLead?.(tab, this.#passing) ?? this.#stopLeading;
    } catch (cause) {
      if (joining !== this.#joining) return;
      void this.leave();
      const message = "The engine's script cannot be loaded: serve rivulet-engine.js beside rivulet.js.";
      this.#onFail(new RivuletError("unsupported-browser", message, { cause }));
    }
  }

  #use(tab: Tab): void {
    this.tab = tab;
    this.#onTab(tab);
    this.#changed.tell();
    this.#changed = turn();
  }

  /** Who answers, once somebody does; undefined when nobody will. */
  async #running(): Promise<Tab | undefined> {
    while (this.#taken) {
      const { tab } = this;
      const changed = this.#changed.promise;
      await (tab ? Promise.race([tab.started, changed]) : changed);
      if (tab && tab === this.tab && tab.state !== "starting")
        return tab.state === "running" ? tab : undefined;
    }
    return undefined;
  }
}
