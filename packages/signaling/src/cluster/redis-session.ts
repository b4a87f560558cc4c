import { second } from "@rivulet/sdk/protocol";
import { createClient, type RedisClientType } from "redis";

const CONNECT_TIMEOUT_MS = 5 * second;
/** A server that does not answer by the next ping is gone, whatever the socket says. */
const PING_MS = 2 * second;
/** Commands that wait for Redis. With more than that it does not keep up, and the link is given up. */
const MAX_WAITING_COMMANDS = 20_000;
const CLOSE_TIMEOUT_MS = 1 * second;

export interface RedisSessionEvents {
  onMessage(channel: string, text: string): void;
  onSubscribed(channel: string): void;
  /** Once, when either connection breaks or does not keep up; nothing else is emitted afterwards. */
  onEnd(cause: unknown): void;
}

/**
 * One pair of connections to Redis, for one life: when one breaks, both are dropped. So a message is never lost without
 * an end of the session, and none of an old connection comes after those of a new one.
 */
export class RedisSession {
  readonly #events: RedisSessionEvents;
  readonly #publisher: RedisClientType;
  readonly #subscriber: RedisClientType;
  #pings: NodeJS.Timeout | undefined;
  #isListening = false;
  #hasEnded = false;

  /** Throws `TypeError` for a URL that is none of Redis's. */
  constructor(url: string, events: RedisSessionEvents) {
    this.#events = events;
    this.#publisher = this.#client(url);
    this.#subscriber = this.#client(url);
  }

  /** Resolves when both connections stand and the subscriptions have begun; rejects when the session has ended. */
  async open(channels: ReadonlySet<string>): Promise<void> {
    try {
      await Promise.all([this.#publisher.connect(), this.#subscriber.connect()]);
      // From here on until the answer others may be added.
      this.#isListening = true;
      if (channels.size > 0) await this.#subscriber.subscribe([...channels], this.#onMessage);
      this.#ping();
    } catch (cause) {
      this.#end(cause);
      throw cause;
    }
  }

  publish(channel: string, text: string): void {
    this.#publisher.publish(channel, text).catch(this.#end);
  }

  subscribe(channel: string): void {
    if (!this.#isListening) return;
    const begun = () => {
      if (!this.#hasEnded) this.#events.onSubscribed(channel);
    };
    this.#subscriber.subscribe(channel, this.#onMessage).then(begun, this.#end);
  }

  unsubscribe(channel: string): void {
    if (this.#isListening) this.#subscriber.unsubscribe(channel, this.#onMessage).catch(this.#end);
  }

  /** Waits for what was published, but not for long. */
  async close(): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#pings);
    let deadline: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      deadline = setTimeout(resolve, CLOSE_TIMEOUT_MS);
    });
    if (this.#publisher.isReady) await Promise.race([this.#publisher.close(), late]);
    clearTimeout(deadline);
    this.#destroy();
  }

  #client(url: string): RedisClientType {
    const client: RedisClientType = createClient({
      url,
      socket: { connectTimeout: CONNECT_TIMEOUT_MS, reconnectStrategy: false },
      // Nothing is kept for a later connection.
      disableOfflineQueue: true,
      commandsQueueMaxLength: MAX_WAITING_COMMANDS,
      maintNotifications: "disabled",
    });
    client.on("error", this.#end);
    return client;
  }

  readonly #onMessage = (text: string, channel: string): void => {
    if (!this.#hasEnded) this.#events.onMessage(channel, text);
  };

  readonly #end = (cause: unknown): void => {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    clearTimeout(this.#pings);
    this.#destroy();
    this.#events.onEnd(cause);
  };

  #ping(): void {
    if (this.#hasEnded) return;
    let hasAnswered = false;
    const answered = () => {
      hasAnswered = true;
    };
    Promise.all([this.#publisher.ping(), this.#subscriber.ping()]).then(answered, this.#end);
    this.#pings = setTimeout(() => {
      if (hasAnswered) this.#ping();
      else this.#end(new Error(`no answer within ${PING_MS} ms`));
    }, PING_MS);
  }

  #destroy(): void {
    for (const client of [this.#publisher, this.#subscriber]) if (client.isOpen) client.destroy();
  }
}
