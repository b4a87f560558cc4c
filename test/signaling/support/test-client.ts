import assert from "node:assert/strict";
import {
  type ClientMessage,
  type ContentId,
  decodeServerMessage,
  encodeClientMessage,
  type ServerMessage,
} from "@rivulet/sdk/protocol";
import { type ClientOptions, WebSocket } from "ws";
import type { Identity } from "./identities.ts";

type Kind = ServerMessage["type"];
type OfKind<K extends Kind> = Extract<ServerMessage, { type: K }>;

/** A real WebSocket and what came out of it, in order. */
export class TestClient {
  readonly socket: WebSocket;
  /** Resolves when the connection is closed, with the close code and its reason. */
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #inbox: ServerMessage[] = [];
  #wake: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data) => {
      this.#inbox.push(decodeServerMessage(data.toString()));
      this.#wake();
    });
    socket.on("error", () => {});
    this.closed = new Promise((resolve) => {
      socket.once("close", (code, reason) => {
        this.#wake();
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  static async connect(url: string, options: ClientOptions = {}): Promise<TestClient> {
    const socket = new WebSocket(url, options);
    const client = new TestClient(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    return client;
  }

  /** Connected, and greeted as this peer. */
  static async greet(url: string, { peer, secret }: Identity): Promise<TestClient> {
    const client = await TestClient.connect(url);
    client.say({ type: "hello", version: 1, peer, secret });
    await client.next("welcome");
    return client;
  }

  say(message: ClientMessage): void {
    this.socket.send(encodeClientMessage(message));
  }

  /** Joins a swarm and returns the answer. */
  async announce(content: ContentId, want = 50, complete = false): Promise<OfKind<"peers">> {
    this.say({ type: "announce", content, want, complete });
    return this.next("peers");
  }

  /** The next message, which must be of this kind. */
  async next<K extends Kind>(kind: K): Promise<OfKind<K>> {
    while (this.#inbox.length === 0) {
      assert.equal(this.socket.readyState, WebSocket.OPEN, `closed while waiting for ${kind}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const message = this.#inbox.shift();
    assert.ok(message && isKind(message, kind), `expected ${kind}, got ${JSON.stringify(message)}`);
    return message;
  }
}

function isKind<K extends Kind>(message: ServerMessage, kind: K): message is OfKind<K> {
  return message.type === kind;
}

/** The answer of a server that lets nobody in: an upgrade that stays HTTP. */
export function refusedUpgrade(
  url: string,
  options: ClientOptions = {},
): Promise<{ status: number; body: unknown }> {
  const socket = new WebSocket(url, options);
  socket.on("error", () => {});
  return new Promise((resolve, reject) => {
    socket.once("open", () => reject(new Error("the server let the client in")));
    socket.once("unexpected-response", (_, response) => {
      response.setEncoding("utf8");
      let text = "";
      response.on("data", (part: string) => {
        text += part;
      });
      response.once("end", () => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) }));
    });
  });
}
