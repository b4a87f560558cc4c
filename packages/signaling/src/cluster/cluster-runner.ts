import { randomBytes } from "node:crypto";
import { type RivuletError, second } from "@rivulet/sdk/protocol";
import type { Delivery } from "../delivery.ts";
import type { ProcessId } from "../elsewhere.ts";
import type { Backplane, ConnectBackplane } from "./backplane.ts";
import type { Cluster } from "./cluster.ts";

const BEAT_MS = 1 * second;
/** How long what is to be said waits for more of it. An introduction does not wait. */
const FLUSH_MS = 20;

export interface ClusterRunnerParts {
  readonly cluster: Cluster;
  readonly connect: ConnectBackplane;
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
  /** Does what a message of another process led to. */
  readonly deliver: (deliveries: readonly Delivery[]) => void;
  /** For the operator: undefined when the bus is there, else why it is not. */
  readonly onLink: (problem: RivuletError | undefined) => void;
}

/** Has a cluster's wishes done: the only part of it with timers and a bus. */
export class ClusterRunner {
  readonly #parts: ClusterRunnerParts;
  #backplane: Backplane | undefined;
  #beats: NodeJS.Timeout | undefined;
  #flush: NodeJS.Timeout | undefined;

  constructor(parts: ClusterRunnerParts) {
    this.#parts = parts;
  }

  start(): void {
    const { cluster, connect, now, deliver, onLink } = this.#parts;
    const turn = (act: () => void) => {
      act();
      this.turn();
    };
    this.#backplane = connect({
      onMessage: (channel, text) => turn(() => deliver(cluster.heard(channel, text, now()))),
      onSubscribed: (channel) => turn(() => cluster.subscribed(channel)),
      onUp: () => {
        turn(() => cluster.linkUp());
        onLink(undefined);
      },
      onDown: (cause) => {
        turn(() => cluster.linkDown());
        onLink(cause);
      },
    });
    this.#beats = setInterval(() => turn(() => cluster.tick()), BEAT_MS);
    this.turn();
  }

  /** To be called after whatever may have led to a wish of the cluster. */
  turn(): void {
    const { cluster, now } = this.#parts;
    for (const effect of cluster.take()) {
      switch (effect.type) {
        case "subscribe":
          this.#backplane?.subscribe(effect.channel);
          break;
        case "unsubscribe":
          this.#backplane?.unsubscribe(effect.channel);
          break;
        case "publish":
          this.#backplane?.publish(effect.channel, effect.text);
          break;
        default:
          effect satisfies never;
      }
    }
    if (this.#flush !== undefined || this.#beats === undefined || !cluster.hasNews) return;
    this.#flush = setTimeout(() => {
      this.#flush = undefined;
      cluster.flush(now());
      this.turn();
    }, FLUSH_MS);
  }

  /** Tells the other processes, so that they need not wait for the silence. */
  async stop(): Promise<void> {
    clearInterval(this.#beats);
    clearTimeout(this.#flush);
    this.#beats = undefined;
    this.#parts.cluster.goodbye();
    this.turn();
    await this.#backplane?.close();
  }
}

/** Each start has another one, so that the members of a dead process are told from those of the one that follows it. */
export function randomProcessId(): ProcessId {
  return randomBytes(8).toString("hex");
}
