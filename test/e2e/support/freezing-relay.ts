import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to a server on this machine on which a client can vanish as a phone does: its server is not told. */
export class FreezingRelay {
  readonly #server: Server;
  readonly #pairs: { readonly client: Socket; readonly server: Socket }[] = [];
  #heard = "";

  private constructor(target: number) {
    this.#server = createServer((client) => {
      const server = connect(target, "127.0.0.1");
      client.pipe(server);
      server.pipe(client);
      for (const socket of [client, server]) socket.on("error", () => undefined);
      this.#pairs.push({ client, server });
    });
  }

  static async open(target: number): Promise<FreezingRelay> {
    const relay = new FreezingRelay(target);
    relay.#server.listen(0, "127.0.0.1");
    await once(relay.#server, "listening");
    return relay;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** What the server has sent since the clients vanished. */
  get heard(): string {
    return this.#heard;
  }

  /** The clients are cut off. To the server it looks as if they were still there, and silent. */
  freeze(): void {
    for (const { client, server } of this.#pairs) {
      client.unpipe(server);
      server.unpipe(client);
      server.on("data", (bytes: Buffer) => {
        this.#heard += bytes.toString("latin1");
      });
      // Unpiping has paused it.
      server.resume();
      client.destroy();
    }
  }

  async close(): Promise<void> {
    for (const { client, server } of this.#pairs) for (const socket of [client, server]) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
