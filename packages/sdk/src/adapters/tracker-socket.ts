import { KIB } from "../base/bytes.ts";
import { RivuletError } from "../base/errors.ts";
import type { ContentId, PeerId } from "../base/ids.ts";
import type { Random } from "../base/random.ts";
import { minute, second } from "../base/time.ts";
import type { Announcement } from "../engine/io.ts";
import type { Tracker, TrackerEvents } from "../engine/ports.ts";
import {
  type ErrorMessage,
  type IceMessage,
  type IceServer,
  type IntroducedMessage,
  MAX_PEERS_PER_REPLY,
  type PeersMessage,
} from "../protocol/signaling/index.ts";
import { refusal, TrackerLink } from "./tracker-link.ts";
import {
  type OnlineEvents,
  type OpenSocket,
  type StartTimer,
  startTimer,
  type Token,
} from "./tracker-surroundings.ts";

export interface TrackerSocketOptions {
  /** The signaling server, such as `wss://signal.example`. */
  readonly url: string;
  readonly token: Token;
  readonly peer: PeerId;
  /** What the peer id is the hash of; see `createIdentity`. */
  readonly secret: string;
  readonly events: TrackerEvents;
  /** Hears of STUN and TURN servers that the server names, each time instead of those before. */
  readonly onIceServers: (servers: readonly IceServer[]) => void;
  readonly random: Random;
  /** The browser's own when left out. */
  readonly WebSocket?: OpenSocket;
  readonly startTimer?: StartTimer;
  /** The page's own when left out, if there is one. */
  readonly online?: OnlineEvents;
  /** The first attempt after a loss comes within this many milliseconds; each that fails doubles them. */
  readonly minDelayMs?: number;
  /** No attempt waits longer than this many milliseconds. */
  readonly maxDelayMs?: number;
  /** After a refusal that would only be repeated, the next attempt waits this many milliseconds, or down to half. */
  readonly refusedDelayMs?: number;
  /** Milliseconds from dialling to the server's welcome, beyond which the attempt has failed. */
  readonly connectTimeoutMs?: number;
  /** Introductions are dropped while more than this many bytes wait to be sent. */
  readonly maxQueuedBytes?: number;
}

const DEFAULTS = {
  startTimer,
  minDelayMs: 0.5 * second,
  maxDelayMs: 15 * second,
  refusedDelayMs: 2 * minute,
  connectTimeoutMs: 10 * second,
  maxQueuedBytes: 256 * KIB,
};

/** So many attempts wait no longer than this: together, at half of it on average, as long as a restart takes. */
const QUICK_ATTEMPTS = 20;
const QUICK_DELAY_MS = 2 * second;

type State =
  | { readonly state: "waiting"; readonly stopTimer: () => void }
  | { readonly state: "connecting"; readonly link: TrackerLink }
  | { readonly state: "up"; readonly link: TrackerLink }
  | { readonly state: "closed" };

/** The link to the signaling server, made anew for as long as it takes. No event comes before the constructor returns. */
export class TrackerSocket implements Tracker {
  readonly #options: TrackerSocketOptions & typeof DEFAULTS;
  readonly #WebSocket: OpenSocket;
  readonly #online: OnlineEvents | undefined;
  readonly #announced = new Map<ContentId, Announcement>();
  #state: State;
  /** Whether `onDown` has been said since the last `onUp`. */
  #saidDown = false;
  /** The longest that the next attempt after a loss may wait, ms. */
  #ceilingMs: number;
  #quickLeft = QUICK_ATTEMPTS;

  /** @throws RivuletError `unsupported-browser` where there is no WebSocket and none was given. */
  constructor(options: TrackerSocketOptions) {
    this.#options = { ...DEFAULTS, ...options };
    const WebSocketClass = options.WebSocket ?? globalThis.WebSocket;
    if (!WebSocketClass) throw new RivuletError("unsupported-browser", "There is no WebSocket here.");
    this.#WebSocket = WebSocketClass;
    this.#online = options.online ?? (typeof addEventListener === "function" ? globalThis : undefined);
    this.#online?.addEventListener("online", this.#retryNow);
    this.#ceilingMs = this.#options.minDelayMs;
    this.#state = this.#waiting(0);
  }

  announce(content: ContentId, announcement: Announcement): void {
    const options = { ...announcement, want: Math.min(announcement.want, MAX_PEERS_PER_REPLY) };
    this.#announced.set(content, options);
    if (this.#state.state === "up") this.#state.link.send({ ...options, type: "announce", content });
  }

  leave(content: ContentId): void {
    const member = this.#announced.delete(content);
    if (member && this.#state.state === "up") this.#state.link.send({ type: "leave", content });
  }

  introduce({ to, content, dial, signal }: Parameters<Tracker["introduce"]>[0]): void {
    if (this.#state.state !== "up" || this.#state.link.queuedBytes > this.#options.maxQueuedBytes) return;
    try {
      this.#state.link.send({ type: "introduce", to, content, dial, signal: { ...signal } });
    } catch (error) {
      if (!(error instanceof RivuletError)) throw error;
      this.#options.events.onRefused(error);
    }
  }

  close(): void {
    const before = this.#state;
    this.#state = { state: "closed" };
    this.#online?.removeEventListener("online", this.#retryNow);
    this.#announced.clear();
    if (before.state === "waiting") before.stopTimer();
    else if (before.state !== "closed") before.link.close();
  }

  readonly #retryNow = (): void => {
    if (this.#state.state !== "waiting") return;
    this.#state.stopTimer();
    this.#dial();
  };

  #waiting(delayMs: number): State {
    return { state: "waiting", stopTimer: this.#options.startTimer(() => this.#dial(), delayMs) };
  }

  #dial(): void {
    const { url, token, peer, secret, connectTimeoutMs, startTimer, events } = this.#options;
    const link = new TrackerLink({
      target: { url, token, WebSocket: this.#WebSocket, peer, secret },
      connectTimeoutMs,
      startTimer,
      events: {
        onReached: () => events.onReached(),
        onWelcome: () => this.#up(link),
        onMessage: (message) => this.#hear(message),
        onMalformed: (error) => events.onRefused(error),
        onEnd: (refused) => this.#down(refused),
      },
    });
    this.#state = { state: "connecting", link };
  }

  #up(link: TrackerLink): void {
    this.#state = { state: "up", link };
    this.#saidDown = false;
    this.#ceilingMs = this.#options.minDelayMs;
    this.#quickLeft = QUICK_ATTEMPTS;
    for (const [content, options] of this.#announced) link.send({ ...options, type: "announce", content });
    this.#options.events.onUp();
  }

  /**
   * Exponential back-off with full jitter ("Exponential Backoff and Jitter", AWS Architecture Blog, 2015): when a server
   * comes back, its clients do not all come back with it at once. A restart is over in seconds, for which newcomers wait.
   */
  #down(refused: RivuletError | undefined): void {
    const { events, random, refusedDelayMs, maxDelayMs } = this.#options;
    const chance = random.next();
    this.#state = this.#waiting(refused ? refusedDelayMs * (1 - chance / 2) : this.#ceilingMs * chance);
    if (refused) events.onRefused(refused);
    else this.#ceilingMs = Math.min(--this.#quickLeft > 0 ? QUICK_DELAY_MS : maxDelayMs, 2 * this.#ceilingMs);
    if (this.#saidDown) return;
    this.#saidDown = true;
    if (this.#state.state !== "closed") events.onDown();
  }

  #hear(message: PeersMessage | IntroducedMessage | IceMessage | ErrorMessage): void {
    const { events, onIceServers } = this.#options;
    if (message.type === "ice") return onIceServers(message.ice.servers);
    if (message.type === "introduce") return events.onIntroduction(message);
    if (message.type === "peers") {
      const { content, peers, intervalMs } = message;
      // An answer may cross with a leave.
      if (this.#announced.has(content)) events.onPeers(content, peers, intervalMs);
      return;
    }
    const { to, dial } = message.about ?? {};
    if (message.code === "unknown-peer" && to && dial) events.onUnknownPeer(to, dial);
    else events.onRefused(refusal(message));
  }
}
