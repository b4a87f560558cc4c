import { connect, type Socket } from "node:net";
import { encodeClientMessage, parseContentId, SIGNAL_VERSION } from "#sdk/protocol/signaling/index.ts";
import { identity } from "../../../signaling/support/identities.ts";
import { crowdPeer, loopbackAddress } from "./crowd.ts";
import { FrameSocket } from "./frame-socket.ts";
import { clientFrame, PING, PONG, textFrame, upgradeRequest } from "./frames.ts";
import { HostileCorpus, type HostileFrame } from "./hostile-corpus.ts";
import { type Command, type HostileResult, PATHS } from "./load-commands.ts";
import type { LoadPeer } from "./load-peer.ts";
import { Tally } from "./tally.ts";

type HostileCommand = Extract<Command, { readonly type: "hostile" }>;

const SENDERS = 8;
const HALF_OPEN = 100;
const SLOW_READERS = 20;
const SIGN_LIMIT_MS = 10_000;
/** A slow reader that has not been cut off waits with more until the server has taken what it sent. */
const SLOW_WAITING_BYTES = 64 * 1024;
const LAST_KEPT = 3;
/** The one that the corpus names; the peer that it names is the first sender. */
const CONTENT = parseContentId("c0".repeat(32));

/** Sends the corpus, beside connections that never finish a sentence and others that never read. */
export async function sendHostile(command: HostileCommand): Promise<HostileResult> {
  const { protocol, port, count, seed, batch, from } = command;
  const corpus = new HostileCorpus(protocol, seed);
  const halfOpen = Array.from({ length: HALF_OPEN }, (_, no) => halfConnection(port, PATHS[protocol], no));
  const slow = new SlowReaders(command);
  const senders = Array.from({ length: SENDERS }, (_, no) => new Sender(command, no));
  let sent = 0;
  let isAlive = true;
  let last: readonly HostileFrame[] = [];
  while (sent < count && isAlive) {
    const frames = Array.from({ length: Math.min(batch, count - sent) }, (_, at) =>
      corpus.at(from + sent + at),
    );
    const sender = senders[Math.floor(sent / batch) % SENDERS];
    isAlive = (await sender?.send(frames)) ?? false;
    await slow.speak();
    sent += frames.length;
    last = frames.slice(-LAST_KEPT);
  }
  const closed = senders.reduce((total, sender) => total + sender.closed, 0);
  for (const socket of halfOpen) socket.destroy();
  for (const sender of senders) sender.end();
  slow.end();
  return { sent, isAlive, closed, last: last.map(({ text }) => text.slice(0, 300)) };
}

/** One connection that says what is hostile; a new one, when the server has closed it. */
class Sender {
  readonly #command: HostileCommand;
  readonly #no: number;
  #socket: FrameSocket | undefined;
  #onSign: (() => void) | undefined;
  closed = 0;

  constructor(command: HostileCommand, no: number) {
    this.#command = command;
    this.#no = no;
  }

  /** Resolves to false when the server is gone. */
  async send(frames: readonly HostileFrame[]): Promise<boolean> {
    for (const { frame } of frames) {
      if (!(await this.#ready())) return false;
      this.#socket?.write(frame);
    }
    await this.#sign();
    return await this.#ready();
  }

  end(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  /** Waits for the answer to a ping, or for the end of the connection. */
  async #sign(): Promise<void> {
    if (!this.#socket?.isOpen) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, SIGN_LIMIT_MS);
      this.#onSign = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#socket?.write(clientFrame(Buffer.alloc(0), PING));
    });
  }

  async #ready(): Promise<boolean> {
    if (this.#socket?.isOpen) return true;
    const { port, protocol } = this.#command;
    const destination = { port, path: PATHS[protocol], from: loopbackAddress(1000 + this.#no) };
    const socket = new FrameSocket(destination, {
      frame: (_bytes, _start, _end, opcode) => {
        if (opcode === PONG) this.#onSign?.();
      },
      closed: () => {
        this.closed += 1;
        this.#onSign?.();
      },
    });
    this.#socket = socket;
    return await socket.opened().then(
      () => {
        // Who has a name and is in the corpus's swarm is heard further than who has none.
        if (protocol === "rivulet") for (const frame of greeting(this.#no)) socket.write(frame);
        return true;
      },
      () => false,
    );
  }
}

/** Peers of one swarm that never read, and speak on: what the server has for them piles up. */
class SlowReaders {
  readonly #peers: LoadPeer[];
  #turn = 0;

  constructor({ protocol, port }: HostileCommand) {
    const crowd = { protocol, port, swarmSize: SLOW_READERS, perAddress: 1, first: 0 };
    this.#peers = Array.from({ length: SLOW_READERS }, (_, no) => crowdPeer(crowd, no, new Tally()));
  }

  /** One of them says something large. */
  async speak(): Promise<void> {
    const peer = this.#peers[this.#turn++ % SLOW_READERS];
    if (!peer) return;
    if (!peer.isOpen) {
      // The server may be gone, which the senders find out.
      await peer
        .open()
        .then(() => peer.join())
        .then(
          () => peer.pause(),
          () => undefined,
        );
    }
    if (peer.isOpen && peer.waiting < SLOW_WAITING_BYTES) peer.write(peer.floodFrame());
  }

  end(): void {
    for (const peer of this.#peers) peer.leave();
  }
}

function greeting(no: number): Buffer[] {
  const hello = { type: "hello", version: SIGNAL_VERSION, ...identity(no) } as const;
  const announce = { type: "announce", content: CONTENT, want: 2, complete: false } as const;
  return [textFrame(encodeClientMessage(hello)), textFrame(encodeClientMessage(announce))];
}

/** Half a request, or a WebSocket with half a frame. */
function halfConnection(port: number, path: string, no: number): Socket {
  const socket = connect({ port, host: "127.0.0.1", localAddress: loopbackAddress(2000 + no) });
  socket.on("error", () => undefined);
  socket.once("connect", () => {
    const request = upgradeRequest(path, port);
    if (no % 2 === 0) socket.write(request.slice(0, request.length / 2));
    // A frame of 32 kB of which ten bytes come.
    else
      socket.write(
        Buffer.concat([Buffer.from(request), Buffer.from([0x81, 0xfe, 0x7f, 0xff]), Buffer.alloc(10)]),
      );
  });
  socket.resume();
  return socket;
}
