import type { Entry, ProcessId } from "../elsewhere.ts";
import { type ClusterMessage, encodeClusterMessage, MAX_CLUSTER_MESSAGE_LENGTH } from "./cluster-messages.ts";

/** What is to be done with the bus, in order. */
export type BackplaneEffect =
  | { readonly type: "subscribe" | "unsubscribe"; readonly channel: string }
  | { readonly type: "publish"; readonly channel: string; readonly text: string };

/** Asked for after every message of every client, most of which change nothing. */
const NONE: readonly BackplaneEffect[] = [];

/** What a process wants of the bus. What it says while there is none is dropped; what it listens to is not. */
export class Outbox {
  readonly #id: ProcessId;
  readonly #effects: BackplaneEffect[] = [];
  #published = 0;
  isUp = false;

  constructor(id: ProcessId) {
    this.#id = id;
  }

  get published(): number {
    return this.#published;
  }

  listen(channel: string): void {
    this.#effects.push({ type: "subscribe", channel });
  }

  ignore(channel: string): void {
    this.#effects.push({ type: "unsubscribe", channel });
  }

  say(channel: string, message: ClusterMessage): void {
    if (this.isUp) this.#publish(channel, encodeClusterMessage(this.#id, message));
  }

  /** False when it is too long for a message. */
  carry(channel: string, payload: Entry): boolean {
    const text = encodeClusterMessage(this.#id, { type: "carry", payload });
    if (!this.isUp || text.length > MAX_CLUSTER_MESSAGE_LENGTH) return false;
    this.#publish(channel, text);
    return true;
  }

  take(): readonly BackplaneEffect[] {
    return this.#effects.length === 0 ? NONE : this.#effects.splice(0);
  }

  #publish(channel: string, text: string): void {
    this.#published += 1;
    this.#effects.push({ type: "publish", channel, text });
  }
}
