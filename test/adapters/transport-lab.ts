import { SimplePeerTransport } from "#sdk/adapters/simple-peer-transport.ts";
import { parsePeerId } from "#sdk/base/ids.ts";
import type { Connection } from "#sdk/engine/ports.ts";
import { CONTRACT_LIMITS, type Frames, type LinkEvent } from "#test/contract/transport-ends.ts";

/*
 * Runs in the page: holds links by name and does what the contract's driver in Node asks. Channels and connections are
 * caught as the browser makes them, so that a link can be watched and misused without the adapter's help.
 */

type Link = ReturnType<SimplePeerTransport["connect"]>;

interface Held {
  readonly link: Link;
  readonly connection: RTCPeerConnection;
  readonly channel: RTCDataChannel | undefined;
  readonly events: LinkEvent[];
}

declare global {
  var relaySignal: (name: string, signal: object) => Promise<void>;
  var lab: typeof theLab;
}

const held = new Map<string, Held>();
const unhandled: string[] = [];
const caught: { connection?: RTCPeerConnection; channel?: RTCDataChannel } = {};
let maxBufferedBytes = 0;
let wake = (): void => {};

addEventListener("error", (event) => unhandled.push(event.message));
addEventListener("unhandledrejection", (event) => unhandled.push(String(event.reason)));

globalThis.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    caught.connection = this;
  }
  override createDataChannel(label: string, options?: RTCDataChannelInit): RTCDataChannel {
    caught.channel = super.createDataChannel(label, options);
    return caught.channel;
  }
};

const { send } = RTCDataChannel.prototype;
RTCDataChannel.prototype.send = function (this: RTCDataChannel, data: ArrayBufferView<ArrayBuffer>) {
  send.call(this, data);
  maxBufferedBytes = Math.max(maxBufferedBytes, this.bufferedAmount);
} as typeof send;

/** The bytes are the sender's again when `send` returns; this one makes use of it. */
function sendOnce(link: Connection, frame: Uint8Array): boolean {
  const free = link.send(frame);
  frame.fill(0xee);
  return free;
}

function makeFrame(number: number, bytes: number): Uint8Array {
  // In the middle of a bigger buffer: only the view may be sent.
  const frame = new Uint8Array(bytes + 32).subarray(16, 16 + bytes);
  for (let i = 4; i < bytes; i++) frame[i] = number * 31 + i;
  new DataView(frame.buffer, frame.byteOffset).setUint32(0, number);
  return frame;
}

function inspect(frame: Uint8Array): LinkEvent {
  const number = new DataView(frame.buffer, frame.byteOffset, frame.byteLength).getUint32(0);
  const intact = makeFrame(number, frame.byteLength).every((byte, i) => byte === frame[i]);
  return { type: "frame", number, bytes: frame.byteLength, intact };
}

function holdOf(name: string): Held {
  const found = held.get(name);
  if (!found) throw new Error(`There is no link named ${name}.`);
  return found;
}

async function until(name: string, type: LinkEvent["type"], nth: number): Promise<readonly LinkEvent[]> {
  for (;;) {
    const { events } = holdOf(name);
    if (events.filter((event) => event.type === type).length >= nth) return events;
    const before = wake;
    await new Promise<void>((resolve) => {
      wake = () => {
        before();
        resolve();
      };
    });
  }
}

const theLab = {
  until,

  connect(name: string, initiator: boolean, connectTimeoutMs = 20_000): void {
    const transport = new SimplePeerTransport({
      iceServers: () => [],
      iceTransportPolicy: "all",
      connectTimeoutMs,
      ...CONTRACT_LIMITS,
    });
    const events: LinkEvent[] = [];
    const note = (event: LinkEvent): void => {
      events.push(event);
      const waiting = wake;
      wake = () => {};
      waiting();
    };
    const link = transport.connect({
      peer: parsePeerId("0".repeat(32)),
      initiator,
      events: {
        onOpen: () => note({ type: "open" }),
        onFrame: (_, frame) => note(inspect(frame)),
        onWritable: () => note({ type: "writable", bufferedBytes: channel?.bufferedAmount ?? 0 }),
        onClose: (_, error) => note({ type: "close", code: error?.code ?? null }),
        onSignal: (_, signal) => void relaySignal(name, signal),
      },
    });
    const { connection, channel } = caught;
    if (!connection) throw new Error("The transport made no connection.");
    held.set(name, { link, connection, channel, events });
    delete caught.channel;
  },

  signal: (name: string, signal: object): void => holdOf(name).link.signal(signal),

  send(name: string, { first, count, bytes }: Frames): boolean[] {
    const { link } = holdOf(name);
    return Array.from({ length: count }, (_, i) => sendOnce(link, makeFrame(first + i, bytes)));
  },

  async pump(name: string, { first, count, bytes }: Frames): Promise<number> {
    const { link, events } = holdOf(name);
    let waits = events.filter((event) => event.type === "writable").length;
    const before = waits;
    for (let number = first; number < first + count; number++) {
      if (!sendOnce(link, makeFrame(number, bytes))) await until(name, "writable", ++waits);
    }
    return waits - before;
  },

  sendRaw(name: string, raw: { readonly text: string } | { readonly zeroes: number }): void {
    const { channel } = holdOf(name);
    if ("text" in raw) channel?.send(raw.text);
    else channel?.send(new Uint8Array(raw.zeroes));
  },

  openAnotherChannel: (name: string): void => void holdOf(name).connection.createDataChannel("another"),
  close: (name: string): void => holdOf(name).link.close(),
  events: (name: string): readonly LinkEvent[] => holdOf(name).events,
  maxBufferedBytes: (): number => maxBufferedBytes,

  /** Closes what is open, keeps the links and lets go of the rest; how many peer connections are still in memory. */
  async connectionsInMemory(): Promise<number> {
    const connections = [...held.values()].map(({ connection }) => new WeakRef(connection));
    const links = [...held.values()].map(({ link }) => link);
    for (const link of links) link.close();
    held.clear();
    delete caught.connection;
    for (let i = 0; i < 50 && connections.some((reference) => reference.deref()); i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      // There with --js-flags=--expose-gc.
      globalThis.gc?.();
    }
    return links.length - connections.filter((reference) => !reference.deref()).length;
  },

  unhandled: (): readonly string[] => unhandled,
};

globalThis.lab = theLab;
