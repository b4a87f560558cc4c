import type { ClientOptions } from "ws";
import { TextSocket } from "./text-socket.ts";
import { announceText, peerIdNo } from "./tracker-texts.ts";

type Message = Readonly<Record<string, unknown>>;

/** A real WebSocket on the WebTorrent path. */
export class TrackerClient extends TextSocket {
  /** `query` is what follows the path, with its question mark. */
  static async connect(url: string, options: ClientOptions = {}, query = ""): Promise<TrackerClient> {
    const client = new TrackerClient(`${url}/announce${query}`, options);
    await client.opened();
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

  async next(): Promise<Message> {
    return { ...Object(JSON.parse(await this.nextText())) };
  }

  /** The code of the failure that is next. */
  async failure(): Promise<string | undefined> {
    return /\(([a-z-]+)\)$/.exec(String((await this.next())["failure reason"]))?.[1];
  }
}
