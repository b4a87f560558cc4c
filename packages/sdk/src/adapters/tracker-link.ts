import { RivuletError } from "../base/errors.ts";
import type { PeerId } from "../base/ids.ts";
import { second } from "../base/time.ts";
import {
  type ClientMessage,
  decodeServerMessage,
  type ErrorMessage,
  encodeClientMessage,
  type IntroducedMessage,
  type PeersMessage,
  type ServerMessage,
  SIGNAL_CLOSE_CODES,
  SIGNAL_VERSION,
  type SignalErrorCode,
  type WelcomeMessage,
} from "../protocol/signaling/index.ts";
import type { StartTimer, TrackerWebSocket } from "./tracker-surroundings.ts";

export interface TrackerLinkEvents {
  /** The socket is open and the greeting sent. */
  onReached(): void;
  /** The server knows this peer; messages can be sent. */
  onWelcome(): void;
  onMessage(message: PeersMessage | IntroducedMessage | ErrorMessage): void;
  /** The server said something that this version does not understand. */
  onMalformed(error: RivuletError): void;
  /**
   * Comes once, and not after `close()`. `refused`: the same again would be refused again, for as long as the server is
   * as it is; otherwise the link was lost.
   */
  onEnd(refused: RivuletError | undefined): void;
}

type State =
  | { readonly state: "greeting"; readonly stopTimer: () => void }
  | { readonly state: "up"; readonly stopTimer: () => void }
  | { readonly state: "ended" };

const FINAL_CODES: ReadonlySet<string> = new Set<SignalErrorCode>([
  "version",
  "bad-secret",
  "origin-not-allowed",
  "too-many-connections",
  "too-many-connections-from-address",
]);
const FINAL_CLOSES = new Map<number, string>([
  [SIGNAL_CLOSE_CODES["rate-limited"], "Too many messages were sent to the signaling server."],
  [SIGNAL_CLOSE_CODES.replaced, "This peer's id connected to the signaling server from somewhere else."],
]);
/** A server that names less would have its clients do nothing but ping. */
const MIN_HEARTBEAT_MS = 1 * second;

/** One WebSocket's life: hello, welcome, messages, and a ping in each heartbeat so that a dead connection is noticed. */
export class TrackerLink {
  readonly #socket: TrackerWebSocket;
  readonly #events: TrackerLinkEvents;
  readonly #startTimer: StartTimer;
  #state: State;
  #heard = true;

  constructor(options: {
    readonly socket: TrackerWebSocket;
    readonly peer: PeerId;
    readonly secret: string;
    readonly connectTimeoutMs: number;
    readonly events: TrackerLinkEvents;
    readonly startTimer: StartTimer;
  }) {
    const { socket, peer, secret, connectTimeoutMs } = options;
    this.#socket = socket;
    this.#events = options.events;
    this.#startTimer = options.startTimer;
    const stopTimer = this.#startTimer(() => this.#end(), connectTimeoutMs);
    this.#state = { state: "greeting", stopTimer };
    socket.addEventListener("open", () => {
      if (this.#state.state !== "greeting") return;
      this.send({ type: "hello", version: SIGNAL_VERSION, peer, secret });
      this.#events.onReached();
    });
    socket.addEventListener("message", ({ data }) => this.#hear(data));
    socket.addEventListener("close", ({ code }) => {
      const reason = FINAL_CLOSES.get(code);
      this.#end(reason === undefined ? undefined : new RivuletError("signaling-refused", reason));
    });
    // A close follows; heard only because `ws` would throw it otherwise.
    socket.addEventListener("error", () => {});
  }

  get queuedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** Throws RivuletError `message-too-large` for an introduction that no server would take. */
  send(message: ClientMessage): void {
    this.#socket.send(encodeClientMessage(message));
  }

  close(): void {
    if (this.#state.state === "ended") return;
    this.#state.stopTimer();
    this.#state = { state: "ended" };
    this.#socket.close();
  }

  #end(refused?: RivuletError): void {
    if (this.#state.state === "ended") return;
    this.close();
    this.#events.onEnd(refused);
  }

  #hear(data: unknown): void {
    if (this.#state.state === "ended") return;
    this.#heard = true;
    const message = this.#read(data);
    if (message?.type === "welcome") this.#greeted(message);
    else if (message?.type === "error") {
      if (FINAL_CODES.has(message.code)) this.#end(refusal(message));
      else this.#events.onMessage(message);
    } else if (message && message.type !== "pong" && this.#state.state === "up") {
      this.#events.onMessage(message);
    }
  }

  #read(data: unknown): ServerMessage | undefined {
    try {
      if (typeof data === "string") return decodeServerMessage(data);
      throw new RivuletError("message-malformed", "The signaling server sent something other than text.");
    } catch (error) {
      if (!(error instanceof RivuletError)) throw error;
      this.#events.onMalformed(error);
      return undefined;
    }
  }

  #greeted({ version, heartbeatMs }: WelcomeMessage): void {
    if (this.#state.state !== "greeting") return;
    this.#state.stopTimer();
    if (version !== SIGNAL_VERSION) {
      const message = `The signaling server speaks version ${version}, this peer version ${SIGNAL_VERSION}.`;
      return this.#end(new RivuletError("signaling-refused", message));
    }
    this.#state = { state: "up", stopTimer: this.#nextBeat(Math.max(heartbeatMs, MIN_HEARTBEAT_MS)) };
    this.#events.onWelcome();
  }

  /** Any message is a sign of life. A beat that finds none since the ping of the one before ends the link. */
  #nextBeat(heartbeatMs: number): () => void {
    return this.#startTimer(() => {
      if (!this.#heard) return this.#end();
      this.#heard = false;
      this.send({ type: "ping" });
      this.#state = { state: "up", stopTimer: this.#nextBeat(heartbeatMs) };
    }, heartbeatMs);
  }
}

/** The server's refusal as an error; its message is the `cause`. */
export function refusal(message: ErrorMessage): RivuletError {
  const text = `The signaling server refused (${message.code}): ${message.message}`;
  return new RivuletError("signaling-refused", text, { cause: message });
}
