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
import { TextSocket } from "./text-socket.ts";

type Kind = ServerMessage["type"];
type OfKind<K extends Kind> = Extract<ServerMessage, { type: K }>;

/** A real WebSocket on Rivulet's own path. */
export class TestClient extends TextSocket {
  static async connect(url: string, options: ClientOptions = {}): Promise<TestClient> {
    const client = new TestClient(url, options);
    await client.opened();
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
    const message = decodeServerMessage(await this.nextText(kind));
    assert.ok(isKind(message, kind), `expected ${kind}, got ${JSON.stringify(message)}`);
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
