import assert from "node:assert/strict";
import { type ClientOptions, type RawData, WebSocket } from "ws";

/** A real WebSocket on which texts come, and those that came, in order. */
export class TextSocket {
  readonly socket: WebSocket;
  /** Resolves when the connection is closed, with the close code and its reason. */
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #inbox: string[] = [];
  #wake: () => void = () => {};

  protected constructor(url: string, options: ClientOptions) {
    const socket = new WebSocket(url, options);
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

  protected async opened(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.socket.once("open", resolve);
      this.socket.once("error", reject);
    });
  }

  /** The next text; `what` it should be, for when the connection is closed before it comes. */
  async nextText(what = "a message"): Promise<string> {
    for (;;) {
      const text = this.#inbox.shift();
      if (text !== undefined) return text;
      assert.equal(this.socket.readyState, WebSocket.OPEN, `closed while waiting for ${what}`);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
