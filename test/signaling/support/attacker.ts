import fc from "fast-check";
import { type RawData, WebSocket } from "ws";

/** One message of an attack. */
export interface Hostile {
  readonly data: string | Buffer;
  readonly binary: boolean;
  /** Whether the server hangs up on it. */
  readonly ends: boolean;
}

/** Messages sent before it is waited for what they do. */
const BATCH = 250;

/** So many messages of a protocol's hostile texts, with binary noise, oversized and broken ones among them. */
export function hostileMessages(
  texts: fc.Arbitrary<string>,
  size: {
    readonly count: number;
    readonly ending: number;
    readonly maxMessageBytes: number;
    readonly seed: number;
  },
): Hostile[] {
  const { count, ending, maxMessageBytes, seed } = size;
  const oversized = fc
    .integer({ min: maxMessageBytes, max: 4 * maxMessageBytes })
    .map((length) => "[".repeat(length));
  const bytes = fc.uint8Array({ maxLength: 40 }).map((values) => Buffer.from(values));
  const survivable: fc.Arbitrary<Hostile> = fc.oneof(
    { weight: 200, arbitrary: texts.map((data) => ({ data, binary: false, ends: false })) },
    { weight: 10, arbitrary: texts.map((data) => ({ data: Buffer.from(data), binary: true, ends: false })) },
    { weight: 10, arbitrary: bytes.map((data) => ({ data, binary: true, ends: false })) },
    { weight: 1, arbitrary: oversized.map((data) => ({ data, binary: false, ends: false })) },
  );
  const last: fc.Arbitrary<Hostile> = fc
    .oneof(
      bytes.map((noise) => Buffer.concat([noise, Buffer.of(0xff)])),
      fc.constant("x".repeat(4 * maxMessageBytes + 1)),
    )
    .map((data) => ({ data, binary: false, ends: true }));
  const messages = fc.sample(survivable, { numRuns: count - ending, seed });
  const endings = fc.sample(last, { numRuns: ending, seed });
  const gap = Math.floor(messages.length / ending);
  return messages.flatMap((message, n) => [
    message,
    ...(n % gap === 0 ? endings.slice(n / gap, n / gap + 1) : []),
  ]);
}

export interface Manner {
  /** Where it says that it comes from; peers of one address replace each other. */
  readonly address: string;
  /** What it says first on each connection. */
  readonly greeting: string | undefined;
  /** Names an answer. */
  readonly kindOf: (message: Readonly<Record<string, unknown>>) => string;
}

/** Sends its share and notes every kind of answer; connects again when it is thrown out. */
export class Attacker {
  readonly answers = new Set<string>();
  sent = 0;
  readonly #url: string;
  readonly #manner: Manner;

  constructor(url: string, manner: Manner) {
    this.#url = url;
    this.#manner = manner;
  }

  async attack(messages: readonly Hostile[]): Promise<void> {
    for (let at = 0, socket = await this.#connect(); at < messages.length; ) {
      if (socket.readyState !== WebSocket.OPEN) socket = await this.#connect();
      for (const message of messages.slice(at, at + BATCH)) {
        at += 1;
        this.sent += 1;
        socket.send(message.data, { binary: message.binary });
        if (message.ends) break;
      }
      await flushed(socket);
      if (at >= messages.length) socket.close();
    }
  }

  async #connect(): Promise<WebSocket> {
    const { address, greeting } = this.#manner;
    const socket = new WebSocket(this.#url, { headers: { "x-forwarded-for": address } });
    socket.on("message", (data) => this.#note(data));
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    socket.on("error", () => {});
    if (greeting !== undefined) socket.send(greeting);
    return socket;
  }

  #note(data: RawData): void {
    this.answers.add(this.#manner.kindOf({ ...Object(JSON.parse(data.toString())) }));
  }
}

/** Resolves when the server has answered all that was sent, or has closed. */
function flushed(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    socket.once("close", () => resolve());
    socket.once("pong", () => resolve());
    if (socket.readyState === WebSocket.OPEN) socket.ping();
    else if (socket.readyState === WebSocket.CLOSED) resolve();
  });
}
