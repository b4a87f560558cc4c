import { once } from "node:events";
import { WebSocket } from "ws";

/** 20 characters, as the WebTorrent protocol names everything. */
export function binaryId(letter: string): string {
  return letter.repeat(20);
}

type Message = Readonly<Record<string, unknown>>;

/** A plain client of the WebTorrent path, which sends what it is told. */
export class TrackerClient {
  readonly socket: WebSocket;
  readonly peerId: string;
  readonly #inbox: Message[] = [];
  #wake: () => void = () => {};

  private constructor(socket: WebSocket, peerId: string) {
    this.socket = socket;
    this.peerId = peerId;
    socket.on("message", (data) => {
      this.#inbox.push(JSON.parse(data.toString()));
      this.#wake();
    });
  }

  static async connect(url: string, peerId: string): Promise<TrackerClient> {
    const socket = new WebSocket(`${url}/announce`);
    const client = new TrackerClient(socket, peerId);
    await once(socket, "open");
    return client;
  }

  say(infoHash: string, message: Message): void {
    const text = { action: "announce", info_hash: infoHash, peer_id: this.peerId, ...message };
    this.socket.send(JSON.stringify(text));
  }

  /** Joins or comes again, offers nothing, and returns how many there are. */
  async announce(infoHash: string): Promise<number> {
    this.say(infoHash, { left: 1, offers: [], numwant: 0 });
    return Number((await this.next("incomplete")).incomplete);
  }

  /** The next message that has this field; others are left out. */
  async next(field: string): Promise<Message> {
    for (;;) {
      const message = this.#inbox.shift();
      if (message && field in message) return message;
      if (!message) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }
}
