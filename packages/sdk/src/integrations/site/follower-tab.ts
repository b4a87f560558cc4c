import { type ErrorCode, RivuletError } from "../../base/errors.ts";
import { second } from "../../base/time.ts";
import type { RivuletEvents } from "../../client/events.ts";
import type { RivuletRequestInit } from "../../client/playback.ts";
import { keyOf } from "../../client/resource-key.ts";
import { respond } from "../../client/response.ts";
import { abortableBody, continuedBody, partOf } from "../../client/tabs/continued-body.ts";
import { LeaderAsks, type RemoteAnswer } from "../../client/tabs/leader-asks.ts";
import { turn } from "../../client/tabs/turn.ts";
import { abortable } from "../../client/waiting.ts";
import { lengthOf } from "../response-body.ts";
import type {
  FollowerMessage,
  LeaderMessage,
  LeaderStatus,
  RoomMessage,
  UnsavedPiece,
} from "./room-messages.ts";
import type { Emit, Tab } from "./tab.ts";

/** A hidden leader's turn comes late, but within this; one that takes longer is asked no more for this answer. */
const TAKEN_WITHIN_MS = second;

/** A tab that asks the leader. Until a leader has spoken it is `starting`. */
export class FollowerTab implements Tab {
  readonly role = "follower";
  readonly #room: BroadcastChannel;
  readonly #own: BroadcastChannel;
  readonly #name = crypto.randomUUID();
  readonly #emit: Emit;
  readonly #goOn: (url: string, init: RivuletRequestInit) => Promise<Response | undefined>;
  readonly #asks: LeaderAsks;
  readonly #listening = new Set<keyof RivuletEvents>();
  #status: LeaderStatus | undefined;
  /** What the last leader had verified and not saved. */
  unsaved: readonly UnsavedPiece[] = [];
  #sizes: ReadonlyMap<string, number> = new Map();
  #beginning = turn();

  /** `goOn` fetches the rest of an answer whose leader is gone, from whoever leads then. */
  constructor(parts: {
    /** Whoever made it closes it. */
    readonly room: BroadcastChannel;
    readonly emit: Emit;
    readonly goOn: (url: string, init: RivuletRequestInit) => Promise<Response | undefined>;
  }) {
    this.#emit = parts.emit;
    this.#goOn = parts.goOn;
    this.#room = parts.room;
    this.#own = new BroadcastChannel(`${parts.room.name}/${this.#name}`);
    this.#asks = new LeaderAsks({ post: (message) => this.#post(message) });
    this.#own.onmessage = ({ data }: MessageEvent<LeaderMessage>) => this.#told(data);
    this.#room.onmessage = ({ data }: MessageEvent<RoomMessage>) => {
      if (data.type === "hello") return;
      this.#await();
      this.unsaved = data.type === "leaving" ? data.unsaved : [];
      if (data.type === "leading") this.#greet();
    };
    this.#greet();
  }

  get started(): Promise<void> {
    return this.#beginning.promise;
  }

  get state(): LeaderStatus["state"] {
    return this.#status?.state ?? "starting";
  }

  get error(): RivuletError | undefined {
    const error = this.#status?.error;
    return error && new RivuletError(error.code, error.message);
  }

  get stats(): LeaderStatus["stats"] | undefined {
    return this.#status?.stats;
  }

  get line(): LeaderStatus["line"] {
    return this.#status?.line;
  }

  sizeOf(url: string): number | undefined {
    return this.#sizes.get(keyOf(url));
  }

  async fetchListed(url: string, init: RivuletRequestInit): Promise<Response | undefined> {
    const { playback, signal } = init;
    const range = new Headers(init.headers).get("range");
    const asking = this.#asks.ask({ url, range, playback }, TAKEN_WITHIN_MS);
    const answer = await abortable(asking, signal ?? undefined).catch((reason: unknown) => {
      // It is cancelled as soon as there is something to cancel.
      void asking.then((late) => typeof late === "object" && late.cancel());
      throw reason;
    });
    if (answer === "gone") return this.#goOn(url, init);
    return answer && this.#respond(answer, url, init);
  }

  listen(name: keyof RivuletEvents): void {
    if (this.#listening.has(name)) return;
    this.#listening.add(name);
    if (this.#status) this.#post({ type: "listen", name });
  }

  async close(): Promise<void> {
    this.#asks.close();
    this.#post({ type: "gone" });
    this.#own.close();
  }

  #respond(answer: RemoteAnswer, url: string, init: RivuletRequestInit): Response {
    const { status, headers } = answer;
    const sizeBytes = lengthOf(new Response(null, { headers }));
    const [, from = 0] = /^bytes (\d+)-/.exec(headers.get("content-range") ?? "") ?? [];
    const range = { start: Number(from), end: Number(from) + (status === 416 ? 0 : sizeBytes) };
    const { signal, playback } = init;
    const next = async (start: number) => {
      const rest = { headers: { range: `bytes=${start}-${range.end - 1}` }, signal: signal ?? null };
      const response = await this.#goOn(url, { ...rest, ...(playback && { playback }) });
      // Of another deployment's bytes nothing fits.
      return response?.headers.get("etag") === headers.get("etag") ? response && partOf(response) : undefined;
    };
    const body = abortableBody(continuedBody({ first: answer, range, next }), signal ?? undefined);
    return respond(body, { status, headers }, url);
  }

  /** Who leads next knows nothing of what the one before was asked. */
  #await(): void {
    if (this.#status && this.#status.state !== "starting") this.#beginning = turn();
    this.#status = undefined;
    this.#asks.close();
  }

  #greet(): void {
    const hello: RoomMessage = { type: "hello", tab: this.#name };
    this.#room.postMessage(hello);
  }

  #post(message: FollowerMessage): void {
    this.#own.postMessage(message);
  }

  #told(message: LeaderMessage): void {
    switch (message.type) {
      case "status":
        // The leader hears nothing on this tab's channel before it has said something there itself.
        if (!this.#status) for (const name of this.#listening) this.#post({ type: "listen", name });
        this.#status = message.status;
        if (message.status.state !== "starting") this.#beginning.tell();
        return;
      case "listed":
        this.#sizes = message.sizes;
        return;
      case "event":
        return this.#emit(message.name, eventOf(message) as never);
      default:
        return this.#asks.receive(message);
    }
  }
}

/** An error that was cloned from another tab has lost its class. */
function eventOf({ name, event }: Extract<LeaderMessage, { type: "event" }>): unknown {
  if (name !== "problem") return event;
  const { code, message } = event as { code: ErrorCode; message: string };
  return new RivuletError(code, message);
}
