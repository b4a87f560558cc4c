import { RivuletError } from "../base/errors.ts";
import type { PeerId } from "../base/ids.ts";
import { second } from "../base/time.ts";
import {
  type ClientMessage,
  decodeServerMessage,
  type ErrorMessage,
  encodeClientMessage,
  type IceMessage,
  type IntroducedMessage,
  type PeersMessage,
  type ServerMessage,
  SIGNAL_CLOSE_CODES,
  SIGNAL_VERSION,
  type SignalErrorCode,
  type WelcomeMessage,
} from "../protocol/signaling/index.ts";
import {
  type OpenSocket,
  type StartTimer,
  socketUrl,
  type Token,
  type TrackerWebSocket,
  whenOpen,
} from "./tracker-surroundings.ts";

/** Where a link goes, and who says hello there. */
export interface TrackerLinkTarget {
  readonly url: string;
  readonly token: Token;
  readonly WebSocket: OpenSocket;
  readonly peer: PeerId;
  readonly secret: string;
}

export interface TrackerLinkEvents {
  /** The socket is open and the greeting sent. */
  onReached(): void;
  /** The server knows this peer; messages can be sent. */
  onWelcome(): void;
  /** The welcome's ICE servers come as a message of their own. */
  onMessage(message: PeersMessage | IntroducedMessage | IceMessage | ErrorMessage): void;
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

/** Refusals before the WebSocket are not among them: a browser shows them to nobody. */
const FINAL_CODES: ReadonlySet<string> = new Set<SignalErrorCode>([
  "version",
  "bad-secret",
  "token-missing",
  "token-invalid",
  "token-expired",
  "too-many-connections-with-token",
]);
const FINAL_CLOSES = new Map<number, string>([
  [SIGNAL_CLOSE_CODES["rate-limited"], "Too many messages were sent."],
  [SIGNAL_CLOSE_CODES.replaced, "This peer's id connected from elsewhere."],
]);
/** A server that names less would have its clients do nothing but ping. */
const MIN_HEARTBEAT_MS = 1 * second;

/** One WebSocket's life: hello, welcome, messages, and a ping in each heartbeat so that a dead connection is noticed. */
export class TrackerLink {
  /** Undefined while the token is waited for. */
  #socket: TrackerWebSocket | undefined;
  readonly #events: TrackerLinkEvents;
  readonly #startTimer: StartTimer;
  #state: State;
  #heard = true;

  constructor(options: {
    readonly target: TrackerLinkTarget;
    readonly connectTimeoutMs: number;
    readonly events: TrackerLinkEvents;
    readonly startTimer: StartTimer;
  }) {
    this.#events = options.events;
    this.#startTimer = options.startTimer;
    const stopTimer = this.#startTimer(() => this.#end(), options.connectTimeoutMs);
    this.#state = { state: "greeting", stopTimer };
    void this.#open(options.target);
  }

  get queuedBytes(): number {
    return this.#socket?.bufferedAmount ?? 0;
  }

  /** Throws RivuletError `message-too-large` for an introduction that no server would take. */
  send(message: ClientMessage): void {
    this.#socket?.send(encodeClientMessage(message));
  }

  close(): void {
    if (this.#state.state === "ended") return;
    this.#state.stopTimer();
    this.#state = { state: "ended" };
    this.#socket?.close();
  }

  async #open({ url, token, WebSocket, peer, secret }: TrackerLinkTarget): Promise<void> {
    const isAsked = typeof token === "function";
    try {
      const text = await (isAsked ? token() : token);
      if (this.#state.state === "ended") return;
      const socket = new WebSocket(socketUrl(url, text));
      this.#socket = socket;
      whenOpen(socket, () => {
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
    } catch (cause) {
      // A URL that is none, or an insecure one on a secure page: browsers throw where all else is an event.
      const error = new RivuletError("signaling-refused", `Cannot connect to ${url}.`, { cause });
      if (!isAsked) return this.#end(error);
      // What gives the token may work in a moment.
      this.#events.onMalformed(error);
      this.#end();
    }
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
    const isUp = this.#state.state === "up";
    if (message?.type === "welcome") this.#greeted(message);
    else if (message?.type === "error") {
      // A token that was taken and has expired since: the next connection asks for a fresh one.
      if (isUp && message.code === "token-expired") this.#end();
      else if (FINAL_CODES.has(message.code)) this.#end(refusal(message));
      else this.#events.onMessage(message);
    } else if (message && message.type !== "pong" && isUp) {
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

  #greeted({ version, heartbeatMs, ice }: WelcomeMessage): void {
    if (this.#state.state !== "greeting") return;
    this.#state.stopTimer();
    if (version !== SIGNAL_VERSION) {
      const message = `The signaling server speaks version ${version}, this peer version ${SIGNAL_VERSION}.`;
      return this.#end(new RivuletError("signaling-refused", message));
    }
    this.#state = { state: "up", stopTimer: this.#nextBeat(Math.max(heartbeatMs, MIN_HEARTBEAT_MS)) };
    if (ice) this.#events.onMessage({ type: "ice", ice });
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
