import { RivuletError, second } from "@rivulet/sdk/protocol";
import type { Backplane, BackplaneEvents } from "./backplane.ts";
import { RedisSession } from "./redis-session.ts";

const FIRST_RETRY_MS = 0.25 * second;
const LAST_RETRY_MS = 2 * second;

export interface RedisBackplaneOptions {
  /** `redis://[[user]:password@]host[:port]`, or `rediss://…` for TLS. */
  readonly url: string;
  /** In [0, 1): spreads the retries, so that many processes do not come back at one moment. */
  readonly random?: () => number;
}

/** Redis publish and subscribe (server version 6 or later). Comes back by itself, for as long as it takes. */
export class RedisBackplane implements Backplane {
  readonly #options: RedisBackplaneOptions;
  readonly #events: BackplaneEvents;
  readonly #channels = new Set<string>();
  #session: RedisSession | undefined;
  #retry: NodeJS.Timeout | undefined;
  #failures = 0;
  #state: "connecting" | "up" | "down" | "closed" = "connecting";

  /** @throws RivuletError `bad-option` for a URL that is none of Redis's. */
  constructor(options: RedisBackplaneOptions, events: BackplaneEvents) {
    checkRedisUrl(options.url);
    this.#options = options;
    this.#events = events;
    this.#connect();
  }

  publish(channel: string, text: string): void {
    if (this.#state === "up") this.#session?.publish(channel, text);
  }

  subscribe(channel: string): void {
    this.#channels.add(channel);
    this.#session?.subscribe(channel);
  }

  unsubscribe(channel: string): void {
    this.#channels.delete(channel);
    this.#session?.unsubscribe(channel);
  }

  async close(): Promise<void> {
    this.#state = "closed";
    clearTimeout(this.#retry);
    await this.#session?.close();
  }

  #connect(): void {
    const session = new RedisSession(this.#options.url, {
      onMessage: (channel, text) => {
        if (this.#state !== "closed") this.#events.onMessage(channel, text);
      },
      onSubscribed: (channel) => {
        if (this.#state !== "closed") this.#events.onSubscribed(channel);
      },
      onEnd: (cause) => this.#ended(cause),
    });
    this.#session = session;
    // A failure ends the session, which is what is heard of.
    session.open(this.#channels).then(
      () => this.#opened(),
      () => {},
    );
  }

  #opened(): void {
    if (this.#state === "closed") return;
    this.#state = "up";
    this.#failures = 0;
    this.#events.onUp();
  }

  #ended(cause: unknown): void {
    this.#session = undefined;
    if (this.#state === "closed") return;
    const wasKnown = this.#state === "down";
    this.#state = "down";
    const delayMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures++);
    const random = this.#options.random ?? Math.random;
    this.#retry = setTimeout(() => this.#connect(), delayMs * (0.5 + random() / 2));
    if (!wasKnown) this.#events.onDown(lost(cause));
  }
}

/** The URL itself is never told: there may be a password in it. */
function checkRedisUrl(url: string): void {
  const { protocol, pathname } = URL.canParse(url) ? new URL(url) : { protocol: "", pathname: "" };
  if (/^rediss?:$/.test(protocol) && /^(\/\d*)?$/.test(pathname)) return;
  throw new RivuletError("bad-option", "The Redis URL is redis://host:port, or rediss://host:port for TLS.");
}

function lost(cause: unknown): RivuletError {
  const why = cause instanceof Error && cause.message !== "" ? cause.message : "the connection failed";
  return new RivuletError("connection-failed", `Redis is not there: ${why}.`, { cause });
}
