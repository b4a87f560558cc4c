import { KIB, MIB } from "../../base/bytes.ts";
import type { Playback } from "../playback.ts";
import type { Asking, Telling, Wire } from "./relay-messages.ts";

/** So much of an answer may be on its way or unread. */
const ROOM_BYTES = 2 * MIB;
/** Room is told of in portions. */
const PORTION_BYTES = 256 * KIB;

const GONE = new Error("The leading tab is gone.");

/** What is asked of the leader. */
export interface Question {
  readonly url: string;
  readonly range: string | null;
  readonly playback?: Playback | undefined;
}

/** An answer from the tab that has the engine. */
export interface RemoteAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The next bytes; undefined at the end. Throws when the leader is gone, or could not go on. */
  read(): Promise<Uint8Array | undefined>;
  /** Nothing more of it is wanted. */
  cancel(): void;
}

/** One question that is not through. */
interface Pending {
  taken: boolean;
  readonly arrived: Uint8Array[];
  ended: boolean;
  failure: Error | undefined;
  readonly onHead: (head: Extract<Telling, { type: "head" }> | undefined) => void;
  wake: () => void;
}

/** The asking end of a wire to the leader. */
export class LeaderAsks {
  readonly #wire: Wire<Asking>;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  constructor(wire: Wire<Asking>) {
    this.#wire = wire;
  }

  /** How many answers are under way. */
  get pending(): number {
    return this.#pending.size;
  }

  /**
   * Undefined when only the origin can answer, or when the leader does not take the question within `takenWithinMs`: a
   * tab that is so busy would answer late. `gone` when it closed before it answered.
   */
  async ask(question: Question, takenWithinMs: number): Promise<RemoteAnswer | "gone" | undefined> {
    const id = this.#nextId++;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let pending!: Pending;
    const head = await new Promise<Extract<Telling, { type: "head" }> | undefined>((onHead) => {
      const wake = () => undefined;
      pending = { taken: false, arrived: [], ended: false, failure: undefined, onHead, wake };
      this.#pending.set(id, pending);
      timer = setTimeout(() => {
        if (this.#pending.get(id)?.taken === false) this.#end(id, true);
      }, takenWithinMs);
      this.#wire.post({ type: "ask", id, ...question, room: ROOM_BYTES });
    });
    clearTimeout(timer);
    if (!head) return pending.failure === GONE ? "gone" : undefined;
    let consumed = 0;
    return {
      status: head.status,
      headers: new Headers(head.headers.map(([name, value]) => [name, value])),
      read: async () => {
        while (pending.arrived.length === 0 && !pending.ended)
          await new Promise<void>((resolve) => {
            pending.wake = resolve;
          });
        const bytes = pending.arrived.shift();
        if (!bytes) {
          if (pending.failure) throw pending.failure;
          return undefined;
        }
        consumed += bytes.byteLength;
        if (consumed >= PORTION_BYTES && !pending.ended) {
          this.#wire.post({ type: "more", id, bytes: consumed });
          consumed = 0;
        }
        return bytes;
      },
      cancel: () => this.#end(id, true),
    };
  }

  receive(message: Telling): void {
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    switch (message.type) {
      case "taken":
        pending.taken = true;
        return;
      case "head":
        pending.taken = true;
        return pending.onHead(message);
      case "bytes":
        pending.arrived.push(message.bytes);
        return pending.wake();
      case "end":
      case "refused":
        return this.#end(message.id, false);
      case "failed":
        pending.failure = new Error(message.message);
        return this.#end(message.id, false);
      default:
        return message satisfies never;
    }
  }

  /** The leader is gone: what has come may be read, then each answer fails. */
  close(): void {
    for (const [id, pending] of [...this.#pending]) {
      pending.failure = GONE;
      // One that leads on, or again, has nothing to send for it any more.
      this.#end(id, true);
    }
  }

  #end(id: number, tell: boolean): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    pending.ended = true;
    // Before there was a head there is no answer at all.
    pending.onHead(undefined);
    pending.wake();
    if (tell) this.#wire.post({ type: "cancel", id });
  }
}
