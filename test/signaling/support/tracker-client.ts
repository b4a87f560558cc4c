import assert from "node:assert/strict";
import { type ClientOptions, type RawData, WebSocket } from "ws";
import { announceText, peerIdNo } from "./tracker-texts.ts";

type Message = Readonly<Record<string, unknown>>;

/** A real WebSocket on the WebTorrent path, and what came out of it, in order. */
export class TrackerClient {
  readonly socket: WebSocket;
  /** Resolves when the connection is closed, with the close code and its reason. */
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #inbox: string[] = [];
  #wake: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: RawData, isBinary) => {
      assert.ok(!isBinary);
      this.#inbox.push(data.toString());
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

  /** `query` is what follows the path, with its question mark. */
  static async connect(url: string, options: ClientOptions = {}, query = ""): Promise<TrackerClient> {
    const client = new TrackerClient(new WebSocket(`${url}/announce${query}`, options));
    await new Promise<void>((resolve, reject) => {
      client.socket.once("open", resolve);
      client.socket.once("error", reject);
    });
    return client;
  }

  say(text: string): void {
    this.socket.send(text);
  }

  /** Announces as this peer and returns the answer. */
  async announce(n: number, fields: Message = {}): Promise<Message> {
    this.say(announceText({ peer_id: peerIdNo(n), left: 1, ...fields }));
    return this.next();
  }

  /** The next message, as it was written. */
  async nextText(): Promise<string> {
    for (;;) {
      const text = this.#inbox.shift();
      if (text !== undefined) return text;
      assert.equal(this.socket.readyState, WebSocket.OPEN, "closed while waiting for a message");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async next(): Promise<Message> {
    return { ...Object(JSON.parse(await this.nextText())) };
  }

  /** The code of the failure that is next. */
  async failure(): Promise<string | undefined> {
    return /\(([a-z-]+)\)$/.exec(String((await this.next())["failure reason"]))?.[1];
  }
}
