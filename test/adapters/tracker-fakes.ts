import type { TestContext } from "node:test";
import { type WebSocket, WebSocketServer } from "ws";
import type { Random } from "#sdk/base/random.ts";
import { type ClientMessage, decodeClientMessage } from "#sdk/protocol/index.ts";

/** Timers that go off when a test says so. Delays of 0 go off by themselves, as in the world. */
export class FakeTimers {
  readonly pending = new Map<object, { readonly delayMs: number; readonly callback: () => void }>();

  start = (callback: () => void, delayMs: number): (() => void) => {
    const key = {};
    const entry = {
      delayMs,
      callback: () => {
        if (this.pending.delete(key)) callback();
      },
    };
    this.pending.set(key, entry);
    if (delayMs === 0) setImmediate(entry.callback);
    return () => this.pending.delete(key);
  };

  /** The one timer that runs now. */
  get delayMs(): number {
    return this.#only.delayMs;
  }

  fire(): void {
    this.#only.callback();
  }

  get #only(): { readonly delayMs: number; readonly callback: () => void } {
    const [only, ...others] = this.pending.values();
    if (!only || others.length > 0) throw new Error(`${this.pending.size} timers run, not one.`);
    return only;
  }
}

/** Always says the same: 1 is the longest wait that full jitter allows. */
export function constantRandom(value: number): Random {
  return { next: () => value, below: (bound) => Math.floor(value * bound) };
}

/** A WebSocket server whose side of the conversation the test writes. */
export class FakeServer {
  readonly #server: WebSocketServer;
  readonly #sockets: WebSocket[] = [];
  readonly #heard: ClientMessage[] = [];
  /** What each connection asked for. */
  readonly targets: string[] = [];
  #wake: (() => void)[] = [];

  static async start(t: TestContext): Promise<FakeServer> {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await new Promise((resolve) => server.once("listening", resolve));
    const fake = new FakeServer(server);
    t.after(() => fake.stop());
    return fake;
  }

  private constructor(server: WebSocketServer) {
    this.#server = server;
    server.on("connection", (socket, request) => {
      this.targets.push(request.url ?? "");
      this.#sockets.push(socket);
      socket.on("message", (data) => {
        this.#heard.push(decodeClientMessage(String(data)));
        this.#notify();
      });
      this.#notify();
    });
  }

  get url(): string {
    const address = this.#server.address();
    if (typeof address !== "object" || address === null) throw new Error("The server is not listening.");
    return `ws://127.0.0.1:${address.port}`;
  }

  get connections(): number {
    return this.#sockets.length;
  }

  /** The latest connection. */
  get socket(): WebSocket {
    const socket = this.#sockets.at(-1);
    if (!socket) throw new Error("Nobody has connected.");
    return socket;
  }

  say(message: object | string): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  welcome(heartbeatMs = 30_000): void {
    this.say({ type: "welcome", version: 1, heartbeatMs });
  }

  /** Waits until this many messages have come, over all connections, and returns the last. */
  async heard(count: number): Promise<ClientMessage> {
    await this.eventually(() => this.#heard.length >= count);
    const message = this.#heard[count - 1];
    if (!message) throw new Error("Unreachable.");
    return message;
  }

  /** Checks the condition each time something happens here. */
  async eventually(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  stop(): void {
    for (const socket of this.#sockets) socket.terminate();
    this.#server.close();
  }

  #notify(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}
