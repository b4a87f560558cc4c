import { RivuletError } from "../../base/errors.ts";
import type { RivuletEvents } from "../../client/events.ts";
import type { Rivulet } from "../../client/rivulet.ts";
import { AskAnswerer } from "../../client/tabs/answer-asks.ts";
import type { FollowerMessage, LeaderMessage } from "./room-messages.ts";

/** A follower as the leader knows it: hears what the engine tells, if it listens, and is answered. */
export class KnownFollower {
  readonly #channel: BroadcastChannel;
  readonly #answerer: AskAnswerer;
  readonly #engine: Pick<Rivulet, "fetchListed" | "on">;
  /** How to end what it listens to. */
  readonly #stops = new Map<keyof RivuletEvents, () => void>();

  constructor(parts: {
    /** Of the follower's own channel. */
    readonly name: string;
    readonly engine: Pick<Rivulet, "fetchListed" | "on">;
    /** The follower closed. */
    readonly onGone: () => void;
  }) {
    this.#engine = parts.engine;
    this.#channel = new BroadcastChannel(parts.name);
    this.#answerer = new AskAnswerer({ post: (message) => this.tell(message) }, (url, init) =>
      this.#engine.fetchListed(url, init),
    );
    this.#channel.onmessage = ({ data }: MessageEvent<FollowerMessage>) => {
      if (data.type === "listen") this.#listen(data.name);
      else if (data.type === "gone") parts.onGone();
      else this.#answerer.receive(data);
    };
  }

  tell(message: LeaderMessage): void {
    this.#channel.postMessage(message);
  }

  /** Its answers break off. */
  close(): void {
    this.#answerer.close();
    for (const stop of this.#stops.values()) stop();
    this.#channel.close();
  }

  #listen(name: keyof RivuletEvents): void {
    if (this.#stops.has(name)) return;
    const stop = this.#engine.on(name, (event) => {
      // What is cloned loses its class: of an error only what says what is wrong is passed on.
      const told = event instanceof RivuletError ? { code: event.code, message: event.message } : event;
      this.tell({ type: "event", name, event: told });
    });
    this.#stops.set(name, stop);
  }
}
